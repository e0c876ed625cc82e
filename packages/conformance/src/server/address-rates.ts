import type { ErrorBody } from '@arclight/core'
import { RATES } from '@arclight/core/protocol'

/** What the server counts by the kit's address: LIMIT-3. */
const BY_ADDRESS = [
  'auth.login',
  'auth.register',
  'auth.guest',
  'auth.token',
  'auth.reset',
  'auth.jwt',
  'auth.code',
  'session.resume',
] as const
type ByAddress = (typeof BY_ADDRESS)[number]
/** More than a case needs of any. */
const ENOUGH = 6

/**
 * An authentication was refused since the address has made too many. It cannot be waited for on its connection, which a
 * server closes after 10 s (CONN-3): whoever needs it begins again when it is back.
 */
export class RateUsedUp extends Error {
  override readonly name = 'RateUsedUp'
  readonly type: string

  constructor(type: string, { retryAfterMs }: ErrorBody) {
    super(
      `the server's rate of ${type} is used up, the next is admitted in ${Math.ceil((retryAfterMs ?? 0) / 1_000)} s`,
    )
    this.type = type
  }
}

/** What is left of these rates, by the figures of PROTOCOL.md, by what the run has sent, and by what it was refused. */
export class AddressRates {
  readonly #known = new Map<string, { left: number; at: number }>()

  sent(type: string): void {
    if (isByAddress(type)) this.#set(type, Math.max(0, this.left(type) - 1))
  }

  refused(type: string, { retryAfterMs = 0 }: ErrorBody): void {
    if (isByAddress(type))
      this.#set(type, Math.min(this.left(type), 1 - (retryAfterMs * RATES[type].perSecond) / 1_000))
  }

  /** Somebody else has used it too. */
  usedUp(type: ByAddress): void {
    this.#set(type, 0)
  }

  left(type: ByAddress): number {
    const { burst, perSecond } = RATES[type]
    const { left, at } = this.#known.get(type) ?? { left: burst, at: 0 }
    return Math.min(burst, left + ((performance.now() - at) * perSecond) / 1_000)
  }

  /** Milliseconds until the next is admitted. */
  untilOne(type: string): number {
    return this.#until(type, 1)
  }

  /** Milliseconds until there are as many as any case needs. */
  untilEnough(type: string): number {
    return this.#until(type, ENOUGH)
  }

  #until(type: string, count: number): number {
    if (!isByAddress(type)) return 0
    return Math.max(0, ((count - this.left(type)) * 1_000) / RATES[type].perSecond)
  }

  #set(type: ByAddress, left: number): void {
    this.#known.set(type, { left, at: performance.now() })
  }
}

export function isByAddress(type: string): type is ByAddress {
  return (BY_ADDRESS as readonly string[]).includes(type)
}
