import { type Clock, toMicroseconds } from '@arclight/core'
import { addFlag, encodeProbe, MediaFlag } from '@arclight/core/codec'
import { LIMITS } from '@arclight/core/protocol'
import { isGateOpen, KeptMedia, ProbeTracker } from '@arclight/core/state'
import type { Socket } from '../socket.ts'
import { DurableQueue } from './durable-queue.ts'
import type { EntryBlock } from './entry-block.ts'
import type { Turn, TurnMember } from './turn.ts'
import { binaryFrame, frameHeaderBytes, textFrame } from './websocket-frame.ts'

/** Past this the kernel and Node hold enough: state and log entries wait here, where they can be replaced or dropped. */
const WRITE_AHEAD_BYTES = 65_536
/** Past this a connection that takes no replies is beyond help. */
const MOST_BUFFERED_BYTES = 4 * 1_048_576
/** A log entry's slice between two media frames. */
const VOICE_SLICE_BYTES = 16_384
/** Several small buffers joined cost less than several writes. */
const JOIN_BYTES = 16_384

/** A WebSocket frame that holds one media frame. */
export interface OutgoingMedia {
  /** Shared with other listeners: never written to. */
  readonly bytes: Uint8Array
  readonly track: number
}

/**
 * Everything on its way to one connection, in four classes that leave in this order in each write: control, state,
 * durable, media. See PROTOCOL.md, "Delivery".
 */
export class Outgoing implements TurnMember {
  readonly probes = new ProbeTracker()
  readonly #socket: Socket
  readonly #turn: Turn
  readonly #clock: Clock
  readonly #tooSlow: () => void
  /** Answers to probes first: {@link #echoes} of them. */
  #control: Buffer[] = []
  #echoes = 0
  readonly #state = new Map<string, () => string>()
  readonly #durable = new DurableQueue()
  #media: Uint8Array[] = []
  readonly #kept = new KeptMedia<Uint8Array>()
  #inVoice = false
  #closed = false

  /** `tooSlow` is called when not even control messages are taken. */
  constructor(parts: { socket: Socket; turn: Turn; clock: Clock; tooSlow: () => void }) {
    this.#socket = parts.socket
    this.#turn = parts.turn
    this.#clock = parts.clock
    this.#tooSlow = parts.tooSlow
  }

  /** Media frames that were dropped because this connection's path was full. */
  get mediaDropped(): number {
    return this.#kept.dropped
  }

  get closed(): boolean {
    return this.#closed
  }

  /** In voice, log entries leave in slices, so that no media frame waits for a page of chat. */
  setVoice(inVoice: boolean): void {
    this.#inVoice = inVoice
  }

  /** A reply or a session event: never dropped. */
  control(message: object): void {
    this.controlFrame(textFrame(JSON.stringify(message)))
  }

  /** As `control`, in a frame that is shared with others. */
  controlFrame(frame: Buffer): void {
    this.#control.push(frame)
    this.#add()
  }

  /** The newest of its key replaces the older; `message` is made when it leaves. */
  state(key: string, message: () => object): void {
    this.#state.delete(key)
    this.#state.set(key, () => JSON.stringify(message()))
    this.#add()
  }

  /** What waits under the key is no longer so. */
  forgetState(key: string): void {
    this.#state.delete(key)
  }

  /** Entries of a channel's log, shared by all who hear of them. */
  durable(channel: string, block: EntryBlock): void {
    this.#durable.push(channel, block)
    this.#add()
  }

  /** The connection no longer listens to the channel. */
  forgetChannel(channel: string): void {
    this.#state.delete(`typing:${channel}`)
    this.#durable.forget(channel)
  }

