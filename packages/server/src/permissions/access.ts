import type { ChannelNews } from '../channels/channel-news.ts'
import type { Channels } from '../channels/channels.ts'
import type { LiveSessions } from '../live-sessions.ts'
import type { OneAtATime } from '../one-at-a-time.ts'
import type { Rooms } from '../voice/rooms.ts'
import type { Standings } from './standings.ts'

/** What telling of rights takes. */
export interface AccessParts {
  readonly channels: Channels
  readonly live: LiveSessions
  readonly rooms: Rooms
  readonly standings: Standings
  readonly news: ChannelNews
  /** All changes of who may what, and of channels: what is told follows what is stored. */
  readonly changes: OneAtATime
}

/** Whom a change is about, and in which channel; in all unless told. */
export type Scope = ({ readonly role: string } | { readonly user: string }) & { readonly channel?: string }

/** Changes of who may what, which take effect at once for everybody who is there. */
export class Access {
  readonly #parts: AccessParts

  constructor(parts: AccessParts) {
    this.#parts = parts
  }

  /**
   * Makes a change; whoever may read more or less after it is told so, hears nothing more of what is gone, and leaves
   * the voice of channels that they may not talk in any more.
   */
  change<Result>(scope: Scope, work: () => Promise<Result>): Promise<Result> {
    return this.#parts.changes.run(async () => {
      const users = this.#users(scope)
      const before = new Map(users.map((user) => [user, this.#readable(user, scope)]))
      const result = await work()
      for (const user of users) this.#tell(user, before.get(user) ?? [], this.#readable(user, scope))
      this.#silence(new Set(users))
      return result
    })
  }

  /** Those of them who are there, or in voice. */
  #users(scope: Scope): string[] {
    const { live, rooms, standings } = this.#parts
    if ('user' in scope) return [scope.user]
    const present = new Set([...live.all()].map(({ identity }) => identity.account.id))
    for (const { user } of rooms.people()) present.add(user)
    return [...present].filter((user) => standings.who(user).role.id === scope.role)
  }

  #readable(user: string, { channel }: Scope): string[] {
    const { channels } = this.#parts
    if (channel !== undefined) return channels.allows(channel, { id: user }, 'read') ? [channel] : []
    return channels.readableBy({ id: user }).map(({ id }) => id)
  }

  #tell(user: string, before: readonly string[], now: readonly string[]): void {
    const { channels, news } = this.#parts
    const [had, has] = [new Set(before), new Set(now)]
    for (const id of before) if (!has.has(id) && channels.has(id)) news.lost(channels.live(id), user)
    const won = now.filter((id) => !had.has(id))
    for (const id of won) news.changed(channels.live(id), user)
    if (won.length > 0) news.ordered(user)
  }

  #silence(users: ReadonlySet<string>): void {
    const { channels, rooms } = this.#parts
    for (const { channel, user } of [...rooms.people()]) {
      if (users.has(user) && !channels.allows(channel, { id: user }, 'talk')) rooms.leaveChannel(channel, user)
    }
  }
}
