import type { Milliseconds } from './units.ts'

/** As many samples as NTP's clock filter holds (RFC 5905, section 10). */
const SAMPLES = 8

/**
 * How far a peer's clock is ahead of ours, from round trips: a peer that says its time half-way through a round trip is
 * off by at most half of it, so the shortest of the last few trips decides (RFC 5905's clock filter).
 */
export class ClockOffset {
  readonly #samples: { offset: Milliseconds; roundTrip: Milliseconds }[] = []

  /** Peer minus own; undefined before the first sample. Wrong by at most half the best round trip. */
  get value(): Milliseconds | undefined {
    let best = this.#samples[0]
    for (const sample of this.#samples) if (best && sample.roundTrip < best.roundTrip) best = sample
    return best?.offset
  }

  /** A round trip that ended at `now`, in which the peer's clock said `peer`. */
  push({ now, roundTrip, peer }: { now: Milliseconds; roundTrip: Milliseconds; peer: Milliseconds }): void {
    if (this.#samples.length === SAMPLES) this.#samples.shift()
    this.#samples.push({ offset: peer - (now - roundTrip / 2), roundTrip })
  }
}
