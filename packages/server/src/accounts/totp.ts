import { webcrypto } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'

/** RFC 4226 recommends 160 bits. */
const SECRET_BYTES = 20
/** What every authenticator app does, whatever else the address asks for: RFC 6238 with SHA-1. */
const SHAPE = { algorithm: 'SHA1', digits: 6, period: 30 } as const
/** A clock may be a step ahead or behind. */
const DRIFT_STEPS = 1
/** Whose codes they are, where an app lists them. */
const ISSUER = 'Arclight'

/** One user's codes by time. */
export class Totp {
  readonly #totp: TOTP

  private constructor(totp: TOTP) {
    this.#totp = totp
  }

  /** The secret is made of the server's key, so that no store and no copy of one has it. */
  static async of({ secretKey, user, salt }: { secretKey: string; user: string; salt: string }): Promise<Totp> {
    const algorithm = { name: 'HMAC', hash: 'SHA-256' }
    const key = await webcrypto.subtle.importKey('raw', Buffer.from(secretKey), algorithm, false, ['sign'])
    const bytes = await webcrypto.subtle.sign('HMAC', key, Buffer.from(`totp ${user} ${salt}`))
    return new Totp(
      new TOTP({ ...SHAPE, issuer: ISSUER, secret: new Secret({ buffer: bytes.slice(0, SECRET_BYTES) }) }),
    )
  }

  /** Base32. */
  get secret(): string {
    return this.#totp.secret.base32
  }

  /** What an authenticator app reads. */
  uri(name: string): string {
    return new TOTP({ ...SHAPE, issuer: ISSUER, secret: this.#totp.secret, label: name }).toString()
  }

  /** The time step that a code is of, at a wall time in milliseconds; undefined where it is of none that counts now. */
  stepOf(code: string, timestamp: number): number | undefined {
    const delta = this.#totp.validate({ token: code, timestamp, window: DRIFT_STEPS })
    return delta === null ? undefined : this.#totp.counter({ timestamp }) + delta
  }
}
