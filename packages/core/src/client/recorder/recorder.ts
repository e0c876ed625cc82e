import type { RecordingSource } from '../../contracts/recording-source.ts'
import type { EventData } from '../../protocol/events.ts'
import type { RecordingSummary, TrackAck } from '../../protocol/recording.ts'
import type { ReplyData, RequestData } from '../../protocol/requests.ts'
import type { Connection } from '../connection.ts'
import type { ClientRuntime } from '../options.ts'
import { RecordedFile } from './recorded-file.ts'
import { Recording } from './recording.ts'

/** Records pictures and sound on the server, and lists what was recorded. */
export class Recorder {
  readonly #connection: Connection
  readonly #runtime: ClientRuntime
  /** Where links lead: the server's http address. */
  readonly #httpUrl: string
  readonly #recordings = new Map<string, Recording>()

  constructor(connection: Connection, runtime: ClientRuntime, httpUrl: string) {
    this.#connection = connection
    this.#runtime = runtime
    this.#httpUrl = httpUrl
  }

  /** The recordings under way. */
  get recordings(): readonly Recording[] {
    return [...this.#recordings.values()]
  }

  /** Starts recording a source, which is the recording's from here on; resolves when frames flow. */
  async start(options: { source: RecordingSource; title?: string }): Promise<Recording> {
    const { source, title } = options
    const tracks = await source.prepare()
    try {
      const { recording: summary } = await this.#connection.request(
        'recording.start',
        title === undefined ? {} : { title },
      )
      const recording: Recording = new Recording({
        connection: this.#connection,
        runtime: this.#runtime,
        summary,
        source,
        file: (finished) => this.#file(finished),
        closed: () => this.#recordings.delete(summary.id),
      })
      this.#recordings.set(summary.id, recording)
      try {
        await recording.begin(tracks)
        return recording
      } catch (error) {
        // Else each resume would declare it, and the server would keep it for good.
        this.#recordings.delete(summary.id)
        this.#connection.request('recording.stop', { recording: summary.id }).catch(() => {})
        throw error
      }
    } catch (error) {
      await source.stop().catch(() => {})
      throw error
    }
  }

  /** This user's recordings, newest first. */
  async list(options: { signal?: AbortSignal } = {}): Promise<RecordedFile[]> {
    const { recordings } = await this.#connection.request('recording.list', {}, options)
    return recordings.map((summary) => this.#file(summary))
  }

  declarations(): RequestData<'session.resume'>['recordings'] {
    const declared = [...this.#recordings.values()].map((recording) => recording.declaration())
    return declared.length > 0 ? declared : undefined
  }

  suspend(): void {
    for (const recording of this.#recordings.values()) recording.suspend()
  }

  resumed(resumed: ReplyData<'session.resume'>['recordings']): void {
    for (const [id, answer] of Object.entries(resumed ?? {})) this.#recordings.get(id)?.resumed(answer)
  }

  acked(ack: TrackAck): void {
    for (const recording of this.#recordings.values()) recording.acked(ack)
  }

  progressed({ recording, durationMs, bytes }: EventData<'recording.progress'>): void {
    this.#recordings.get(recording)?.progressed({ durationMs, bytes })
  }

  failed({ recording, message }: EventData<'recording.failed'>): void {
    this.#recordings.get(recording)?.fail(message)
  }

  /** The client is closing, or nobody is signed in any more. */
  abandon(why: string): void {
    for (const recording of [...this.#recordings.values()]) recording.fail(why)
  }

  #file(summary: RecordingSummary): RecordedFile {
    return new RecordedFile(summary, async (recording, disposition) => {
      const { path } = await this.#connection.request('recording.link', { recording, disposition })
      return this.#httpUrl + path
    })
  }
}
