import type { Account, ChannelSummary, Clock } from '@arclight/core'
import type { ChannelChange, Storage } from '@arclight/core/contracts'
import { LIMITS, type RequestData } from '@arclight/core/protocol'
import { nameKey } from '../accounts/name-key.ts'
import { createId } from '../accounts/token.ts'
import type { OneAtATime } from '../one-at-a-time.ts'
import { may } from '../permissions/may.ts'
import type { Standings } from '../permissions/standings.ts'
import { Refusal } from '../refusal.ts'
import type { Rooms } from '../voice/rooms.ts'
import type { ChannelNews } from './channel-news.ts'
import type { ChannelPurge } from './channel-purge.ts'
import type { Channels } from './channels.ts'
import type { LiveChannel } from './live-channel.ts'

/** What making and changing channels takes. */
export interface ChannelAdminParts {
  readonly storage: Pick<Storage, 'channels'>
  readonly clock: Clock
  readonly standings: Pick<Standings, 'who'>
  readonly channels: Channels
  readonly rooms: Rooms
  readonly news: ChannelNews
  readonly purge: ChannelPurge
  /** All changes of channels and their members, so that what is told follows what is stored. */
  readonly changes: OneAtATime
}

/** What of a group its members may change. */
const OF_GROUP: readonly (keyof RequestData<'channel.update'>)[] = ['channel', 'name', 'topic']

/** Makes, changes and removes channels, and tells who may know. Throws Refusal. */
export class ChannelAdmin {
  readonly #parts: ChannelAdminParts

  constructor(parts: ChannelAdminParts) {
    this.#parts = parts
  }

  /** A private channel has its maker as its first member. */
  async create(data: RequestData<'channel.create'>, who: Account): Promise<ChannelSummary> {
    const { storage, clock, standings, channels, news, changes } = this.#parts
    if (!may(standings.who(who.id), { to: 'createChannel' })) {
      throw new Refusal('forbidden', 'you may not make channels here')
    }
    const id = await createId()
    return changes.run(async () => {
      if (channels.orderFor(who).length >= LIMITS.channels) {
        throw new Refusal('conflict', `a server has ${LIMITS.channels} channels at most`)
      }
      const members = data.private ? [who.id] : undefined
      const wanted = { ...data, id, nameKey: nameKey(data.name), members, at: clock.wall() }
      const creation = await storage.channels.create(wanted)
      if (creation.outcome === 'name-taken') throw nameTaken()
      const channel = channels.adopt(creation.channel)
      news.changed(channel)
      return channel.summary
    })
  }

  async update(data: RequestData<'channel.update'>, who: Account): Promise<ChannelSummary> {
    const { storage, channels, rooms, news, changes } = this.#parts
    return changes.run(async () => {
      const { channel: id, before, ...given } = data
      const channel = channels.allowed(id, who, 'manageChannel')
      const isDirect = channel.summary.kind === 'direct'
      if (isDirect) checkDirect(channel, data)
      if (before && !channels.orderFor(who).some((one) => one.id === before)) throw Refusal.notFound('channel')
      const place = before === id ? undefined : before
      const key = given.name === undefined || isDirect ? undefined : nameKey(given.name)
      const change: ChannelChange = { ...given, nameKey: key, before: place }
      if (Object.values(change).every((value) => value === undefined)) return channel.summary
      const stored = await storage.channels.update(id, change)
      if (stored === undefined) throw Refusal.notFound('channel')
      if (stored === 'name-taken') throw nameTaken()
      channels.adopt(stored)
      if (stored.archived) rooms.leaveChannel(id)
      news.changed(channel)
      if (place !== undefined) {
        channels.move(id, place)
        news.ordered()
      }
      return channel.summary
    })
  }

  async remove(id: string, who: Account): Promise<void> {
    const { channels, changes } = this.#parts
    await changes.run(async () => {
      const channel = channels.allowed(id, who, 'manageChannel')
      if (channel.summary.kind === 'direct') throw new Refusal('forbidden', 'a direct channel cannot be deleted')
      if (!(await this.end(channel))) throw Refusal.notFound('channel')
    })
  }

  /** Removes the channel for everybody who could read it; false where somebody else has. Called in a turn of `changes`. */
  async end(channel: LiveChannel): Promise<boolean> {
    const { storage, channels, rooms, news, purge } = this.#parts
    const { id } = channel.summary
    if (!(await storage.channels.remove(id))) return false
    rooms.leaveChannel(id)
    channels.forget(id)
    news.removed(channel)
    purge.due()
    return true
  }
}

/** A group's members may rename it; nobody may do anything else with a direct channel. */
function checkDirect(channel: LiveChannel, data: RequestData<'channel.update'>): void {
  if (channel.isPair) throw new Refusal('forbidden', 'nothing of the direct channel of two can be changed')
  const refused = (Object.keys(data) as (keyof typeof data)[]).filter((field) => !OF_GROUP.includes(field))
  if (refused.length > 0) throw new Refusal('forbidden', 'only the name and the topic of a group can be changed')
}

function nameTaken(): Refusal {
  return new Refusal('conflict', 'there is a channel of that name')
}
