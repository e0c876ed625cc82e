import { randomUUID } from 'node:crypto'
import { Connection } from '../harness/connection.mjs'
import { now } from '../harness/monotonic.mjs'
import { DELIVERY, REFUSAL } from './clients/client.mjs'
import { TEXT } from './shapes.mjs'

/** What the connections of one process have seen in one measurement. */
export class ChatTally {
  sent = 0
  /** Of the whole measurement, warm-up and end included. */
  replies = 0
  deliveries = 0
  refusals = 0
  /** Those that came between its start and its end. */
  repliesInTime = 0
  deliveriesInTime = 0
  /** @type {number[]} Milliseconds to the replies to those that were due between its start and its end. */
  latencies = []
  /** When what is being read came. */
  time = 0

  /** @param {{ start: number, end: number }} window */
  constructor({ start, end }) {
    this.start = start
    this.end = end
  }

  /** @param {number} time */
  isInTime(time) {
    return time >= this.start && time < this.end
  }
}

/** One user in one channel, who sends and listens. */
export class Chatter {
  #client
  #seat
  #connection
  #tally = new ChatTally({ start: 0, end: 0 })
  #onReply = () => {}
  #nextId = 0
  /** @type {Map<number, number>} When each message without an answer was due. */
  #pending = new Map()
  #lastClientId = ''

  /** @param {number} port @param {import('./clients/client.mjs').ChatClient} client @param {import('./clients/client.mjs').Seat} seat */
  constructor(port, client, seat) {
    this.#client = client
    this.#seat = seat
    this.#connection = new Connection(port, this)
  }

  get lost() {
    return this.#connection.lost
  }

  get pending() {
    return this.#pending.size
  }

  async enter() {
    await this.#connection.open(this.#client)
    await this.#client.enter(this.#connection, this.#seat)
    this.#connection.entered()
  }

  /** `onReply` is called after each answer. @param {ChatTally} tally @param {() => void} [onReply] */
  begin(tally, onReply = () => {}) {
    this.#tally = tally
    this.#onReply = onReply
  }

  /** Sends a message that was due at a time. As a client does it names the one before it while that is unanswered.
   * @param {number} due */
  send(due) {
    const after = this.#pending.size > 0 ? this.#lastClientId : undefined
    const [id, clientId] = [this.#nextId++, randomUUID()]
    this.#pending.set(id, due)
    this.#lastClientId = clientId
    this.#tally.sent++
    this.#connection.sendText(this.#client.write({ id, channel: this.#seat.channel, clientId, text: TEXT, after }))
  }

  read() {
    this.#tally.time = now()
  }

  /** @type {import('../harness/connection.mjs').Receiver['frame']} */
  frame(connection, opcode, bytes, from, to) {
    const what = this.#client.receive(connection, opcode, bytes, from, to)
    const tally = this.#tally
    if (what === DELIVERY) {
      tally.deliveries++
      if (tally.isInTime(tally.time)) tally.deliveriesInTime++
    } else if (what >= 0) this.#answered(what)
    else if (what === REFUSAL) tally.refusals++
  }

  /** @param {number} id */
  #answered(id) {
    const due = this.#pending.get(id)
    if (due === undefined) return
    this.#pending.delete(id)
    const tally = this.#tally
    tally.replies++
    if (tally.isInTime(tally.time)) tally.repliesInTime++
    if (tally.isInTime(due)) tally.latencies.push(tally.time - due)
    this.#onReply()
  }
}
