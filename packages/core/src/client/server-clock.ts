import type { SessionHello } from '../protocol/session.ts'
import type { Clock } from '../time/clock.ts'
import { ClockOffset } from '../time/clock-offset.ts'
import type { Microseconds, Milliseconds } from '../time/units.ts'

/** A server that says its time unasked may have said it any time ago: any round trip is better. */
const UNKNOWN_ROUND_TRIP: Milliseconds = 60_000

/** The server's clocks, as this client knows them: whatever the device's own wall clock says, and when it jumps. */
export class ServerClock {
  readonly #clock: Clock
  #offset = new ClockOffset()
  /** Wall minus session clock, both the server's. */
  #wallOrigin: Milliseconds | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** A new connection: its server may be another one. */
  greeted({ session, wall }: SessionHello['clock']): void {
    const peer = session / 1000
    this.#offset = new ClockOffset()
    this.#wallOrigin = wall - peer
    const now = this.#clock.now()
    this.#offset.push({ now: now + UNKNOWN_ROUND_TRIP / 2, roundTrip: UNKNOWN_ROUND_TRIP, peer })
  }

  /** An answered probe: the server's session clock said `timestamp` in a round trip that ends now. */
  measured(roundTrip: Milliseconds, timestamp: Microseconds): void {
    this.#offset.push({ now: this.#clock.now(), roundTrip, peer: timestamp / 1000 })
  }

  /** The server's wall clock, in milliseconds since 1970; the device's own before the first greeting. */
  wall(): Milliseconds {
    const offset = this.#offset.value
    if (offset === undefined || this.#wallOrigin === undefined) return this.#clock.wall()
    return this.#clock.now() + offset + this.#wallOrigin
  }
}
