import { addFlag, MediaFlag, readTrack } from '../codec/media-header.ts'
import { encodeProbe } from '../codec/probe.ts'
import { LIMITS } from '../protocol/limits.ts'
import { KeptMedia, type Released } from '../state/kept-media.ts'
import { isGateOpen } from '../state/media-gate.ts'
import { ProbeTracker } from '../state/probe-tracker.ts'
import type { Cancel, Clock } from '../time/clock.ts'
import { type Microseconds, type Milliseconds, toMicroseconds } from '../time/units.ts'
import type { ServerClock } from './server-clock.ts'
import type { Transport } from './transport.ts'

/** How long a probe may take that was sent because the connection may be dead. */
const CHECK_MS: Milliseconds = 5_000
/** A timer may run a little before its time, by the clock that probes are measured with. */
const EARLY_MS: Milliseconds = 100

/** The binary half of a connection: probes both ways, and the gate before outgoing media. */
export class MediaLink {
  readonly #clock: Clock
  readonly #server: ServerClock
  readonly #dead: () => void
  #transport: Transport | undefined
  #probes = new ProbeTracker()
  #kept = new KeptMedia<Uint8Array>()
  readonly #reliable = new Set<Uint8Array>()
  readonly #emptied: (() => void)[] = []
  #droppedBefore = 0
  #sent = 0
  #heartbeatMs: Milliseconds = LIMITS.probeIdleMs
  #cancelHeartbeat: Cancel | undefined
  #cancelCheck: Cancel | undefined

  /** `dead` is called when two probes in a row got no answer, or one that checked. */
  constructor(clock: Clock, server: ServerClock, dead: () => void) {
    this.#clock = clock
    this.#server = server
    this.#dead = dead
  }

  /** Round trips in milliseconds, and frames that left or were dropped at the gate since the client was made. */
  get stats(): { roundTrip?: number; minimumRoundTrip?: number; sent: number; dropped: number } {
    const { roundTrip, minimumRoundTrip } = this.#probes
    return {
      ...(roundTrip === undefined ? {} : { roundTrip }),
      ...(minimumRoundTrip === undefined ? {} : { minimumRoundTrip }),
      sent: this.#sent,
      dropped: this.#droppedBefore + this.#kept.dropped,
    }
  }

  attach(transport: Transport): void {
    this.#transport = transport
    this.#probe(this.#clock.now())
    this.#beat()
  }

  detach(): void {
    this.#transport = undefined
    this.#cancelHeartbeat?.()
    this.#cancelCheck?.()
    this.#droppedBefore += this.#kept.dropped + this.#kept.size
    this.#probes = new ProbeTracker()
    this.#kept = new KeptMedia()
    this.#reliable.clear()
    for (const resolve of this.#emptied.splice(0)) resolve()
  }

  /** Probes come more often while in voice. */
  setVoice(inVoice: boolean): void {
    this.#heartbeatMs = inVoice ? LIMITS.probeVoiceMs : LIMITS.probeIdleMs
    if (this.#transport) this.#beat()
  }

  /** Sends a media frame, or keeps it for a while where the gate is shut. The bytes are the link's from here on. */
  send(frame: Uint8Array): void {
    if (!this.#transport) return
    const now = this.#clock.now()
    const track = readTrack(frame)
    if (!isGateOpen(this.#probes, now)) return this.#kept.keep(frame, track, now)
    this.#flushKept(now)
    if (this.#probes.isDue(now, LIMITS.probeMediaMs)) this.#probe(now)
    this.#write(this.#kept.pass(frame, track))
  }

  /**
   * Sends a frame that must not be lost: at a shut gate it waits its turn. Whoever sends it keeps it too, for another
   * connection, so a detach forgets what waits.
   */
  sendReliably(frame: Uint8Array): void {
    if (!this.#transport) return
    this.#reliable.add(frame)
    this.#flushReliable(this.#clock.now())
  }

  /** What its sender let go of does not leave any more. */
  withdraw(frame: Uint8Array): void {
    this.#reliable.delete(frame)
  }

  /** Resolves when nothing waits at the gate. */
  sentReliably(signal?: AbortSignal): Promise<void> {
    if (this.#reliable.size === 0) return Promise.resolve()
    return new Promise((resolve, reject) => {
      this.#emptied.push(resolve)
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
  }

  /** What waits at the gate of this track does not leave any more: it was muted. */
  forget(track: number): void {
    this.#kept.forget(track)
  }

  /** The network may have changed, or the machine slept: a probe that is not answered soon ends the connection. */
  check(): void {
    if (!this.#transport) return
    const now = this.#clock.now()
    this.#probe(now)
    this.#cancelCheck?.()
    this.#cancelCheck = this.#clock.after(CHECK_MS, () => {
      if (this.#probes.waiting(this.#clock.now()) >= CHECK_MS) this.#dead()
    })
  }

  /** The server answered our probe, and said its clock. */
  answered(seq: number, timestamp: Microseconds): void {
    const now = this.#clock.now()
    const roundTrip = this.#probes.answered(seq, now)
    if (roundTrip !== undefined) this.#server.measured(roundTrip, timestamp)
    if (this.#kept.size > 0 && isGateOpen(this.#probes, now)) this.#flushKept(now)
    this.#flushReliable(now)
  }

  /** The server asked; answers come before anything that waits. */
  answer(seq: number): void {
    this.#transport?.sendBinary(encodeProbe({ seq, timestamp: toMicroseconds(this.#clock.now()), echo: true }))
  }

  #flushReliable(now: Milliseconds): void {
    for (const frame of this.#reliable) {
      if (!isGateOpen(this.#probes, now)) break
      if (this.#probes.isDue(now, LIMITS.probeMediaMs)) this.#probe(now)
      this.#reliable.delete(frame)
      this.#write({ frame, discontinuity: false })
    }
    if (this.#reliable.size === 0) for (const resolve of this.#emptied.splice(0)) resolve()
  }

  #flushKept(now: Milliseconds): void {
    for (const released of this.#kept.release(now)) this.#write(released)
  }

  #write({ frame, discontinuity }: Released<Uint8Array>): void {
    if (discontinuity) addFlag(frame, 0, MediaFlag.discontinuity)
    this.#sent++
    this.#transport?.sendBinary(frame)
  }

  #probe(now: Milliseconds): void {
    const seq = this.#probes.sent(now)
    this.#transport?.sendBinary(encodeProbe({ seq, timestamp: toMicroseconds(now), echo: false }))
  }

  #beat(): void {
    this.#cancelHeartbeat?.()
    const wait = this.#heartbeatMs - this.#probes.sinceLast(this.#clock.now())
    const due = this.#clock.now() + wait
    this.#cancelHeartbeat = this.#clock.after(wait, () => {
      const now = this.#clock.now()
      if (this.#probes.waiting(now) >= 2 * this.#heartbeatMs - EARLY_MS) return this.#dead()
      // A timer that is this late was held up by a machine that slept.
      if (now - due >= this.#heartbeatMs) this.check()
      else this.#probe(now)
      this.#beat()
    })
  }
}
