import type { LiveConnection, LiveSessions } from '../live-sessions.ts'
import { may } from '../permissions/may.ts'
import type { Standings } from '../permissions/standings.ts'
import type { Channels } from './channels.ts'
import type { LiveChannel } from './live-channel.ts'

/**
 * Tells who may read a channel what became of it: as state, made when it leaves, so that of one channel the newest
 * replaces the older. A removal takes the place of a change and is never replaced itself: whoever gets the channel
 * back before a slow connection took the removal has to know that its entries had ended.
 */
export class ChannelNews {
  readonly #channels: Channels
  readonly #live: LiveSessions
  readonly #standings: Pick<Standings, 'who'>

  constructor(parts: { channels: Channels; live: LiveSessions; standings: Pick<Standings, 'who'> }) {
    this.#channels = parts.channels
    this.#live = parts.live
    this.#standings = parts.standings
  }

  /** The channel was made or changed; `to` one user alone, or to everybody who may read it. */
  changed(channel: LiveChannel, to?: string): void {
    for (const { outgoing } of this.#readers(channel, to)) {
      outgoing.state(changedKey(channel), () => ({ type: 'channel.changed', data: { channel: channel.summary } }))
    }
  }

  /** The order is another; `to` as above. */
  ordered(to?: string): void {
    for (const { identity, outgoing } of this.#connections(to)) {
      const message = (): object => {
        const channels = this.#channels.orderFor(identity.account).map(({ id }) => id)
        return { type: 'channel.ordered', data: { channels } }
      }
      outgoing.state('channel order', message)
    }
  }

  /** The channel is gone for everybody who could read it. */
  removed(channel: LiveChannel): void {
    for (const reader of this.#readers(channel)) tellRemoved(channel, reader)
  }

  /** The user is not in the channel any more: their connections that may not read it hear nothing more of it. */
  lost(channel: LiveChannel, user: string): void {
    for (const connection of this.#live.ofUser(user)) {
      if (this.#reads(connection, channel)) continue
      this.#channels.leave(channel.summary.id, connection.outgoing)
      tellRemoved(channel, connection)
    }
  }

  *#readers(channel: LiveChannel, to?: string): Iterable<LiveConnection> {
    for (const connection of this.#connections(to)) {
      if (this.#reads(connection, channel)) yield connection
    }
  }

  #reads({ identity }: LiveConnection, channel: LiveChannel): boolean {
    return may(this.#standings.who(identity.account.id), { to: 'read', channel })
  }

  #connections(to: string | undefined): Iterable<LiveConnection> {
    return to === undefined ? this.#live.all() : this.#live.ofUser(to)
  }
}

function tellRemoved(channel: LiveChannel, { outgoing }: LiveConnection): void {
  const { id } = channel.summary
  outgoing.forgetState(changedKey(channel))
  outgoing.state(`channel removed ${id}`, () => ({ type: 'channel.removed', data: { channel: id } }))
}

function changedKey({ summary }: LiveChannel): string {
  return `channel ${summary.id}`
}
