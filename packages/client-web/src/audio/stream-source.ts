import { WindowedMinimum } from '@arclight/core'
import type { AudioConsumer, AudioSource } from '@arclight/core/contracts'
import { CAPTURE, type CaptureMessage } from '../worklets/messages.ts'
import { type AudioEngine, SAMPLE_RATE } from './audio-engine.ts'
import { mediaError } from './media-failure.ts'

/** The delay between the audio clock and the page's own changes by the device's drift alone: this is soon enough. */
const DRIFT_WINDOW_MS = 10_000

/** The first audio track of any MediaStream as a source. `stop` releases what the stream came from. */
export class StreamSource implements AudioSource {
  readonly #engine: AudioEngine
  readonly #stream: MediaStream
  readonly #stop: () => void
  #nodes: { source: AudioNode; capture: AudioWorkletNode } | undefined
  #open = true

  constructor(engine: AudioEngine, stream: MediaStream, stop: () => void = () => {}) {
    this.#engine = engine
    this.#stream = stream
    this.#stop = stop
  }

  async open(consumer: AudioConsumer): Promise<void> {
    const [track] = this.#stream.getAudioTracks()
    if (!track || track.readyState === 'ended') throw mediaError('not-found')
    const context = await this.#engine.ready()
    if (!this.#open) return
    const source = context.createMediaStreamSource(this.#stream)
    const capture = new AudioWorkletNode(context, CAPTURE, { numberOfOutputs: 1, outputChannelCount: [1] })
    capture.port.onmessage = stamped(consumer)
    // A node that leads nowhere is not run by every browser; this one's output is silence.
    source.connect(capture).connect(context.destination)
    track.addEventListener('ended', () => {
      if (this.#open) consumer.ended(mediaError('not-found'))
    })
    this.#nodes = { source, capture }
  }

  async close(): Promise<void> {
    if (!this.#open) return
    this.#open = false
    this.#nodes?.source.disconnect()
    this.#nodes?.capture.disconnect()
    if (this.#nodes) this.#nodes.capture.port.onmessage = null
    this.#stop()
  }
}

/**
 * Gives each chunk its time on the page's clock. The audio thread counts frames exactly and messages arrive late by
 * varying amounts, so the least delay seen lately ties the two clocks together.
 */
function stamped(consumer: AudioConsumer): (event: MessageEvent<CaptureMessage>) => void {
  const delays = new WindowedMinimum(DRIFT_WINDOW_MS)
  return ({ data: { samples, frame } }) => {
    const now = performance.now()
    const counted = (frame / SAMPLE_RATE) * 1000
    const length = (samples.length / SAMPLE_RATE) * 1000
    const delay = delays.push(now - length - counted, now)
    consumer.samples(samples, counted + delay)
  }
}
