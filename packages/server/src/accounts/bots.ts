import type { Account, Clock, UserSummary } from '@arclight/core'
import type { Storage } from '@arclight/core/contracts'
import { CLOSE, LIMITS } from '@arclight/core/protocol'
import type { LiveSessions } from '../live-sessions.ts'
import { OneAtATime } from '../one-at-a-time.ts'
import { Refusal } from '../refusal.ts'
import { nameKey } from './name-key.ts'
import type { Sessions } from './sessions.ts'
import { createId } from './token.ts'
import { summaryOf } from './user-summary.ts'

const ENDED = { code: CLOSE.revoked, reason: 'the bot’s token was ended' }

/** Accounts of programs: without a password, with at most one token, which does not expire. */
export class Bots {
  readonly #storage: Storage
  readonly #clock: Clock
  readonly #sessions: Sessions
  readonly #live: LiveSessions
  readonly #changes = new OneAtATime()

  constructor(parts: { storage: Storage; clock: Clock; sessions: Sessions; live: LiveSessions }) {
    this.#storage = parts.storage
    this.#clock = parts.clock
    this.#sessions = parts.sessions
    this.#live = parts.live
  }

  /** In the order of their names. */
  list(): Promise<readonly UserSummary[]> {
    return this.#storage.accounts.bots()
  }

  /** A bot with its token. Throws `conflict` where the name is taken, or there are too many. */
  async create(name: string): Promise<{ bot: UserSummary; token: string }> {
    const bot = await this.make(name)
    const { token } = await this.#sessions.open(bot, undefined)
    return { bot: summaryOf(bot), token }
  }

  /** A bot that nobody can sign in as, until it is renewed. Throws `conflict`. */
  make(name: string): Promise<Account> {
    return this.#changes.run(async () => {
      if ((await this.list()).length >= LIMITS.bots) {
        throw new Refusal('conflict', `a server has at most ${LIMITS.bots} bots`)
      }
      const bot: Account = { id: await createId(), name, role: 'member', bot: true }
      const row = { ...bot, passwordHash: '', nameKey: nameKey(name), createdAt: this.#clock.wall() }
      if (!(await this.#storage.accounts.create(row))) throw new Refusal('conflict', 'that name is taken')
      return bot
    })
  }

  /** Another token; the one before, and its connections, end. Throws `not_found`. */
  renew(id: string): Promise<string> {
    return this.#changes.run(async () => {
      const bot = (await this.list()).find((one) => one.id === id)
      if (!bot) throw Refusal.notFound('bot')
      await this.#endSessions(id)
      return (await this.#sessions.open({ ...bot, role: 'member' }, undefined)).token
    })
  }

  /** Ends a bot: nobody is it any more. Throws `not_found`. */
  end(id: string): Promise<void> {
    return this.#changes.run(async () => {
      if (!(await this.list()).some((one) => one.id === id)) throw Refusal.notFound('bot')
      await this.#endSessions(id)
      await this.#storage.accounts.endBot(id)
    })
  }

  async #endSessions(id: string): Promise<void> {
    for (const session of await this.#sessions.list(id)) {
      await this.#sessions.revoke(id, session.id)
      this.#live.end(session.id, ENDED)
    }
  }
}
