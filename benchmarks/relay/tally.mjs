import { now } from '../harness/monotonic.mjs'
import { encodeSamples } from '../harness/samples.mjs'
import { OTHER, PART } from './clients/client.mjs'
import { readRun, readScheduled } from './payload.mjs'

/** What arrives at the connections of one process during one measurement. */
export class Tally {
  frames = 0
  mediaBytes = 0
  otherBytes = 0
  /** @type {number[]} */
  latencies = []
  #client
  #run = 0
  #deadline = 0
  /** Bytes of parts since the last whole message, which may be of another connection: only the sum matters. */
  #parts = 0

  #time = 0
  #samples

  /** `samples`: latencies are kept. @param {import('./clients/client.mjs').Client} client @param {boolean} samples */
  constructor(client, samples) {
    this.#client = client
    this.#samples = samples
  }

  /** Counts from here on the frames of `run` that come before `deadline`. @param {number} run @param {number} deadline */
  begin(run, deadline) {
    this.#run = run
    this.#deadline = deadline
    this.frames = this.mediaBytes = this.otherBytes = this.#parts = 0
    this.latencies = []
  }

  read() {
    this.#time = now()
  }

  /** @type {import('../harness/connection.mjs').Receiver['frame']} */
  frame(connection, opcode, bytes, from, to, frameBytes) {
    const payload = this.#client.receive(connection, opcode, bytes, from, to)
    if (payload === PART) this.#parts += frameBytes
    else if (payload === OTHER) this.otherBytes += frameBytes
    else if (readRun(bytes, payload) === this.#run && this.#time <= this.#deadline) {
      this.frames++
      this.mediaBytes += frameBytes + this.#parts
      this.#parts = 0
      if (this.#samples) this.latencies.push(this.#time - readScheduled(bytes, payload))
    } else this.#parts = 0
  }

  result() {
    const { frames, mediaBytes, otherBytes } = this
    return { frames, mediaBytes, otherBytes, latencies: encodeSamples(this.latencies) }
  }
}
