import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Client, createClient, type Message, RequestError } from '@arclight/client-node'
import { ServerProcess } from '../reference-server/server-process.ts'
import { type Cut, planCuts } from './cut-plan.ts'
import type { CuttingProxy } from './cutting-proxy.ts'
import { Network } from './network.ts'
import { Participant } from './participant.ts'
import { writePosts } from './posts.ts'
import { TurningPoint } from './turning-point.ts'
import { type Break, Repeats, wireWith } from './wire.ts'
import { Witness } from './witness.ts'

const NAMES = ['mei', 'li', 'zoe'] as const
/** A text and a voice channel: every server has them from its first start. */
export const CHANNELS = ['general', 'lounge'] as const
/** Nothing at all has happened for so long: what has not come by then never will. Backoff waits are below 15 s. */
const PATIENCE_MS = 20_000
/** The same where everybody is connected, so that nothing waits for a reconnect. */
const QUIET_MS = 5_000
const MOST_ATTEMPTS = 50
/** Whose wire `--break drop` breaks; the other breaks are on everybody's. */
const DEAF = 'li'

/** What a storm is made of. */
export interface StormOptions {
  readonly messages: number
  readonly cuts: number
  readonly seed: number
  /** Messages that each participant has on its way at a time. */
  readonly window: number
  /** Whether clients are told when the server is back, as by a page that the network has come back. */
  readonly eager: boolean
  readonly broken: Break | undefined
  /** A new folder, for the server's data and copies of it. */
  readonly directory: string
  /** The built reference server. */
  readonly program: string
  readonly say: (line: string) => void
}

/** A server process, three people each behind a proxy of their own, and a witness. */
export class Stage {
  readonly server: ServerProcess
  readonly data: string
  readonly repeats = new Repeats()
  readonly network: Network
  readonly people: Participant[] = []
  readonly #options: StormOptions
  readonly #turningPoint = new TurningPoint()
  readonly #startedAt = performance.now()
  readonly witness = new Witness()
  #restarts = 0

  constructor(options: StormOptions) {
    this.#options = options
    this.data = join(options.directory, 'data')
    this.server = new ServerProcess({
      program: options.program,
      directory: this.data,
      settings: { RATE_LIMITS: 'off' },
    })
    this.network = new Network(() => Number(new URL(this.server.url).port))
  }

  /** Starts the server, registers everybody and joins every channel. */
  async open(): Promise<void> {
    const { messages, cuts, seed } = this.#options
    mkdirSync(this.data, { recursive: true })
    await this.server.start()
    const share = Math.ceil(messages / NAMES.length)
    const plan = planCuts({ cuts, people: NAMES.length, share, seed })
    for (const [index, name] of NAMES.entries()) {
      const count = Math.min(share, messages - index * share)
      await this.#enter(name, { count, cuts: plan[index] ?? [], seed: seed * NAMES.length + index })
    }
    await this.register()
    for (const one of this.people) await one.join()
  }

  /** Makes everybody an account, the owner's first; through whatever befalls the connection meanwhile. */
  async register(): Promise<void> {
    const [owner, ...others] = this.people
    if (owner) await signUp(owner, await this.server.claim())
    await Promise.all(others.map((one) => signUp(one)))
  }

  get settled(): number {
    return this.people.reduce((sum, { settled }) => sum + settled, 0)
  }

  /** Starts of the server after its first. */
  get restarts(): number {
    return this.#restarts
  }

