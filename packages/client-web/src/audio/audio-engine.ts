import { mediaError } from './media-failure.ts'

/** The rate of every codec and buffer of ours. */
export const SAMPLE_RATE = 48_000

/** The page's one AudioContext, made when it is first needed, with our processors in it. */
export class AudioEngine {
  readonly #worklets: URL
  #context: AudioContext | undefined
  #ready: Promise<AudioContext> | undefined

  /** `worklets` is the folder of capture.js and playout.js. */
  constructor(worklets: URL) {
    this.#worklets = worklets
  }

  /** Whether the browser holds sound back until the user does something. */
  get blocked(): boolean {
    return this.#context?.state === 'suspended'
  }

  /** Rejects with MediaError. */
  ready(): Promise<AudioContext> {
    this.#ready ??= this.#open()
    return this.#ready
  }

  /** Call it from a click or a key press where `blocked`. */
  async unlock(): Promise<void> {
    const context = await this.ready()
    if (context.state === 'suspended') await context.resume()
  }

  async close(): Promise<void> {
    const context = this.#context
    this.#context = undefined
    this.#ready = undefined
    if (context && context.state !== 'closed') await context.close()
  }

  async #open(): Promise<AudioContext> {
    if (typeof AudioContext === 'undefined' || typeof AudioWorkletNode === 'undefined') throw mediaError('unsupported')
    if (!isSecureContext) throw mediaError('insecure-context')
    const context = new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: 'interactive' })
    this.#context = context
    const modules = ['capture.js', 'playout.js'].map((file) => new URL(file, this.#worklets).href)
    await Promise.all(modules.map((module) => context.audioWorklet.addModule(module)))
    // Without a gesture this stays pending: the sound starts with `unlock`.
    if (context.state === 'suspended') void context.resume().catch(() => {})
    return context
  }
}
