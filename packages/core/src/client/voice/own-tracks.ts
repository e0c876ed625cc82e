import type { AudioSource } from '../../contracts/audio-source.ts'
import type { AudioFormat } from '../../protocol/track.ts'
import type { Connection } from '../connection.ts'
import type { ClientRuntime } from '../options.ts'
import { LocalTrack } from './local-track.ts'

/** What a call's own tracks work with. */
export interface OwnTracksParts {
  readonly connection: Connection
  readonly runtime: Pick<ClientRuntime, 'audioCodec'>
  /** Where the call is; undefined once it is over. */
  readonly channel: () => string | undefined
  /** Whether nothing of the track is to leave. */
  readonly isMuted: (key: string) => boolean
  /** A frame of that level has left. */
  readonly heard: (level: number) => void
}

/** What this client sends into a call, by key. */
export class OwnTracks {
  readonly #parts: OwnTracksParts
  readonly #tracks = new Map<string, LocalTrack>()

  constructor(parts: OwnTracksParts) {
    this.#parts = parts
  }

  /** For the resume: what is to be published again. */
  declarations(): { key: string; format: AudioFormat }[] {
    return [...this.#tracks.values()].map(({ key, format }) => ({ key, format }))
  }

  /** The tracks have these numbers from here on, by key; whichever is not named sends nothing. */
  renumber(numbers: Readonly<Record<string, number>>): void {
    for (const track of this.#tracks.values()) track.number = numbers[track.key]
  }

  /** Who is muted has changed: what waits of those who are does not leave any more. */
  quieten(): void {
    for (const track of this.#tracks.values()) this.#quieten(track)
  }

  async publish(key: string, source: AudioSource, ended: (error?: Error) => void): Promise<LocalTrack> {
    const { connection, runtime, heard } = this.#parts
    const codec = await runtime.audioCodec()
    const send = (frame: Uint8Array, level: number): void => {
      heard(level)
      connection.media.send(frame)
    }
    const track = new LocalTrack({ key, source, codec, send, ended })
    track.number = await this.#declare(track)
    this.#quieten(track)
    const before = this.#tracks.get(key)
    this.#tracks.set(key, track)
    await before?.stop()
    try {
      await track.start()
    } catch (error) {
      await this.unpublish(track)
      throw error
    }
    return track
  }

  async unpublish(track: LocalTrack): Promise<void> {
    const { connection, channel } = this.#parts
    const { number } = track
    this.#tracks.delete(track.key)
    await track.stop()
    if (number === undefined || channel() === undefined || connection.state.name !== 'live') return
    await connection.request('track.unpublish', { track: number })
  }

  /** Releases every device and file. */
  async stop(): Promise<void> {
    const tracks = [...this.#tracks.values()]
    this.#tracks.clear()
    await Promise.all(tracks.map((track) => track.stop()))
  }

  /** Publishes a track; once more where the call was moved to another channel meanwhile. Resolves with its number. */
  async #declare(track: LocalTrack): Promise<number> {
    const { connection, channel: current } = this.#parts
    const channel = current()
    if (channel === undefined) throw new Error('the call is over')
    const { key, format } = track
    try {
      const reply = await connection.request('track.publish', { key, format, to: { channel } })
      if (current() === undefined) throw new Error('the call is over')
      return reply.track
    } catch (error) {
      const now = current()
      if (now === undefined || now === channel) throw error
      return this.#declare(track)
    }
  }

  #quieten(track: LocalTrack): void {
    const { connection, isMuted } = this.#parts
    const muted = isMuted(track.key)
    track.setMuted(muted)
    if (muted && track.number !== undefined) connection.media.forget(track.number)
  }
}
