import type { Storage, StoredSilence } from '@arclight/core/contracts'

/** What is taken from a user in a voice channel, whatever they declare. */
export interface Silence {
  readonly muted: boolean
  readonly deafened: boolean
}

const NONE: Silence = { muted: false, deafened: false }

/** Who was silenced or made deaf, and in which channel: a user's, on whatever device, until it is taken back. */
export class Silences {
  readonly #storage: Pick<Storage, 'moderation'>
  /** By channel, then by user. */
  readonly #silences = new Map<string, Map<string, Silence>>()

  constructor(storage: Pick<Storage, 'moderation'>) {
    this.#storage = storage
  }

  async load(): Promise<void> {
    for (const silence of await this.#storage.moderation.silences()) this.#keep(silence)
  }

  of(channel: string, user: string): Silence {
    return this.#silences.get(channel)?.get(user) ?? NONE
  }

  /** Resolves once it is durable. */
  async set(silence: StoredSilence): Promise<void> {
    await this.#storage.moderation.silence(silence)
    this.#keep(silence)
  }

  /** There is no such user any more. */
  forgetUser(user: string): void {
    for (const channel of [...this.#silences.keys()]) this.#keep({ channel, user, ...NONE })
  }

  /** The channel is gone. */
  forget(channel: string): void {
    this.#silences.delete(channel)
  }

  #keep({ channel, user, muted, deafened }: StoredSilence): void {
    const users = this.#silences.get(channel) ?? new Map<string, Silence>()
    if (muted || deafened) this.#silences.set(channel, users.set(user, { muted, deafened }))
    else if (users.delete(user) && users.size === 0) this.#silences.delete(channel)
  }
}
