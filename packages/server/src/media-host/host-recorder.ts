import type { Microseconds } from '@arclight/core'
import { HEADER_BYTES, MediaFlag, MediaKind, readHeader } from '@arclight/core/codec'
import type { MuxerFile, MuxerModule } from '@arclight/core/contracts'
import type { HostReply, HostRequest } from './messages.ts'

/** How often what came is made durable. */
const SYNC_MS = 500

interface FedFrame {
  readonly seq: number
  readonly timestamp: Microseconds
}

type Kind = 'video' | 'audio'

/** One recording inside a media host: feeds the muxer in order and tells how far the file is on disk. */
export class HostRecorder {
  readonly #reply: (reply: HostReply) => void
  readonly #load: (module: string) => Promise<MuxerModule>
  /** One thing at a time, in the order in which it came. */
  #queue: Promise<void> = Promise.resolve()
  #file: MuxerFile | undefined
  #timer: NodeJS.Timeout | undefined
  #failed = false
  /** Fed and not yet on disk, oldest first. */
  readonly #fed: Record<Kind, FedFrame[]> = { video: [], audio: [] }
  readonly #stored: Record<Kind, number> = { video: -1, audio: -1 }
  #origin: Microseconds | undefined

  constructor(load: (module: string) => Promise<MuxerModule>, reply: (reply: HostReply) => void) {
    this.#load = load
    this.#reply = reply
  }

  request(request: HostRequest): void {
    if (request.type === 'open') this.#run(() => this.#open(request))
    if (request.type === 'close') this.#run(() => this.#close())
    if (request.type === 'repair') this.#run(() => this.#repair(request))
  }

  /** Takes a media frame; the bytes are copied where they must wait. */
  frame(bytes: Uint8Array): void {
    const frame = bytes.slice()
    this.#run(async () => this.#feed(frame))
  }

  #run(work: () => Promise<void>): void {
    this.#queue = this.#queue.then(async () => {
      if (!this.#failed) await work()
    })
    this.#queue = this.#queue.catch((error: unknown) => this.#fail(error))
  }

  async #open(request: Extract<HostRequest, { type: 'open' }>): Promise<void> {
    const muxer = await this.#load(request.module)
    const { file, tracks, resume } = request
    this.#origin = resume?.origin
    const origin = (time: Microseconds): void => {
      this.#origin = time
      this.#reply({ type: 'origin', origin: time })
    }
    this.#file = await muxer.open({ file, tracks, origin, ...(resume ? { resume } : {}) })
    this.#timer = setInterval(() => this.#run(() => this.#sync()), SYNC_MS)
  }

  #feed(frame: Uint8Array): void {
    const header = readHeader(frame)
    const kind: Kind = header.kind === MediaKind.video ? 'video' : 'audio'
    const keyFrame = (header.flags & MediaFlag.keyFrame) !== 0
    this.#file?.[kind]({ payload: frame.subarray(HEADER_BYTES), timestamp: header.timestamp, keyFrame })
    this.#fed[kind].push({ seq: header.seq, timestamp: header.timestamp })
  }

  async #sync(): Promise<void> {
    const stored = await this.#file?.sync()
    if (!stored) return
    this.#settle('video', stored.video)
    this.#settle('audio', stored.audio)
    const until = Math.max(stored.video ?? 0, stored.audio ?? 0)
    const durationMs = this.#origin === undefined ? 0 : Math.max(0, (until - this.#origin) / 1000)
    this.#reply({ type: 'stored', ...this.#stored, durationMs, bytes: stored.bytes })
  }

  #settle(kind: Kind, until: Microseconds | undefined): void {
    if (until === undefined) return
    const fed = this.#fed[kind]
    let count = 0
    while (count < fed.length && (fed[count] as FedFrame).timestamp <= until) count++
    const last = fed[count - 1]
    if (last) this.#stored[kind] = last.seq
    fed.splice(0, count)
  }

  async #close(): Promise<void> {
    clearInterval(this.#timer)
    const file = await this.#file?.close()
    for (const kind of ['video', 'audio'] as const) {
      const last = this.#fed[kind].at(-1)
      if (last) this.#stored[kind] = last.seq
    }
    const figures = { durationMs: file?.durationMs ?? 0, bytes: file?.bytes ?? 0 }
    this.#reply({ type: 'stored', ...this.#stored, ...figures })
    this.#reply({ type: 'closed', file })
  }

  async #repair({ module, file }: Extract<HostRequest, { type: 'repair' }>): Promise<void> {
    const muxer = await this.#load(module)
    this.#reply({ type: 'closed', file: await muxer.repair(file) })
  }

  async #fail(error: unknown): Promise<void> {
    if (this.#failed) return
    this.#failed = true
    clearInterval(this.#timer)
    // Its memory and its descriptor are released before anybody repairs the file.
    await this.#file?.close().catch(() => {})
    this.#reply({ type: 'failed', message: error instanceof Error ? error.message : String(error) })
  }
}
