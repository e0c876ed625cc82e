import type { Account, Clock } from '@arclight/core'
import type { Storage } from '@arclight/core/contracts'
import { LIMITS, type ReplyData } from '@arclight/core/protocol'
import type { RateLimiter } from '../limits/rate-limiter.ts'
import type { LiveSessions } from '../live-sessions.ts'
import { Refusal } from '../refusal.ts'
import { createCode, hashCode } from './code.ts'
import { nameKey } from './name-key.ts'
import { checkOwnPassword } from './own-password.ts'
import type { PasswordHasher } from './password-hasher.ts'
import { createId } from './token.ts'
import { Totp } from './totp.ts'

/** What second factors take. */
export interface SecondFactorParts {
  readonly storage: Pick<Storage, 'accounts' | 'secondFactors'>
  readonly clock: Clock
  readonly hasher: PasswordHasher
  readonly live: LiveSessions
  readonly rates: Pick<RateLimiter, 'admit'>
  /** What secrets are made of; undefined where the operator has given none that lasts. */
  readonly secretKey: string | undefined
}

/** 80 bits, which nobody guesses of a hash either. */
const RECOVERY_GROUPS = 4
const SIX_DIGITS = /^\d{6}$/

/** Codes beside the password: by time (RFC 6238), and ten for whoever has lost their device. Throws Refusal. */
export class SecondFactors {
  readonly #parts: SecondFactorParts

  constructor(parts: SecondFactorParts) {
    this.#parts = parts
  }

  /** Another secret, which does not count yet. */
  async begin(account: Account, password: string): Promise<ReplyData<'account.totp.begin'>> {
    const { storage } = this.#parts
    this.#demandKey()
    await checkOwnPassword(account.id, password, this.#parts)
    const salt = await createId()
    if (!(await storage.secondFactors.begin(account.id, salt))) throw counts()
    const totp = await this.#totp(account.id, salt)
    return { secret: totp.secret, uri: totp.uri(account.name) }
  }

  /** It counts from here on. */
  async confirm(account: Account, code: string): Promise<string[]> {
    const { storage, clock } = this.#parts
    const begun = await storage.secondFactors.get(account.id)
    if (begun?.counts) throw counts()
    if (!begun) throw new Refusal('conflict', 'there is nothing to confirm: ask account.totp.begin first')
    const { salt } = begun
    const step = (await this.#totp(account.id, salt)).stepOf(plain(code), clock.wall())
    if (step === undefined) throw wrong()
    const codes = recoveryCodes()
    const confirmed = { salt, step, codeHashes: await hashesOf(codes) }
    if (!(await storage.secondFactors.confirm(account.id, confirmed))) throw counts()
    this.#tell(account.id, true)
    return codes
  }

  /** The password alone is enough from here on. */
  async end(account: Account, data: { password: string; code: string }): Promise<void> {
    await this.demand(account, data)
    await this.#parts.storage.secondFactors.remove(account.id)
    this.#tell(account.id, false)
  }

  /** Ten recovery codes in the place of those before. */
  async renewCodes(account: Account, data: { password: string; code: string }): Promise<string[]> {
    await this.demand(account, data)
    const codes = recoveryCodes()
    await this.#parts.storage.secondFactors.setCodes(account.id, await hashesOf(codes))
    return codes
  }

  /** Whoever is signed in says once more who they are, by both; `conflict` where there is no second factor. */
  async demand(account: Account, { password, code }: { password: string; code: string }): Promise<void> {
    this.attempt(account.name)
    const stored = await checkOwnPassword(account.id, password, this.#parts)
    if (!stored.secondFactor) throw new Refusal('conflict', 'your account has no second factor')
    await this.check(stored, code)
  }

  /** Somebody tries to be that user: AUTH-14 counts it. */
  attempt(name: string): void {
    this.#parts.rates.admit(`name ${nameKey(name)}`, 'account')
  }

  /** Takes a code of an account that has a second factor; one of time, and a recovery code, is good once. */
  async check({ id, secondFactor }: Account, code: string | undefined): Promise<void> {
    if (!secondFactor) return
    if (code === undefined) {
      throw new Refusal(
        'second_factor',
        'this account has a second factor: send the six digits of your authenticator app, or a recovery code, too',
      )
    }
    const given = plain(code)
    if (!(await (SIX_DIGITS.test(given) ? this.#acceptDigits(id, given) : this.#redeem(id, code)))) throw wrong()
  }

  async #acceptDigits(user: string, code: string): Promise<boolean> {
    const { storage, clock } = this.#parts
    const factor = await storage.secondFactors.get(user)
    if (!factor?.counts) return false
    const step = (await this.#totp(user, factor.salt)).stepOf(code, clock.wall())
    return step !== undefined && (await storage.secondFactors.accept(user, step))
  }

  async #redeem(user: string, code: string): Promise<boolean> {
    return this.#parts.storage.secondFactors.redeem(user, await hashCode(code))
  }

  /** The user's own devices show it. */
  #tell(user: string, on: boolean): void {
    for (const connection of this.#parts.live.ofUser(user)) {
      const { secondFactor: _before, ...rest } = connection.identity.account
      const account: Account = on ? { ...rest, secondFactor: true } : rest
      connection.refreshed({ ...connection.identity, account })
      connection.outgoing.state('account', () => ({
        type: 'account.changed',
        data: { user: connection.identity.account },
      }))
    }
  }

  #totp(user: string, salt: string): Promise<Totp> {
    return Totp.of({ secretKey: this.#demandKey(), user, salt })
  }

  #demandKey(): string {
    const { secretKey } = this.#parts
    if (secretKey !== undefined) return secretKey
    throw new Refusal('unavailable', 'this server was given no secretKey, of which second factors are made')
  }
}

function counts(): Refusal {
  return new Refusal('conflict', 'your account has a second factor already: end it first')
}

function wrong(): Refusal {
  return new Refusal('second_factor', 'that code is wrong, used or too old')
}

/** As it was meant, however it was typed. */
function plain(code: string): string {
  return code.replaceAll(/\s/g, '')
}

function recoveryCodes(): string[] {
  return Array.from({ length: LIMITS.recoveryCodes }, () => createCode(RECOVERY_GROUPS))
}

function hashesOf(codes: readonly string[]): Promise<string[]> {
  return Promise.all(codes.map(hashCode))
}