  get seconds(): number {
    return (performance.now() - this.#startedAt) / 1000
  }

  /** Everybody hands over all that it has, up to this part of it. */
  post(part = 1): void {
    const share = Math.ceil(this.#options.messages / NAMES.length)
    for (const one of this.people) one.postUpTo(Math.ceil(share * part))
  }

  /** Resolves when `come` is true, or when nothing happens any more. */
  until(come: () => boolean): Promise<boolean> {
    return this.#turningPoint.until(come, PATIENCE_MS)
  }

  /** Ends the server; resolves when it is gone. */
  async stop(signal: NodeJS.Signals): Promise<void> {
    this.#options.say(`${this.settled} messages answered for, ${this.network.made} cuts made: ${signal}`)
    for (const one of this.people) one.outages.serverWent(performance.now())
    await this.server.stop(signal)
  }

  /** Starts the server again, on its port. */
  async start(): Promise<void> {
    await this.server.start()
    this.#restarts++
    if (this.#options.eager) for (const { client } of this.people) client.wake()
  }

  /** Everything answered for, every cut made, everybody live; or a sentence on what is not. */
  async settle(): Promise<string[]> {
    await this.until(() => this.people.every(({ open }) => open === 0))
    const live = ({ client }: Participant): boolean => client.state.name === 'live'
    const allLive = (): boolean => this.network.whole && this.people.every(live)
    while ((await this.until(allLive)) && this.network.makeNext());
    await this.until(() => allLive() && this.network.waiting === 0)
    const waiting = this.people.filter(({ open }) => open > 0)
    const away = this.people.filter((one) => !live(one))
    return [
      ...waiting.map(({ name, open }) => `${name} still waits for ${open} answers`),
      ...away.map(({ name, client }) => `${name} did not come back: it is ${client.state.name}`),
    ]
  }

  /** Each channel's log as a stranger reads it, when everybody has read it to its end, or nothing more comes. */
  async readLogs(): Promise<Map<string, Message[]>> {
    const logs = new Map<string, Message[]>()
    const url = `${this.server.url.replace('http', 'ws')}/arclight`
    await using stranger = createClient({ url })
    await stranger.register({ name: 'stranger', password: 'a password of stranger' })
    for (const channel of CHANNELS) logs.set(channel, await readLog(stranger, channel))
    const complete = (): boolean =>
      this.people.every((one) => CHANNELS.every((channel) => one.reached(channel) >= (logs.get(channel)?.length ?? 0)))
    await this.#turningPoint.until(complete, QUIET_MS)
    return logs
  }

  async close(): Promise<void> {
    for (const { client } of this.people) await client.close()
    await this.network.close()
    await this.server.stop()
  }

  async #enter(name: string, part: { count: number; cuts: readonly Cut[]; seed: number }): Promise<void> {
    const { broken, window } = this.#options
    const { proxy, port } = await this.network.open()
    const wire = wireWith(broken === 'drop' && name !== DEAF ? undefined : broken)
    const client = createClient({ url: `ws://127.0.0.1:${port}/arclight`, connect: this.repeats.watch(wire) })
    this.people.push(
      new Participant({
        name,
        client,
        channels: CHANNELS,
        posts: writePosts({ name, count: part.count, channels: CHANNELS, seed: part.seed }),
        window,
        witness: this.witness,
        handing: (number) => this.#arm(proxy, part.cuts, number),
        happened: this.#turningPoint.happened,
      }),
    )
  }

  #arm(proxy: CuttingProxy, cuts: readonly Cut[], number: number): void {
    for (const cut of cuts) if (cut.message === number) this.network.arm(proxy, cut)
  }
}

/** Registers, or logs in where an earlier attempt got through and its answer did not. */
async function signUp({ client, name }: Participant, claim?: string): Promise<void> {
  const account = { name, password: `a password of ${name}` }
  let known = false
  for (let attempt = 0; client.state.name !== 'live'; attempt++) {
    try {
      if (known) await client.login(account)
      else await client.register({ ...account, ...(claim === undefined ? {} : { claim }) })
    } catch (error) {
      if (attempt >= MOST_ATTEMPTS) throw error
      if (error instanceof RequestError && error.reason === 'failed') known = !known
    }
  }
}

async function readLog(client: Client, channel: string): Promise<Message[]> {
  const pages: Message[][] = []
  for await (const { messages } of client.channels.get(channel).history({ limit: 100 })) pages.unshift([...messages])
  return pages.flat()
}
