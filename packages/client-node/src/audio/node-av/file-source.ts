import { type Cancel, clockFrom, type Milliseconds } from '@arclight/core'
import type { AudioConsumer, AudioSource } from '@arclight/core/contracts'
import { Framer } from '@arclight/core/media'
import { readAudioFile } from './file-reader.ts'
import { FRAME_SAMPLES, SAMPLE_RATE } from './opus-encoder.ts'

const clock = clockFrom(globalThis)
const FRAME_MS = (FRAME_SAMPLES / SAMPLE_RATE) * 1000

/** A file as a source, at the pace at which it would be heard. */
export function fileSource(path: string): AudioSource {
  return pacedFileSource(path, () => clock.now())
}

/** The same, its first sample due at `startAt()` on the client's clock: for sound that goes with a picture. */
export function pacedFileSource(path: string, startAt: () => Milliseconds): AudioSource {
  let cancel: Cancel = () => {}
  let frames: Generator<Float32Array> | undefined
  const close = async (): Promise<void> => {
    cancel()
    frames?.return(undefined)
    frames = undefined
  }
  return {
    open: async (consumer) => {
      const opened = framesOf(path)
      frames = opened
      const first = opened.next()
      pace(opened, first, consumer, startAt())
    },
    close,
  }

  function pace(
    source: Generator<Float32Array>,
    first: IteratorResult<Float32Array>,
    consumer: AudioConsumer,
    start: number,
  ): void {
    let next = first
    let sent = 0
    const step = (): void => {
      try {
        for (const due = clock.now(); !next.done && start + sent * FRAME_MS <= due; next = source.next()) {
          consumer.samples(next.value, start + sent * FRAME_MS)
          sent++
        }
      } catch (error) {
        return consumer.ended(error as Error)
      }
      if (next.done) return consumer.ended()
      cancel = clock.after(start + sent * FRAME_MS - clock.now(), step)
    }
    cancel = clock.after(0, step)
  }
}

/** The file in frames of 20 ms, the last filled up with silence. */
function* framesOf(path: string): Generator<Float32Array> {
  const framer = new Framer(FRAME_SAMPLES)
  const ready: Float32Array[] = []
  const take = (frame: Float32Array): void => void ready.push(frame.slice())
  for (const chunk of readAudioFile(path)) {
    framer.push(chunk, take)
    yield* ready.splice(0)
  }
  framer.flush(take)
  yield* ready
}
