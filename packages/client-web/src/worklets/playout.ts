import { PlayoutBuffer } from '@arclight/core/media'
import { PLAYOUT, type PlayoutMessage, type PlayoutProcessorOptions } from './messages.ts'

/** Plays one speaker from a buffer that smooths what the network delivers unevenly. */
class PlayoutProcessor extends AudioWorkletProcessor {
  readonly #buffer: PlayoutBuffer
  #stopped = false

  constructor(options: { processorOptions: PlayoutProcessorOptions }) {
    super()
    this.#buffer = new PlayoutBuffer(options.processorOptions)
    this.port.onmessage = ({ data }) => this.#receive(data as PlayoutMessage)
  }

  override process(_inputs: Float32Array[][], [output = []]: Float32Array[][]): boolean {
    const [first, ...others] = output
    if (first) this.#buffer.pull(first)
    if (first) for (const channel of others) channel.set(first)
    return !this.#stopped
  }

  #receive(message: PlayoutMessage): void {
    if (message === 'end') this.#buffer.end()
    else if (message === 'stop') this.#stopped = true
    else this.#buffer.push(message)
  }
}

registerProcessor(PLAYOUT, PlayoutProcessor)
