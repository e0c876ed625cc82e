import type { Milliseconds } from '@arclight/core'
import type { Changes } from './changes.ts'
import type { Action, ClientSettings, ClientUnderTest, DrivenClient, Outcome, Told } from './client-under-test.ts'
import { ACCOUNT, PASSWORD } from './server/wire-data.ts'

/** The client of a case: drives it, and knows what it has told. */
export class TestedClient {
  /** Everything told, oldest first. */
  readonly told: Told[] = []
  readonly #under: ClientUnderTest
  readonly #driven: DrivenClient
  readonly #changes: Changes
  readonly #settings: Omit<ClientSettings, 'told'>
  readonly #others: TestedClient[] = []

  private constructor(parts: {
    under: ClientUnderTest
    driven: DrivenClient
    changes: Changes
    settings: Omit<ClientSettings, 'told'>
    told: Told[]
  }) {
    this.#under = parts.under
    this.#driven = parts.driven
    this.#changes = parts.changes
    this.#settings = parts.settings
    this.told = parts.told
  }

  static async create(
    under: ClientUnderTest,
    changes: Changes,
    settings: Omit<ClientSettings, 'told'>,
  ): Promise<TestedClient> {
    const told: Told[] = []
    const driven = await under.create({
      ...settings,
      told: (what) => {
        told.push(what)
        changes.happened()
      },
    })
    return new TestedClient({ under, driven, changes, settings, told })
  }

  /** How long its requests wait. */
  get requestMs(): Milliseconds {
    return this.#settings.requestMs ?? 10_000
  }

  /** One more client of the same kind; closed with this one. */
  async another(): Promise<TestedClient> {
    const other = await TestedClient.create(this.#under, this.#changes, this.#settings)
    this.#others.push(other)
    return other
  }

  login(): Promise<void> {
    return handled(this.#driven.login({ name: ACCOUNT.name, password: PASSWORD }))
  }

  /** Signs in and joins these channels. */
  async start(...channels: string[]): Promise<void> {
    await this.login()
    for (const channel of channels) await this.#driven.join(channel)
  }

  join(channel: string): Promise<void> {
    return handled(this.#driven.join(channel))
  }

  send(channel: string, text: string): Promise<Outcome> {
    return handled(this.#driven.send(channel, text))
  }

  async ask(type: string, data: object): Promise<Outcome> {
    if (!this.#driven.ask) throw new Error('the driver has no ask()')
    return this.#driven.ask(type, data)
  }

  perform(action: Action): Promise<Outcome> {
    if (!this.#driven.perform) throw new Error('the driver has no perform()')
    return handled(this.#driven.perform(action))
  }

  /** Everything of one kind that was told, oldest first. */
  all<Kind extends Told['is']>(kind: Kind): Extract<Told, { is: Kind }>[] {
    return this.told.filter((what): what is Extract<Told, { is: Kind }> => what.is === kind)
  }

  /** The texts that an application shows that replaces what it has and hides what is deleted, in the order of `seq`. */
  shown(): string[] {
    const texts = new Map<number, string>()
    for (const what of this.told) {
      if (what.is === 'message' || what.is === 'past') texts.set(what.seq, what.text)
      else if ((what.is === 'changed' || what.is === 'deleted') && texts.has(what.seq)) texts.set(what.seq, what.text)
    }
    const inOrder = [...texts].sort(([one], [other]) => one - other)
    return inOrder.flatMap(([, text]) => (text === '' ? [] : [text]))
  }

  /** Resolves when something of this kind has been told that is as wanted. */
  async hears<Kind extends Told['is']>(
    kind: Kind,
    what: string,
    wanted: (told: Extract<Told, { is: Kind }>) => boolean = () => true,
  ): Promise<void> {
    await this.#changes.until(what, () => this.all(kind).some(wanted))
  }

  async wake(): Promise<void> {
    await this.#driven.wake?.()
  }

  get voice(): NonNullable<DrivenClient['voice']> {
    if (!this.#driven.voice) throw new Error('the driver has no voice')
    return this.#driven.voice
  }

  /** The texts of a channel's messages, in the order in which the application got them. */
  texts(channel = 'general'): string[] {
    return this.told.flatMap((what) => (what.is === 'message' && what.channel === channel ? [what.text] : []))
  }

  /** Resolves when the application has got this message. */
  async gets(text: string, channel = 'general'): Promise<void> {
    await this.#changes.until(`the message “${text}” of ${channel}`, () => this.texts(channel).includes(text))
  }

  /** Resolves when it has told this state, for the `nth` time. */
  async reaches(name: string, nth = 1): Promise<void> {
    await this.#changes.until(`the state ${name}`, () => this.#states(name) >= nth)
  }

  hasReached(name: string): boolean {
    return this.#states(name) > 0
  }

  async resets(channel = 'general'): Promise<void> {
    await this.#changes.until(`a reset of ${channel}`, () =>
      this.told.some((what) => what.is === 'reset' && what.channel === channel),
    )
  }

  async close(): Promise<void> {
    await Promise.all([this.#driven.close(), ...this.#others.map((other) => other.close())])
  }

  #states(name: string): number {
    return this.told.filter((what) => what.is === 'state' && what.name === name).length
  }
}

/** A case that has failed elsewhere does not wait for it any more. */
function handled<Value>(work: Promise<Value>): Promise<Value> {
  work.catch(() => {})
  return work
}
