import { createHash } from 'node:crypto'
import type { Account, Clock, Milliseconds } from '@arclight/core'
import { Refusal } from '../refusal.ts'
import { createToken, hashToken } from './token.ts'

const GOOD_FOR_MS = 60_000
/** Each is of somebody who was at the provider's page. */
const MOST = 10_000

interface Waiting {
  readonly account: Account
  readonly challenge: string
  readonly expiresAt: Milliseconds
}

/**
 * Codes by which a page takes up what was signed in at a provider's: each good once, within a minute, and for whoever made the
 * challenge alone. That way nobody is signed in with a code that somebody else had slipped into their address.
 */
export class SignInCodes {
  readonly #clock: Clock
  /** By their hashes, oldest first. */
  readonly #waiting = new Map<string, Waiting>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** `challenge` is the SHA-256 of a verifier, base64url (RFC 7636, S256). */
  async give(account: Account, challenge: string): Promise<string> {
    const [code, now] = [await createToken(), this.#clock.now()]
    for (const [hash, { expiresAt }] of this.#waiting) {
      if (expiresAt > now && this.#waiting.size < MOST) break
      this.#waiting.delete(hash)
    }
    this.#waiting.set(await hashToken(code), { account, challenge, expiresAt: now + GOOD_FOR_MS })
    return code
  }

  /** Whose it is; the code is spent, whatever comes of it. Throws `invalid_credentials`. */
  async take(code: string, verifier: string): Promise<Account> {
    const hash = await hashToken(code)
    const found = this.#waiting.get(hash)
    this.#waiting.delete(hash)
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    if (!found || found.expiresAt <= this.#clock.now() || found.challenge !== challenge) {
      throw new Refusal('invalid_credentials', 'that code is wrong, used or older than a minute')
    }
    return found.account
  }
}
