import { type Client, type Message, RequestError } from '@arclight/client-node'
import { Outages } from './outages.ts'
import type { Post } from './posts.ts'
import type { Witness } from './witness.ts'

/** What a participant is made of. */
export interface ParticipantOptions {
  readonly name: string
  readonly client: Client
  readonly channels: readonly string[]
  /** What it has to say, in this order. */
  readonly posts: readonly Post[]
  /** Messages on their way at a time. */
  readonly window: number
  readonly witness: Witness
  /** Called before the message with this number is handed over. */
  readonly handing: (number: number) => void
  /** Something happened: look whether it is what you wait for. */
  readonly happened: () => void
}

/** One person of the storm: hands over its messages, some at a time, and tells the witness of everything it is told. */
export class Participant {
  readonly name: string
  readonly client: Client
  readonly outages = new Outages()
  readonly #options: ParticipantOptions
  readonly #underWay = new Map<number, Post>()
  /** Without an answer when the client was signed out. */
  readonly #again: Post[] = []
  readonly #faults: string[] = []
  /** Whom each channel's events are for: after a reset, another one than before. */
  readonly #readsFor = new Map<string, Witness>()
  #witness: Witness
  #next = 0
  #limit = 0
  #settled = 0
  #rejected = 0

  constructor(options: ParticipantOptions) {
    this.name = options.name
    this.client = options.client
    this.#options = options
    this.#witness = options.witness
    this.client.on('fault', (fault) =>
      this.#faults.push(`${this.name} could not read a frame: ${JSON.stringify(fault)}`),
    )
    this.client.on('state', ({ name }) => {
      if (name !== 'live') this.outages.began(performance.now())
      else {
        this.outages.ended(performance.now())
        this.#pump()
      }
      options.happened()
    })
  }

  /** Messages answered for. */
  get settled(): number {
    return this.#settled
  }

  /** Messages that are on their way, or have to be handed over again. */
  get open(): number {
    return this.#underWay.size + this.#again.length
  }

  /** Sends that were rejected, each handed over again. */
  get rejected(): number {
    return this.#rejected
  }

  /** What went wrong without a message's being concerned. */
  get faults(): readonly string[] {
    return this.#faults
  }

  /** How far it has read a channel. */
  reached(channel: string): number {
    return this.#readsFor.get(channel)?.reached(this.name, channel) ?? 0
  }

  /** Joins every channel; resolves when live traffic flows. */
  async join(): Promise<void> {
    for (const id of this.#options.channels) {
      const channel = this.client.channels.get(id)
      this.#follow(id, this.#witness, 0)
      channel.on('message', (message) => this.#told(id, message))
      channel.on('reset', ({ head }) => this.#reset(id, head))
      channel.on('gone', () => this.#faults.push(`${this.name} was told that ${id} is gone`))
      await channel.join()
    }
  }

  /** Hands over its messages up to the one with this number, as their turn comes. */
  postUpTo(limit: number): void {
    this.#limit = Math.min(limit, this.#options.posts.length)
    this.#pump()
  }

  /** Hands over no new message until told again. */
  hold(): void {
    this.#limit = this.#next
  }

  /** The log is going to be another: what has no answer yet belongs to the new one. */
  startAnew(witness: Witness): void {
    this.#witness = witness
    for (const { channel, text } of this.#underWay.values()) witness.sent(this.name, channel, text)
  }

  /** Whether it has been told, in every channel, that the log is another. */
  get wasReset(): boolean {
    return [...this.#readsFor.values()].every((witness) => witness === this.#witness)
  }

  #pump(): void {
    while (this.#underWay.size < this.#options.window) {
      const again = this.client.state.name === 'live' ? this.#again.shift() : undefined
      if (again) this.#handOver(again)
      else if (this.#again.length > 0 || this.#next >= this.#limit) return
      else {
        const number = this.#next++
        this.#options.handing(number)
        this.#handOver(this.#options.posts[number] as Post)
      }
    }
  }

  #handOver(post: Post): void {
    const { channel, text, number } = post
    this.#underWay.set(number, post)
    this.#witness.sent(this.name, channel, text)
    this.client.channels
      .get(channel)
      .send(text)
      .then(
        (stored) => {
          this.#underWay.delete(number)
          this.#settled++
          this.#witness.answered(this.name, channel, text, stored)
          this.#pump()
          this.#options.happened()
        },
        (error: unknown) => {
          this.#underWay.delete(number)
          this.#reject(post, error)
          this.#options.happened()
        },
      )
  }

  /**
   * Whoever is signed out decides anew, in the order in which it wrote, when it is signed in again. Nothing else may
   * end a send: it waits through everything.
   */
  #reject(post: Post, error: unknown): void {
    if (this.client.state.name !== 'closed' || !(error instanceof RequestError)) {
      this.#faults.push(`the send of ${JSON.stringify(post.text)} was rejected: ${error}`)
    }
    this.#rejected++
    this.#again.push(post)
    this.#again.sort((one, other) => one.number - other.number)
  }

  #told(channel: string, message: Message): void {
    this.#readsFor.get(channel)?.told(this.name, channel, message)
    this.#options.happened()
  }

  #reset(channel: string, head: number): void {
    if (this.#readsFor.get(channel) === this.#witness)
      this.#faults.push(`${this.name} was reset in ${channel} for nothing`)
    else this.#follow(channel, this.#witness, head)
    this.#options.happened()
  }

  #follow(channel: string, witness: Witness, start: number): void {
    this.#readsFor.set(channel, witness)
    witness.follows(this.name, channel, start)
  }
}
