import type { Cancel, Clock, Milliseconds } from '@arclight/core'
import { LIMITS, RATES, type Rate, type RateName, requests } from '@arclight/core/protocol'
import { Refusal } from '../refusal.ts'
import { MediaMeter } from './media-meter.ts'
import { TokenBucket } from './token-bucket.ts'

/** How often full buckets are looked for. */
const SWEEP_MS = 5_000

/** The rates of a server: `off`, or those that differ from {@link RATES}. */
export type RateLimits = 'off' | { readonly [Name in RateName]?: Rate | undefined }

/** Counts what each user, and each address, asks of each type. */
export class RateLimiter {
  readonly #clock: Clock
  readonly #rates: ReadonlyMap<string, Rate> | undefined
  readonly #default: Rate
  readonly #most: number
  /** Those used least recently first. */
  readonly #buckets = new Map<string, TokenBucket>()
  #cancelSweep: Cancel | undefined

  /** `most` buckets are kept at a time. Throws RangeError for a rate that lets nothing pass. */
  constructor(clock: Clock, limits: RateLimits = {}, most: number = LIMITS.rateBuckets) {
    this.#clock = clock
    this.#most = most
    this.#rates = limits === 'off' ? undefined : new Map(Object.entries({ ...RATES, ...defined(limits) }))
    this.#default = this.#rates?.get('*') ?? RATES['*']
    for (const rate of this.#rates?.values() ?? []) new TokenBucket(rate)
  }

  get size(): number {
    return this.#buckets.size
  }

  /** `who` asks for a request, an HTTP route, anything: returns 0, or the milliseconds after which it may. */
  take(who: string, type: string): Milliseconds {
    if (!this.#rates) return 0
    const name = Object.hasOwn(requests, type) || this.#rates.has(type) ? type : '*'
    const key = `${who} ${name}`
    const bucket = this.#buckets.get(key) ?? new TokenBucket(this.#rates.get(name) ?? this.#default)
    // Last in the map is used most recently.
    this.#buckets.delete(key)
    this.#buckets.set(key, bucket)
    if (this.#buckets.size > this.#most) this.#forgetOldest()
    this.#cancelSweep ??= this.#clock.after(SWEEP_MS, () => this.#sweep())
    return bucket.take(this.#clock.now())
  }

  /** A new meter for a track or a connection; undefined where nothing is limited. */
  meter(of: 'track' | 'connection'): MediaMeter | undefined {
    if (!this.#rates) return undefined
    const rate = (what: 'frames' | 'bytes'): Rate =>
      this.#rates?.get(`media.${of}.${what}`) ?? RATES[`media.${of}.${what}`]
    return new MediaMeter({ frames: rate('frames'), bytes: rate('bytes') })
  }

  /** As `take`; throws `rate_limited` with the time to wait. */
  admit(who: string, type: string): void {
    const retryAfterMs = this.take(who, type)
    if (retryAfterMs > 0) throw new Refusal('rate_limited', 'that is too often; wait a little', { retryAfterMs })
  }

  close(): void {
    this.#cancelSweep?.()
  }

  #forgetOldest(): void {
    for (const key of this.#buckets.keys()) return void this.#buckets.delete(key)
  }

  #sweep(): void {
    const now = this.#clock.now()
    for (const [key, bucket] of this.#buckets) if (bucket.isFull(now)) this.#buckets.delete(key)
    this.#cancelSweep = this.#buckets.size > 0 ? this.#clock.after(SWEEP_MS, () => this.#sweep()) : undefined
  }
}

function defined(limits: Exclude<RateLimits, 'off'>): Record<string, Rate> {
  return Object.fromEntries(Object.entries(limits).filter((entry): entry is [string, Rate] => entry[1] !== undefined))
}
