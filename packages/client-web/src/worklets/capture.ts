import { CAPTURE, type CaptureMessage } from './messages.ts'

/** 10 ms at 48 kHz: half a frame, so that a frame never waits for more than half of the next. */
const CHUNK = 480

/** Passes what a microphone gives to the page, mixed to mono. */
class CaptureProcessor extends AudioWorkletProcessor {
  #chunk = new Float32Array(CHUNK)
  #filled = 0

  override process([input = []]: Float32Array[][]): boolean {
    const [first] = input
    if (!first) return true
    for (let index = 0; index < first.length; index++) {
      let sum = 0
      for (const channel of input) sum += channel[index] as number
      this.#chunk[this.#filled++] = sum / input.length
      if (this.#filled === CHUNK) this.#post(currentFrame + index + 1 - CHUNK)
    }
    return true
  }

  #post(frame: number): void {
    const message: CaptureMessage = { samples: this.#chunk, frame }
    this.port.postMessage(message, [this.#chunk.buffer as ArrayBuffer])
    this.#chunk = new Float32Array(CHUNK)
    this.#filled = 0
  }
}

registerProcessor(CAPTURE, CaptureProcessor)
