import type { Speaker } from '@arclight/core'
import type { AudioSink } from '@arclight/core/contracts'
import { PLAYOUT, type PlayoutMessage, type PlayoutProcessorOptions } from '../worklets/messages.ts'
import { type AudioEngine, SAMPLE_RATE } from './audio-engine.ts'

/** Gathered before a speaker is heard: three frames. */
const TARGET_MS = 60
/** What may wait before the oldest is dropped. */
const MOST_MS = 200

type SinkState =
  | { readonly name: 'opening'; readonly early: Float32Array[] }
  | { readonly name: 'playing'; readonly node: AudioWorkletNode; readonly gain: GainNode }
  | { readonly name: 'closed' }

/** Every speaker's sound, mixed into the page's output. */
export class Playback {
  readonly #engine: AudioEngine
  #output: GainNode | undefined

  constructor(engine: AudioEngine) {
    this.#engine = engine
  }

  /** Whether the browser holds sound back until the user does something; then call `unlock` from a click. */
  get blocked(): boolean {
    return this.#engine.blocked
  }

  unlock(): Promise<void> {
    return this.#engine.unlock()
  }

  /** What is heard, as a node to meter, record or route; connected to the loudspeakers already. */
  async output(): Promise<GainNode> {
    const context = await this.#engine.ready()
    if (!this.#output || this.#output.context !== context) {
      this.#output = new GainNode(context)
      this.#output.connect(context.destination)
    }
    return this.#output
  }

  /** A sink for one speaker. */
  sink(_speaker: Speaker): AudioSink {
    let volume = 1
    let state: SinkState = { name: 'opening', early: [] }
    const ready = this.#open(volume).then((opened) => {
      if (state.name !== 'opening') return release(opened)
      opened.gain.gain.value = volume
      for (const samples of state.early) post(opened.node, samples)
      state = { name: 'playing', ...opened }
    })
    return {
      write: (samples) => {
        if (state.name === 'opening') state.early.push(samples.slice())
        if (state.name === 'playing') post(state.node, samples.slice())
      },
      pause: () => {
        if (state.name === 'playing') post(state.node, 'end')
      },
      setVolume: (value) => {
        volume = value
        if (state.name === 'playing') state.gain.gain.value = value
      },
      close: async () => {
        await ready.catch(() => {})
        if (state.name === 'playing') release(state)
        state = { name: 'closed' }
        await ready
      },
    }
  }

  async #open(volume: number): Promise<{ node: AudioWorkletNode; gain: GainNode }> {
    const context = await this.#engine.ready()
    const processorOptions: PlayoutProcessorOptions = { target: samplesIn(TARGET_MS), most: samplesIn(MOST_MS) }
    const options = { numberOfInputs: 0, outputChannelCount: [1], processorOptions }
    const node = new AudioWorkletNode(context, PLAYOUT, options)
    const gain = new GainNode(context, { gain: volume })
    node.connect(gain).connect(await this.output())
    return { node, gain }
  }
}

function samplesIn(milliseconds: number): number {
  return (milliseconds * SAMPLE_RATE) / 1000
}

function post(node: AudioWorkletNode, message: PlayoutMessage): void {
  if (message instanceof Float32Array) node.port.postMessage(message, [message.buffer])
  else node.port.postMessage(message)
}

function release({ node, gain }: { node: AudioWorkletNode; gain: GainNode }): void {
  post(node, 'stop')
  node.disconnect()
  gain.disconnect()
}
