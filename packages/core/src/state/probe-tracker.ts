import type { Milliseconds } from '../time/units.ts'
import { WindowedMinimum } from '../time/windowed-minimum.ts'

/** A round trip counts towards the minimum for this long: a route may change for the worse. */
const MINIMUM_WINDOW: Milliseconds = 60_000

/** Probes that wait for their answer at a time; beyond it the oldest still decides, so no more are needed. */
const MOST_UNANSWERED = 64

/**
 * One direction's probes: which wait for an answer, the last and the least round trip. Times are those of the
 * caller's clock.
 */
export class ProbeTracker {
  #nextSeq = 0
  /** Probe seq to the time it was sent, oldest first. */
  readonly #unanswered = new Map<number, Milliseconds>()
  /** When the oldest unanswered probe was sent: asked for at every write. */
  #oldest: Milliseconds | undefined
  #lastSent: Milliseconds = Number.NEGATIVE_INFINITY
  #roundTrip: Milliseconds | undefined
  readonly #minimum = new WindowedMinimum(MINIMUM_WINDOW)

  /** The last measured round trip. */
  get roundTrip(): Milliseconds | undefined {
    return this.#roundTrip
  }

  /** The least round trip of the last one to two minutes; undefined before the first answer. */
  get minimumRoundTrip(): Milliseconds | undefined {
    return Number.isFinite(this.#minimum.value) ? this.#minimum.value : undefined
  }

  /** Whether the last probe was sent `interval` ago or longer. */
  isDue(now: Milliseconds, interval: Milliseconds): boolean {
    return now - this.#lastSent >= interval && this.#unanswered.size < MOST_UNANSWERED
  }

  /** How long ago the last probe was sent; infinite before the first. */
  sinceLast(now: Milliseconds): Milliseconds {
    return now - this.#lastSent
  }

  /** Notes that a probe leaves now; returns its seq. */
  sent(now: Milliseconds): number {
    const seq = this.#nextSeq
    this.#nextSeq = (seq + 1) % 2 ** 32
    this.#unanswered.set(seq, now)
    this.#oldest ??= now
    this.#lastSent = now
    return seq
  }

  /** Takes an answer; returns its round trip, or undefined where no such probe waits. TCP answers in order. */
  answered(seq: number, now: Milliseconds): Milliseconds | undefined {
    const sentAt = this.#unanswered.get(seq)
    if (sentAt === undefined) return undefined
    for (const earlier of this.#unanswered.keys()) {
      this.#unanswered.delete(earlier)
      if (earlier === seq) break
    }
    this.#oldest = this.#unanswered.values().next().value
    const roundTrip: Milliseconds = Math.max(0, now - sentAt)
    this.#roundTrip = roundTrip
    this.#minimum.push(roundTrip, now)
    return roundTrip
  }

  /** How long the oldest unanswered probe has waited; 0 where none does. */
  waiting(now: Milliseconds): Milliseconds {
    return this.#oldest === undefined ? 0 : now - this.#oldest
  }
}
