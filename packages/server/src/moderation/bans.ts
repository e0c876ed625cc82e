import type { Clock } from '@arclight/core'
import type { Storage, StoredBan } from '@arclight/core/contracts'
import { Refusal } from '../refusal.ts'

/** Who may not sign in. */
export class Bans {
  readonly #storage: Pick<Storage, 'moderation'>
  readonly #clock: Clock
  readonly #bans = new Map<string, StoredBan>()

  constructor(parts: { storage: Pick<Storage, 'moderation'>; clock: Clock }) {
    this.#storage = parts.storage
    this.#clock = parts.clock
  }

  async load(): Promise<void> {
    for (const ban of await this.#storage.moderation.bans()) this.#bans.set(ban.user, ban)
  }

  /** Those that have not ended, the newest first. */
  list(): StoredBan[] {
    const now = this.#clock.wall()
    return [...this.#bans.values()]
      .filter(({ until = Infinity }) => until > now)
      .sort((one, other) => other.at - one.at)
  }

  has(user: string): boolean {
    return this.#find(user) !== undefined
  }

  /** Throws `banned` for a user who is. */
  check(user: string): void {
    const ban = this.#find(user)
    if (ban) throw new Refusal('banned', sentenceOf(ban))
  }

  async add(ban: StoredBan): Promise<void> {
    await this.#storage.moderation.ban(ban)
    this.#bans.set(ban.user, ban)
  }

  /** False where there is none. */
  async remove(user: string): Promise<boolean> {
    this.#bans.delete(user)
    return this.#storage.moderation.unban(user)
  }

  #find(user: string): StoredBan | undefined {
    const ban = this.#bans.get(user)
    return ban && (ban.until ?? Infinity) > this.#clock.wall() ? ban : undefined
  }
}

function sentenceOf({ until, reason }: StoredBan): string {
  const end = until === undefined ? '' : ` until ${new Date(until).toISOString()}`
  return `you are banned from this server${end}${reason === undefined ? '' : `: ${reason}`}`
}
