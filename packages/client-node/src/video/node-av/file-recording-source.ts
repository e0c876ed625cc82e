import { type Cancel, clockFrom, MediaError, type Milliseconds, toMicroseconds } from '@arclight/core'
import { AudioPipeline } from '@arclight/core/client'
import type { RecordingConsumer, RecordingSource, SourceTrack } from '@arclight/core/contracts'
import { readAudioFile } from '../../audio/node-av/file-reader.ts'
import { pacedFileSource } from '../../audio/node-av/file-source.ts'
import { opusCodec } from '../../audio/node-av/opus-codec.ts'
import { type FilePicture, H264FileReader } from './h264-file-reader.ts'

const PICTURES = 'camera'
const SOUND = 'microphone'
/** Bits a second: what a recording's sound is sent with. */
const BITRATE = 64_000
const clock = clockFrom(globalThis)

/** A file with H.264 pictures, with or without sound, as a source of recordings, at the pace at which it would play. */
export function fileRecordingSource(path: string): RecordingSource {
  let reader: H264FileReader | undefined
  let sound: AudioPipeline | undefined
  let cancel: Cancel = () => {}
  return {
    prepare: async () => {
      const opened = new H264FileReader(path)
      reader = opened
      const { width, height } = opened
      const tracks: SourceTrack[] = [{ key: PICTURES, format: { kind: 'video', codec: 'h264', width, height } }]
      if (hasSound(path)) tracks.push({ key: SOUND, format: opusCodec().format })
      return tracks
    },
    start: async (consumer) => {
      if (!reader) throw new Error('expected a prepared source')
      const start = clock.now()
      const ended = endings(hasSound(path) ? 2 : 1, consumer)
      if (hasSound(path)) sound = await startSound(path, { start, consumer, ended })
      cancel = pace(reader.pictures(), { start, consumer, ended, keep: (next) => (cancel = next) })
    },
    stop: async () => {
      cancel()
      reader?.close()
      reader = undefined
      await sound?.stop()
      sound = undefined
    },
  }
}

interface Playing {
  readonly start: Milliseconds
  readonly consumer: RecordingConsumer
  readonly ended: (error?: Error) => void
}

/** Tells the consumer once, when all of `tracks` are over or one is broken. */
function endings(tracks: number, consumer: RecordingConsumer): (error?: Error) => void {
  let left = tracks
  return (error) => {
    left = error ? 0 : left - 1
    if (left === 0) consumer.ended(error)
  }
}

async function startSound(path: string, { start, consumer, ended }: Playing): Promise<AudioPipeline> {
  const pipeline = new AudioPipeline({
    source: pacedFileSource(path, () => start),
    codec: opusCodec(),
    bitrate: BITRATE,
    output: ({ bytes, timestamp, level }) => consumer.frame({ key: SOUND, bytes, timestamp, level, keyFrame: true }),
    ended,
  })
  await pipeline.start()
  return pipeline
}

/** Hands each picture out when it is due. */
function pace(
  pictures: Generator<FilePicture>,
  { start, consumer, ended, keep }: Playing & { keep: (cancel: Cancel) => void },
): Cancel {
  let next = pictures.next()
  const step = (): void => {
    try {
      for (const now = clock.now(); !next.done && start + next.value.at <= now; next = pictures.next()) {
        const { bytes, at, keyFrame } = next.value
        consumer.frame({ key: PICTURES, bytes, timestamp: toMicroseconds(start + at), keyFrame })
      }
    } catch (error) {
      return ended(error as Error)
    }
    if (next.done) ended()
    else keep(clock.after(start + next.value.at - clock.now(), step))
  }
  return clock.after(0, step)
}

function hasSound(path: string): boolean {
  const sound = readAudioFile(path)
  try {
    return sound.next().done === false
  } catch (error) {
    if (error instanceof MediaError && error.reason === 'unsupported') return false
    throw error
  } finally {
    sound.return(undefined)
  }
}
