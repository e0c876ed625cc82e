import { MediaError, toMicroseconds } from '@arclight/core'
import { AudioPipeline } from '@arclight/core/client'
import type { RecordingConsumer, RecordingSource, SourceTrack } from '@arclight/core/contracts'
import { sharedEngine } from '../audio/shared-engine.ts'
import { StreamSource } from '../audio/stream-source.ts'
import { webCodecsOpus } from '../audio/web-codecs-opus.ts'
import { H264Encoder, type VideoEncoding } from './h264-encoder.ts'
import { readPictures } from './picture-reader.ts'

/** How a stream is recorded. */
export interface RecordingOptions {
  /** Frames a second; 10 unless told. */
  readonly frameRate?: number | undefined
  /** Bits a second of the pictures; 1,000,000 unless told. */
  readonly videoBitrate?: number | undefined
  /** Bits a second of the sound; 64,000 unless told. */
  readonly audioBitrate?: number | undefined
}

const PICTURES = 'camera'
const SOUND = 'microphone'

type State =
  | { readonly name: 'idle' }
  | { readonly name: 'prepared'; readonly encoding: VideoEncoding | undefined; readonly sound: boolean }
  | { readonly name: 'running'; readonly release: readonly (() => void | Promise<void>)[] }

/**
 * Any MediaStream as a source of recordings, one after the other: H.264 and Opus, both stamped on the page's clock.
 * The stream stays whoever's it is.
 */
export class StreamRecordingSource implements RecordingSource {
  readonly #stream: MediaStream
  readonly #options: RecordingOptions
  #state: State = { name: 'idle' }

  constructor(stream: MediaStream, options: RecordingOptions = {}) {
    this.#stream = stream
    this.#options = options
  }

  async prepare(): Promise<readonly SourceTrack[]> {
    if (this.#state.name === 'running') throw new MediaError('in-use', 'this is being recorded already')
    const [picture] = this.#stream.getVideoTracks()
    const encoding = picture && this.#encodingOf(picture)
    const sound = this.#stream.getAudioTracks().length > 0
    this.#state = { name: 'prepared', encoding, sound }
    const tracks: SourceTrack[] = []
    if (encoding) {
      const { width, height } = encoding
      tracks.push({ key: PICTURES, format: { kind: 'video', codec: 'h264', width, height } })
    }
    if (sound) tracks.push({ key: SOUND, format: (await webCodecsOpus()).format })
    if (tracks.length === 0) throw new MediaError('not-found', 'there is neither picture nor sound to record')
    return tracks
  }

  async start(consumer: RecordingConsumer): Promise<void> {
    if (this.#state.name !== 'prepared') throw new Error('expected a prepared source')
    const { encoding, sound } = this.#state
    const over = new AbortController()
    const ended = (error?: Error): void => {
      if (over.signal.aborted) return
      over.abort()
      consumer.ended(error)
    }
    const once: RecordingConsumer = { frame: (frame) => consumer.frame(frame), ended }
    const release: (() => void | Promise<void>)[] = [() => over.abort()]
    this.#state = { name: 'running', release }
    if (encoding) await this.#keep(release, await this.#startPictures(encoding, once))
    if (sound) await this.#keep(release, await this.#startSound(once))
    for (const track of this.#stream.getTracks()) {
      // The stream may be recorded again, and each recording is told its own end.
      track.addEventListener('ended', () => ended(), { signal: over.signal })
    }
  }

  async stop(): Promise<void> {
    const before = this.#state
    this.#state = { name: 'idle' }
    if (before.name === 'running') await Promise.all(before.release.map((run) => run()))
  }

  /** It may have been stopped while this part of it was starting. */
  async #keep(release: (() => void | Promise<void>)[], run: () => void | Promise<void>): Promise<void> {
    if (this.#state.name === 'running' && this.#state.release === release) return void release.push(run)
    await run()
    throw new MediaError('failed', 'the source was stopped while it was starting')
  }

  /** The track's own size, even as H.264 wants it. */
  #encodingOf(track: MediaStreamTrack): VideoEncoding {
    const { width = 640, height = 480 } = track.getSettings()
    const { frameRate = 10, videoBitrate = 1_000_000 } = this.#options
    return { width: width - (width % 2), height: height - (height % 2), frameRate, bitrate: videoBitrate }
  }

  async #startPictures(encoding: VideoEncoding, consumer: RecordingConsumer): Promise<() => Promise<void>> {
    const [track] = this.#stream.getVideoTracks()
    if (!track) throw new MediaError('not-found', 'the camera is gone')
    const encoder = await H264Encoder.open(encoding, {
      output: (picture) => consumer.frame({ key: PICTURES, ...picture }),
      failed: (error) => consumer.ended(error),
    })
    const isDue = pacer(encoding.frameRate)
    const stopReading = readPictures(track, (picture) => {
      const now = performance.now()
      if (isDue(now)) encoder.encode(picture, toMicroseconds(now))
      else picture.close()
    })
    return async () => {
      stopReading()
      await encoder.close()
    }
  }

  async #startSound(consumer: RecordingConsumer): Promise<() => Promise<void>> {
    const pipeline = new AudioPipeline({
      source: new StreamSource(sharedEngine(), this.#stream),
      codec: await webCodecsOpus(),
      bitrate: this.#options.audioBitrate ?? 64_000,
      output: ({ bytes, timestamp, level }) => consumer.frame({ key: SOUND, bytes, timestamp, level, keyFrame: true }),
      ended: (error) => consumer.ended(error),
    })
    await pipeline.start()
    return () => pipeline.stop()
  }
}

/** Whether a picture is due, so that on average no more than `frameRate` a second are taken. */
function pacer(frameRate: number): (now: number) => boolean {
  const interval = 1000 / frameRate
  /** A camera's own unevenness must not cost every other picture. */
  const tolerance = interval / 4
  let due = Number.NEGATIVE_INFINITY
  return (now) => {
    if (now < due - tolerance) return false
    due = Math.max(due + interval, now - interval)
    return true
  }
}
