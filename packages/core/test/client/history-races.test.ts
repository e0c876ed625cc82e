import { expect, test } from 'vitest'
import type { Channel } from '../../src/client/channels/channel.ts'
import { type Client, createClientCore } from '../../src/client/client.ts'
import { memoryTokenStore } from '../../src/client/memory-token-store.ts'
import type { Message } from '../../src/protocol/message.ts'
import { validate } from '../../src/protocol/validate.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { seededRandom } from '../../src/testing/seeded-random.ts'
import { FakeCodec } from './fake-codec.ts'
import { LogServer } from './log-server.ts'
import { settle } from './settle.ts'

const AUTHOR = { id: 'u2', name: 'ben' }
const BEFORE = 90
const STEPS = 300

/** What an application shows: it adds what it gets, and replaces what it has. */
class View {
  readonly shown = new Map<number, Message>()
  /** The revision of each message that was told last. */
  readonly #told = new Map<number, number>()

  add(message: Message): void {
    if (this.shown.has(message.seq)) throw new Error(`message ${message.seq} came twice`)
    this.shown.set(message.seq, message)
  }

  change(message: Message): void {
    const { seq, rev } = message
    const told = this.#told.get(seq) ?? 0
    if (rev <= told) throw new Error(`message ${seq} was told as it was at ${told}, then as it was at ${rev}`)
    this.#told.set(seq, rev)
    const held = this.shown.get(seq)
    if (!held) return
    if (rev < held.rev) throw new Error(`message ${seq} came as it was at ${held.rev}, then as it was at ${rev}`)
    this.shown.set(seq, message)
  }

  get messages(): Message[] {
    return [...this.shown.values()].sort((one, other) => one.seq - other.seq)
  }
}

/** One client against a server whose log grows and changes while pages are on their way. */
class Race {
  readonly server = new LogServer()
  readonly clock = new ManualClock()
  readonly client: Client
  readonly general: Channel
  readonly problems: unknown[] = []
  readonly #random: () => number
  /** How much comes in one go, at most: where it is little, much waits. */
  readonly #burst: number
  #count = 0

  constructor(seed: number) {
    this.#random = seededRandom(seed)
    this.#burst = 1 + this.pick(5)
    this.client = createClientCore(
      {
        clock: this.clock,
        random: () => 0.5,
        createId: () => `id-${this.#count++}`,
        connect: this.server.connect,
        tokens: memoryTokenStore(),
        device: 'device',
        audioCodec: async () => new FakeCodec(),
      },
      { url: 'wss://talk.example.org/arclight', validate },
    )
    this.general = this.client.channels.get('general')
    this.client.on('fault', (fault) => this.problems.push(fault))
    this.general.on('reset', (log) => this.problems.push(log))
  }

  async start(): Promise<void> {
    for (let at = 0; at < BEFORE; at++) this.#happen()
    const signedIn = this.client.login({ name: 'mei', password: 'long enough' })
    await this.quiet()
    await signedIn
  }

  listen(heard: { message: (message: Message) => void; changed: (message: Message) => void }): void {
    const guarded =
      (take: (message: Message) => void) =>
      (message: Message): void => {
        try {
          take(message)
        } catch (error) {
          this.problems.push(error)
        }
      }
    this.general.on('message', guarded(heard.message))
    this.general.on('changed', guarded(heard.changed))
    this.general.on('deleted', guarded(heard.changed))
  }

  /** Something happens: in the log, on the way, or to the connection. */
  async step(): Promise<void> {
    const dice = this.#random()
    if (dice < 0.4) this.server.announce(this.#happen())
    else if (dice < 0.55) this.server.answer()
    else if (dice < 0.7) this.server.reply()
    else if (dice < 0.97) this.server.deliver(this.pick(this.#burst))
    else if (dice < 0.99) this.server.lag()
    else await this.#drop()
    await settle()
  }

  /** Everything that is on its way comes, and nothing else happens. */
  async quiet(): Promise<void> {
    await settle()
    while (this.server.isBusy) {
      this.server.answer()
      this.server.reply()
      this.server.deliver(1)
      await settle()
    }
  }

  pick(most: number): number {
    return 1 + Math.floor(this.#random() * most)
  }

  async #drop(): Promise<void> {
    this.server.connection.close(1006)
    await settle()
    const { state } = this.client
    if (state.name === 'waiting') this.clock.advance(state.retryAt - this.clock.now())
  }

  #happen(): object | undefined {
    const { log } = this.server
    const dice = this.#random()
    if (dice < 0.45 || log.head === 0) {
      const appended = log.append({ author: AUTHOR, clientId: `c${log.head}`, text: `text ${log.head}` })
      return appended === 'out_of_order' ? undefined : appended.entry
    }
    // Some messages change all the time, so that several of their changes are on the way at once.
    const { messages } = log
    const at = this.#random() < 0.6 ? this.pick(4) * 7 : this.pick(messages.length)
    const seq = messages[at - 1]?.seq ?? 0
    if (dice < 0.9) return log.change(seq, { text: `text of ${log.head + 1}` })
    return log.delete(seq)
  }
}

const SEEDS = Array.from({ length: 16 }, (_, at) => at + 1)

test.each(SEEDS)(
  '[EDIT-3][HIST-3] back through live traffic: nothing twice, missing or older (seed %i)',
  async (seed) => {
    const race = new Race(seed)
    await race.start()
    const view = new View()
    race.listen({ message: (message) => view.add(message), changed: (message) => view.change(message) })
    const walk = (async () => {
      for await (const { messages } of race.general.history({ limit: race.pick(20) }))
        messages.map((one) => view.add(one))
    })()
    walk.catch((error) => race.problems.push(error))
    for (let step = 0; step < STEPS; step++) await race.step()
    await race.quiet()
    await walk
    expect(race.problems).toEqual([])
    expect(view.messages).toEqual(race.server.log.messages)
  },
)

test.each(SEEDS)(
  '[EDIT-3][HIST-3] on from a message until live takes over: nothing twice, missing or older (seed %i)',
  async (seed) => {
    const race = new Race(seed)
    await race.start()
    const view = new View()
    let isOver = false
    race.listen({
      message: (message) => isOver && view.add(message),
      changed: (message) => view.change(message),
    })
    await race.quiet()
    const after = race.pick(race.server.log.head)
    const walk = (async () => {
      for await (const { messages } of race.general.history({ after, limit: race.pick(20) }))
        messages.map((one) => view.add(one))
      isOver = true
    })()
    walk.catch((error) => race.problems.push(error))
    for (let step = 0; step < STEPS; step++) await race.step()
    await race.quiet()
    await walk
    expect(race.problems).toEqual([])
    expect(view.messages).toEqual(race.server.log.messages.filter(({ seq }) => seq > after))
  },
)
