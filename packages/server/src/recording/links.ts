import { webcrypto } from 'node:crypto'
import type { Clock } from '@arclight/core'
import { LIMITS } from '@arclight/core/protocol'

/** What a link says of itself; all of it is signed. */
export interface LinkClaims {
  readonly path: string
  readonly user: string
  readonly disposition: 'inline' | 'attachment'
}

/** Binds the derived key to its one use. */
const PURPOSE = 'arclight links v1'
const HASH = 'SHA-256'

/** Links that an element can load by itself: path, user, disposition and expiry under an HMAC. */
export class Links {
  readonly #clock: Clock
  readonly #key: Promise<webcrypto.CryptoKey>

  /** `secret` is the server's SECRET_KEY; the signing key is derived from it (HKDF, RFC 5869). */
  constructor(secret: string, clock: Clock) {
    this.#clock = clock
    this.#key = deriveKey(secret)
  }

  async sign(claims: LinkClaims): Promise<{ path: string; expiresAt: number }> {
    const expiresAt = this.#clock.wall() + LIMITS.linkMs
    const signature = await webcrypto.subtle.sign('HMAC', await this.#key, bytesOf(claims, expiresAt))
    const query = new URLSearchParams({
      user: claims.user,
      as: claims.disposition,
      until: String(expiresAt),
      sign: Buffer.from(signature).toString('base64url'),
    })
    return { path: `${claims.path}?${query}`, expiresAt }
  }

  /** What the link says, where its signature is ours and it has not expired. */
  async verify(path: string, query: URLSearchParams): Promise<LinkClaims | undefined> {
    const [user, disposition, until] = [query.get('user'), query.get('as'), Number(query.get('until'))]
    if (user === null || (disposition !== 'inline' && disposition !== 'attachment')) return undefined
    if (!(until > this.#clock.wall())) return undefined
    const claims = { path, user, disposition } as const
    const signature = Buffer.from(query.get('sign') ?? '', 'base64url')
    const genuine = await webcrypto.subtle.verify('HMAC', await this.#key, signature, bytesOf(claims, until))
    return genuine ? claims : undefined
  }
}

function bytesOf({ path, user, disposition }: LinkClaims, expiresAt: number): Buffer {
  return Buffer.from(JSON.stringify([path, user, disposition, expiresAt]))
}

async function deriveKey(secret: string): Promise<webcrypto.CryptoKey> {
  const material = await webcrypto.subtle.importKey('raw', Buffer.from(secret), 'HKDF', false, ['deriveKey'])
  const derivation = { name: 'HKDF', hash: HASH, salt: new Uint8Array(), info: Buffer.from(PURPOSE) }
  const algorithm = { name: 'HMAC', hash: HASH, length: 256 }
  return webcrypto.subtle.deriveKey(derivation, material, algorithm, false, ['sign', 'verify'])
}
