import type { Account, ChannelSummary, Clock, UserSummary } from '@arclight/core'
import type { Storage } from '@arclight/core/contracts'
import { LIMITS, type ReplyData, type RequestData } from '@arclight/core/protocol'
import type { Blocks } from '../accounts/blocks.ts'
import { createId } from '../accounts/token.ts'
import type { OneAtATime } from '../one-at-a-time.ts'
import { may } from '../permissions/may.ts'
import type { Standings } from '../permissions/standings.ts'
import { Refusal } from '../refusal.ts'
import type { Rooms } from '../voice/rooms.ts'
import type { ChannelAdmin } from './channel-admin.ts'
import type { ChannelNews } from './channel-news.ts'
import type { Channels } from './channels.ts'
import { groupKey, pairKey } from './direct-key.ts'
import type { LiveChannel } from './live-channel.ts'

/** What letting users in and out takes. */
export interface MembershipParts {
  readonly storage: Pick<Storage, 'accounts' | 'channels'>
  readonly standings: Pick<Standings, 'who'>
  readonly blocks: Pick<Blocks, 'checkUser'>
  readonly clock: Clock
  readonly channels: Channels
  readonly rooms: Rooms
  readonly news: ChannelNews
  readonly admin: ChannelAdmin
  /** As in {@link ChannelAdmin}. */
  readonly changes: OneAtATime
}

/** Who is in which private and direct channel. Throws Refusal. */
export class Memberships {
  readonly #parts: MembershipParts

  constructor(parts: MembershipParts) {
    this.#parts = parts
  }

  list(
    { channel: id, after = '', limit = LIMITS.page }: RequestData<'member.list'>,
    who: Account,
  ): ReplyData<'member.list'> {
    const members = membersOf(this.#parts.channels.allowed(id, who, 'read'))
    const behind = [...members.values()].filter((member) => member.id > after)
    return { members: behind.slice(0, limit), hasMore: behind.length > limit }
  }

  /** Nothing happens where the user is in it already. */
  async add({ channel: id, user }: RequestData<'member.add'>, who: Account): Promise<void> {
    const { storage, channels, news, changes } = this.#parts
    await changes.run(async () => {
      const channel = channels.allowed(id, who, 'admit')
      const members = membersOf(channel)
      checkNoPair(channel)
      const [added] = await storage.accounts.get([user])
      if (!added || added.deleted) throw Refusal.notFound('user')
      if (members.has(user)) return
      const isGroup = channel.summary.kind === 'direct'
      const most = isGroup ? LIMITS.directMembers : LIMITS.channelMembers
      if (members.size >= most) throw new Refusal('conflict', `${most} members are in it, and no more can be`)
      await storage.channels.addMember(id, user)
      channels.admit(channel, added)
      news.changed(channel, isGroup ? undefined : user)
      if (!isGroup) news.ordered(user)
    })
  }

  /** Nothing happens where the user is not in it. A group ends with its last member. */
  async remove({ channel: id, user }: RequestData<'member.remove'>, who: Account): Promise<void> {
    const { storage, standings, channels, rooms, news, admin, changes } = this.#parts
    await changes.run(async () => {
      const channel = channels.allowed(id, who, user === who.id ? 'read' : 'admit')
      const members = membersOf(channel)
      checkNoPair(channel)
      if (!members.has(user)) return
      const isGroup = channel.summary.kind === 'direct'
      if (isGroup && members.size === 1) return void (await admin.end(channel))
      await storage.channels.removeMember(id, user)
      channels.expel(channel, user)
      if (!may(standings.who(user), { to: 'read', channel })) rooms.leaveChannel(id, user)
      news.lost(channel, user)
      if (isGroup) news.changed(channel)
    })
  }

  /** Takes a user who is gone out of every group; harmless where they are in none. */
  async leaveGroups(user: string): Promise<void> {
    const { channels, changes } = this.#parts
    await changes.run(async () => {
      for (const { id } of channels.list()) {
        const channel = channels.live(id)
        const isGroup = channel.summary.kind === 'direct' && !channel.isPair
        if (isGroup && channel.members?.has(user)) await this.#leaveGroup(channel, user)
      }
    })
  }

  async #leaveGroup(channel: LiveChannel, user: string): Promise<void> {
    const { storage, channels, news, admin } = this.#parts
    if (channel.members?.size === 1) return void (await admin.end(channel))
    await storage.channels.removeMember(channel.summary.id, user)
    channels.expel(channel, user)
    news.lost(channel, user)
    news.changed(channel)
  }

  /** The direct channel of two, or a group: the same one for whoever asks again. */
  async open({ users, clientId }: RequestData<'direct.open'>, who: Account): Promise<ChannelSummary> {
    const { storage, clock, standings, blocks, channels, news, changes } = this.#parts
    if (!may(standings.who(who.id), { to: 'direct' }))
      throw new Refusal('forbidden', 'you may not open direct channels')
    const others = [...new Set(users)]
    if (others.includes(who.id)) throw badField('users', 'expected only others')
    const [other = '', ...more] = others
    if (more.length > 0 && clientId === undefined) throw badField('clientId', 'expected one, since a group is made')
    const known = await storage.accounts.get(others)
    // With somebody who is gone nothing begins; what was begun is there.
    const directs = known.filter((user) => !user.deleted)
    if (directs.length < others.length) throw Refusal.notFound('user')
    if (more.length === 0) blocks.checkUser(other, who.id)
    const directKey = more.length > 0 ? groupKey(who.id, clientId ?? '') : pairKey(who.id, other)
    const wanted = { id: await createId(), kind: 'direct', name: '', directKey, members: [who.id, ...others] } as const
    return changes.run(async () => {
      const creation = await storage.channels.create({ ...wanted, at: clock.wall() })
      if (creation.outcome === 'name-taken') throw new Error('expected a direct channel, whose name nobody compares')
      const channel = channels.adopt(creation.channel)
      if (creation.outcome === 'created') news.changed(channel)
      if (!channel.members?.has(who.id)) throw new Refusal('conflict', 'that group is there, and you have left it')
      return channel.summary
    })
  }
}

/** A channel that is for everybody has none. */
function membersOf({ members }: LiveChannel): ReadonlyMap<string, UserSummary> {
  if (!members) throw new Refusal('conflict', 'that channel is for everybody and has no members')
  return members
}

function checkNoPair({ isPair }: LiveChannel): void {
  if (isPair) throw new Refusal('forbidden', 'the direct channel of two is theirs for ever')
}

function badField(path: string, message: string): Refusal {
  return new Refusal('bad_request', message, { issues: [{ path, message }] })
}
