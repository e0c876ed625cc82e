import { HEADER_BYTES } from '../../src/codec/media-header.ts'
import type { RecordingConsumer, RecordingSource, SourceTrack } from '../../src/contracts/recording-source.ts'

const CAMERA: SourceTrack = { key: 'camera', format: { kind: 'video', codec: 'h264', width: 640, height: 480 } }

/** A camera that gives a picture when the test says so. */
export class FakeRecordingSource implements RecordingSource {
  #consumer: RecordingConsumer | undefined
  #pictures = 0
  stopped = 0

  async prepare(): Promise<readonly SourceTrack[]> {
    return [CAMERA]
  }

  async start(consumer: RecordingConsumer): Promise<void> {
    this.#consumer = consumer
  }

  async stop(): Promise<void> {
    this.stopped++
  }

  /** Gives the next pictures: one byte each, their number. */
  give(count: number): void {
    for (let left = count; left > 0; left--) {
      const number = this.#pictures++
      const bytes = new Uint8Array(HEADER_BYTES + 1).fill(number)
      this.#consumer?.frame({ key: 'camera', bytes, timestamp: number * 100_000, keyFrame: number % 10 === 0 })
    }
  }

  end(error?: Error): void {
    this.#consumer?.ended(error)
  }
}