  /** Answers a probe before anything that waits. */
  answerProbe(seq: number): void {
    const answer = encodeProbe({ seq, timestamp: toMicroseconds(this.#clock.now()), echo: true })
    this.#control.splice(this.#echoes++, 0, binaryFrame(answer))
    this.#add()
  }

  /** Asks for the round trip. */
  probe(): void {
    this.#control.push(this.#probeFrame(this.#clock.now()))
    this.#add()
  }

  /** Our probe was answered. */
  probeAnswered(seq: number): void {
    this.probes.answered(seq, this.#clock.now())
    if (this.#kept.size > 0) this.#add()
  }

  /**
   * Whether a room's joined frames may go out as they are: the gate is open, nothing is kept, nothing needs a mark.
   */
  takesJoinedMedia(now: number): boolean {
    return this.#kept.size === 0 && !this.#kept.broken && isGateOpen(this.probes, now)
  }

  /** Frames joined for all who hear the same; only after `takesJoinedMedia`. */
  joinedMedia(bytes: Uint8Array): void {
    this.#media.push(bytes)
    this.#add()
  }

  /** One frame, past the gate. */
  media({ bytes, track }: OutgoingMedia): void {
    const now = this.#clock.now()
    if (!isGateOpen(this.probes, now)) return this.#kept.keep(bytes, track, now)
    this.#releaseKept(now)
    this.#media.push(marked(this.#kept.pass(bytes, track)))
    this.#add()
  }

  /** The track is over: what the gate kept of it is dropped. */
  endTrack(track: number): void {
    this.#kept.end(track)
  }

  /** A control message that belongs behind the media of this turn. */
  afterMedia(message: object): void {
    this.#media.push(textFrame(JSON.stringify(message)))
    this.#add()
  }

  flushTurn(): void {
    this.flush()
    if (!this.#closed && this.#socket.bufferedBytes > MOST_BUFFERED_BYTES) this.#tooSlow()
  }

  /** Hands over what waits, as far as there is room. */
  flush(): void {
    if (this.#closed) return
    const now = this.#clock.now()
    if (this.#kept.size > 0 && isGateOpen(this.probes, now)) this.#releaseKept(now)
    const chunks: Uint8Array[] = this.#control
    this.#control = []
    this.#echoes = 0
    if (this.#socket.bufferedBytes < WRITE_AHEAD_BYTES) this.#takeRoomy(chunks)
    if (this.#media.length > 0) {
      if (this.probes.isDue(now, LIMITS.probeMediaMs)) chunks.push(this.#probeFrame(now))
      chunks.push(...this.#media)
      this.#media = []
    }
    this.#write(chunks)
  }

  /** The network has taken everything: what waited may go. */
  drained(): void {
    if (this.#state.size > 0 || this.#durable.size > 0) this.#add()
  }

  close(): void {
    this.#closed = true
  }

  #add(): void {
    if (!this.#closed) this.#turn.addConnection(this)
  }

  #takeRoomy(chunks: Uint8Array[]): void {
    for (const make of this.#state.values()) chunks.push(textFrame(make()))
    this.#state.clear()
    for (const [channel, seq] of this.#durable.takeLagging()) {
      chunks.push(textFrame(JSON.stringify({ type: 'channel.lagging', data: { channel, seq } })))
    }
    if (this.#durable.size === 0) return
    chunks.push(...this.#durable.take(this.#inVoice ? VOICE_SLICE_BYTES : WRITE_AHEAD_BYTES))
    if (this.#durable.size > 0) this.#add()
  }

  #releaseKept(now: number): void {
    for (const released of this.#kept.release(now)) this.#media.push(marked(released))
  }

  #write(chunks: Uint8Array[]): void {
    if (chunks.length === 1) return this.#socket.write(chunks[0] as Uint8Array)
    let bytes = 0
    for (const chunk of chunks) bytes += chunk.length
    if (bytes === 0) return
    if (bytes <= JOIN_BYTES) return this.#socket.write(Buffer.concat(chunks, bytes))
    this.#socket.writeMany(chunks)
  }

  #probeFrame(now: number): Buffer {
    const seq = this.probes.sent(now)
    return binaryFrame(encodeProbe({ seq, timestamp: toMicroseconds(now), echo: false }))
  }
}

/** The frame, or a copy that says that frames before it were dropped. */
function marked({ frame, discontinuity }: { frame: Uint8Array; discontinuity: boolean }): Uint8Array {
  if (!discontinuity) return frame
  // Buffer's own slice would share the memory, and with it every listener's frame.
  const copy = Uint8Array.from(frame)
  addFlag(copy, mediaOffset(copy), MediaFlag.discontinuity)
  return copy
}

/** Where the media frame starts in its WebSocket frame: its length field says how long the header is. */
function mediaOffset(frame: Uint8Array): number {
  const short = frame[1] as number
  return short <= 125 ? 2 : frameHeaderBytes(short === 126 ? 126 : 65_536)
}
