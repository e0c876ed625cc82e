import type { UserSummary } from '@arclight/core'
import type { Storage, StoredBlock } from '@arclight/core/contracts'
import { LIMITS } from '@arclight/core/protocol'
import type { LiveChannel } from '../channels/live-channel.ts'
import { OneAtATime } from '../one-at-a-time.ts'
import { Refusal } from '../refusal.ts'

/** Of whom each user takes no direct messages. Throws Refusal. */
export class Blocks {
  readonly #storage: Pick<Storage, 'accounts'>
  /** By who has blocked them. */
  readonly #blocked = new Map<string, Set<string>>()
  readonly #changes = new OneAtATime()

  constructor(storage: Pick<Storage, 'accounts'>) {
    this.#storage = storage
  }

  async load(): Promise<void> {
    for (const block of await this.#storage.accounts.blocks()) this.#keep(block)
  }

  /** Whether the user has blocked the other one. */
  has(user: string, other: string): boolean {
    return this.#blocked.get(user)?.has(other) === true
  }

  /** Whom the user has blocked: ids, in order. */
  of(user: string): string[] {
    return [...(this.#blocked.get(user) ?? [])].sort()
  }

  async list(user: string): Promise<UserSummary[]> {
    const users = new Map((await this.#storage.accounts.get(this.of(user))).map((one) => [one.id, one]))
    return this.of(user).map((id) => users.get(id) ?? { id, name: '' })
  }

  /** False where it is so already. */
  set(user: string, blocked: string, on: boolean): Promise<boolean> {
    const { accounts } = this.#storage
    return this.#changes.run(async () => {
      if (user === blocked) throw badUser()
      if ((await accounts.get([blocked])).length === 0) throw Refusal.notFound('user')
      if (this.has(user, blocked) === on) return false
      if (on && this.of(user).length >= LIMITS.blocks) {
        throw new Refusal('conflict', `you have blocked ${LIMITS.blocks} users, and cannot block more`)
      }
      if (on) await accounts.block({ user, blocked })
      else await accounts.unblock({ user, blocked })
      if (on) this.#keep({ user, blocked })
      else this.#blocked.get(user)?.delete(blocked)
      return true
    })
  }

  /** Throws `forbidden` where the author has been blocked by the other one of a pair. */
  checkChannel({ isPair, members }: Pick<LiveChannel, 'isPair' | 'members'>, author: string): void {
    if (isPair) for (const user of members?.keys() ?? []) this.checkUser(user, author)
  }

  /** Throws `forbidden` where the user has blocked the author, and says no more than that. */
  checkUser(user: string, author: string): void {
    if (this.has(user, author)) throw new Refusal('forbidden', 'messages to this user are not taken')
  }

  /** There is no such user any more. */
  forgetUser(user: string): void {
    this.#blocked.delete(user)
    for (const blocked of this.#blocked.values()) blocked.delete(user)
  }

  #keep({ user, blocked }: StoredBlock): void {
    this.#blocked.set(user, (this.#blocked.get(user) ?? new Set()).add(blocked))
  }
}

function badUser(): Refusal {
  const message = 'expected somebody else'
  return new Refusal('bad_request', message, { issues: [{ path: 'user', message }] })
}
