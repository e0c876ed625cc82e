import type { ChannelSummary, UserSummary } from '@arclight/core'
import type { StoredChannel } from '@arclight/core/contracts'
import type { LogEntry } from '@arclight/core/protocol'
import { Feed } from '../delivery/feed.ts'
import type { Outgoing } from '../delivery/outgoing.ts'
import type { Turn } from '../delivery/turn.ts'
import type { ChannelFacts, ChannelPermit } from '../permissions/may.ts'
import { NONE } from '../permissions/permission-set.ts'
import { isPairKey } from './direct-key.ts'

/** A channel on this node: as its readers see it, who is in it, who listens. */
export class LiveChannel implements ChannelFacts {
  /** Who listens, and what of its log is on its way to them. */
  readonly feed: Feed<Outgoing>
  /** The direct channel of two users, which is theirs for ever. */
  readonly isPair: boolean
  #summary: ChannelSummary
  #members: ReadonlyMap<string, UserSummary> | undefined
  #permits: readonly ChannelPermit[] = []

  constructor(stored: StoredChannel, turn: Turn) {
    this.feed = new Feed(stored.id, turn)
    this.isPair = stored.directKey !== undefined && isPairKey(stored.directKey)
    this.#summary = summaryOf(stored)
    this.#setMembers(stored.members)
  }

  get summary(): ChannelSummary {
    return this.#summary
  }

  /** In the order of their ids. */
  get members(): ReadonlyMap<string, UserSummary> | undefined {
    return this.#members
  }

  /** What it allows and denies roles and users. */
  get permits(): readonly ChannelPermit[] {
    return this.#permits
  }

  /** In the place of what it said of that role or user; one that says nothing is gone. */
  setPermit(permit: ChannelPermit): void {
    const rest = this.#permits.filter(({ role, user }) => role !== permit.role || user !== permit.user)
    this.#permits = permit.allow === NONE && permit.deny === NONE ? rest : [...rest, permit]
  }

  /** The role is gone. */
  forgetRole(role: string): void {
    this.#permits = this.#permits.filter((permit) => permit.role !== role)
  }

  /** It was changed. Its log may have gone on since it was read. */
  replace(stored: StoredChannel): void {
    const { head, messages } = this.#summary
    this.#summary = summaryOf(stored)
    this.#setMembers(stored.members)
    if (head > this.#summary.head) this.#summary = { ...this.#summary, head, messages }
  }

  /** Somebody is in it from here on. */
  admit(user: UserSummary): void {
    this.#setMembers([...(this.#members?.values() ?? []), user])
  }

  /** A user is another than before, perhaps one in it. */
  renew(user: UserSummary): void {
    if (!this.#members?.has(user.id)) return
    this.#setMembers([...this.#members.values()].map((one) => (one.id === user.id ? user : one)))
  }

  /** Somebody is not in it any more. */
  expel(user: string): void {
    this.#setMembers([...(this.#members?.values() ?? [])].filter(({ id }) => id !== user))
  }

  /** An entry of its log was stored. */
  advance({ type, seq, data: { message } }: LogEntry): void {
    const { messages } = this.#summary
    this.#summary = { ...this.#summary, head: seq, messages: type === 'message.created' ? message.ordinal : messages }
  }

  #setMembers(users: readonly UserSummary[] | undefined): void {
    const sorted = users?.toSorted((one, other) => (one.id < other.id ? -1 : 1))
    this.#members = sorted && new Map(sorted.map((user) => [user.id, user]))
    if (this.#summary.kind === 'direct') this.#summary = { ...this.#summary, members: sorted ?? [] }
  }
}

function summaryOf({ members, directKey, ...summary }: StoredChannel): ChannelSummary {
  return summary
}
