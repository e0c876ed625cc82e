import type { RecordingConsumer, RecordingSource, SourceTrack } from '../../contracts/recording-source.ts'
import { MediaError } from '../../errors/media-error.ts'
import { LIMITS } from '../../protocol/limits.ts'
import type { RecordingSummary, TrackAck } from '../../protocol/recording.ts'
import type { ReplyData, RequestData } from '../../protocol/requests.ts'
import type { Gap } from '../../state/frame-buffer.ts'
import { Condition } from '../condition.ts'
import type { Connection } from '../connection.ts'
import { Emitter, type Listenable, type Unsubscribe } from '../emitter.ts'
import type { ClientRuntime } from '../options.ts'
import type { RecordedFile } from './recorded-file.ts'
import { RecordingTrack } from './recording-track.ts'

/** What a recording tells. */
export interface RecordingEvents {
  /** How much of it is on the server's disk. */
  progress: { durationMs: number; bytes: number }
  /** It cannot go on; what is on disk is kept, and `stop()` gives it. */
  failed: Error
  /** The source is over: a file's end, or a device that is gone. The recording goes on until `stop()`. */
  'source-ended': { error: Error | undefined }
}

/** What a recording needs of the client. */
export interface RecordingParts {
  readonly connection: Connection
  readonly runtime: ClientRuntime
  readonly summary: RecordingSummary
  readonly source: RecordingSource
  readonly file: (summary: RecordingSummary) => RecordedFile
  readonly closed: () => void
}

type Resumed = NonNullable<ReplyData<'session.resume'>['recordings']>[string]
type Declaration = NonNullable<RequestData<'session.resume'>['recordings']>[number]

/** A recording under way: the source's frames, kept here until they are on the server's disk. */
export class Recording implements Listenable<RecordingEvents> {
  readonly id: string
  readonly #parts: RecordingParts
  readonly #emitter = new Emitter<RecordingEvents>()
  readonly #tracks = new Map<string, RecordingTrack>()
  readonly #attached = new Condition()
  #state: 'recording' | 'stopping' | 'ended' = 'recording'
  #sourceStopped: Promise<void> | undefined

  constructor(parts: RecordingParts) {
    this.id = parts.summary.id
    this.#parts = parts
  }

  /** Whether nothing more will be recorded. */
  get ended(): boolean {
    return this.#state === 'ended'
  }

  get title(): string {
    return this.#parts.summary.title
  }

  /** Of each track: frames taken from the source, on the server's disk, and lost because the server was away too long. */
  get stats(): Readonly<Record<string, { frames: number; stored: number; gaps: readonly Gap[] }>> {
    const rows = [...this.#tracks.values()].map(({ key, sent, stored, gaps }) => {
      return [key, { frames: sent, stored: stored + 1, gaps }] as const
    })
    return Object.fromEntries(rows)
  }

  on<Name extends keyof RecordingEvents>(name: Name, listener: (event: RecordingEvents[Name]) => void): Unsubscribe {
    return this.#emitter.on(name, listener)
  }

  /** Ends the recording and releases the source; resolves when the file can be played. */
  async stop(options: { signal?: AbortSignal } = {}): Promise<RecordedFile> {
    const { connection, source, file } = this.#parts
    if (this.#state === 'recording') {
      this.#state = 'stopping'
      this.#sourceStopped = source.stop()
    }
    // Whoever stops it a second time waits for the last frames too.
    await this.#sourceStopped
    await this.#delivered(options.signal)
    const { recording } = await connection.request(
      'recording.stop',
      { recording: this.id },
      { ...options, deadline: LIMITS.stopMs },
    )
    this.#end()
    return file(recording)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#state === 'ended' ? Promise.resolve() : this.stop().then(() => {})
  }

  /** Publishes the source's tracks and starts it. */
  async begin(tracks: readonly SourceTrack[]): Promise<void> {
    const { connection, runtime, source } = this.#parts
    for (const track of tracks) this.#tracks.set(track.key, new RecordingTrack(track, connection.media))
    for (const { key, format } of tracks) {
      const reply = await connection.request('track.publish', { key, format, to: { recording: this.id } })
      this.#tracks.get(key)?.attach(reply.track, 0)
    }
    const consumer: RecordingConsumer = {
      frame: (frame) => this.#tracks.get(frame.key)?.push(frame, runtime.clock.now()),
      ended: (error) => this.#emitter.emit('source-ended', { error }),
    }
    await source.start(consumer)
    if (this.ended) throw new MediaError('failed', 'the recording ended while it was being started')
  }

  /** For the resume. */
  declaration(): Declaration {
    const tracks = [...this.#tracks.values()].map(({ key, format }) => ({ key, format }))
    return { recording: this.id, tracks }
  }

  suspend(): void {
    for (const track of this.#tracks.values()) track.detach()
  }

  resumed(resumed: Resumed): void {
    if (resumed === 'gone') return this.fail('the server ended the recording while the connection was away')
    for (const [key, { track, next }] of Object.entries(resumed)) this.#tracks.get(key)?.attach(track, next)
    this.#attached.wake()
  }

  acked({ track: number, stored }: TrackAck): void {
    for (const track of this.#tracks.values()) if (track.number === number) track.acked(stored)
  }

  progressed(progress: { durationMs: number; bytes: number }): void {
    this.#emitter.emit('progress', progress)
  }

  fail(message: string): void {
    if (this.#state === 'ended') return
    this.#parts.source.stop().catch(() => {})
    this.#end()
    this.#emitter.emit('failed', new MediaError('failed', message))
  }

  /** Resolves when every frame that is here has been handed to a live connection. */
  async #delivered(signal: AbortSignal | undefined): Promise<void> {
    const { connection } = this.#parts
    const attached = (): boolean =>
      this.#state === 'ended' || [...this.#tracks.values()].every(({ number }) => number !== undefined)
    do {
      await this.#attached.wait(attached, signal)
      await connection.media.sentReliably(signal)
    } while (!attached() && this.#state !== 'ended')
  }

  #end(): void {
    this.#state = 'ended'
    this.#parts.closed()
    this.#attached.wake()
  }
}
