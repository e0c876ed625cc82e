import type { Account, Clock, Milliseconds, UserSummary } from '@arclight/core'
import { LIMITS } from '@arclight/core/protocol'
import { summaryOf } from '../accounts/user-summary.ts'
import type { Outgoing } from '../delivery/outgoing.ts'

/** Somebody who types, and until when by what each of their connections said. */
interface Typist {
  readonly user: UserSummary
  readonly until: Map<Outgoing, Milliseconds>
}

/** Who types in which channel. It is nowhere stored, and ends by itself. */
export class Typing {
  readonly #clock: Clock
  readonly #listeners: (channel: string) => Iterable<Outgoing>
  /** By channel, then by user: the earliest first. */
  readonly #typists = new Map<string, Map<string, Typist>>()

  /** `listeners`: who hears what happens in a channel. */
  constructor(parts: { clock: Clock; listeners: (channel: string) => Iterable<Outgoing> }) {
    this.#clock = parts.clock
    this.#listeners = parts.listeners
  }

  /** A connection says that its user types, or has stopped. */
  set(channel: string, who: { account: Account; outgoing: Outgoing }, typing: boolean): void {
    this.#change(channel, (typists) => {
      const typist = typists.get(who.account.id) ?? { user: summaryOf(who.account), until: new Map() }
      if (typing) typist.until.set(who.outgoing, this.#clock.now() + LIMITS.typingMs)
      else typist.until.delete(who.outgoing)
      typists.set(who.account.id, typist)
    })
  }

  /** The user's message is there: what they typed. */
  spoke(channel: string, user: string): void {
    if (this.#typists.get(channel)?.has(user)) this.#change(channel, (typists) => void typists.delete(user))
  }

  /** The connection is gone, and with it what it said. */
  gone(outgoing: Outgoing): void {
    for (const channel of [...this.#typists.keys()]) {
      this.#change(channel, (typists) => {
        for (const { until } of typists.values()) until.delete(outgoing)
      })
    }
  }

  /** Tells a connection that begins to listen, where there is something to tell. */
  welcome(channel: string, outgoing: Outgoing): void {
    if (this.#typists.has(channel)) this.#tell(channel, outgoing)
  }

  /** What was said long enough ago counts no more. */
  tick(now: Milliseconds): void {
    for (const channel of [...this.#typists.keys()]) {
      this.#change(channel, (typists) => {
        for (const { until } of typists.values()) {
          for (const [outgoing, end] of until) if (now >= end) until.delete(outgoing)
        }
      })
    }
  }

  /** Everybody who listens hears of a change, and of nothing else. */
  #change(channel: string, change: (typists: Map<string, Typist>) => void): void {
    const before = this.#users(channel)
    const typists = this.#typists.get(channel) ?? new Map<string, Typist>()
    change(typists)
    for (const [user, { until }] of typists) if (until.size === 0) typists.delete(user)
    if (typists.size > 0) this.#typists.set(channel, typists)
    else this.#typists.delete(channel)
    const after = this.#users(channel)
    if (after.length === before.length && after.every(({ id }, at) => id === before[at]?.id)) return
    for (const outgoing of this.#listeners(channel)) this.#tell(channel, outgoing)
  }

  #tell(channel: string, outgoing: Outgoing): void {
    outgoing.state(`typing:${channel}`, () => {
      return { type: 'typing.changed', data: { channel, users: this.#users(channel) } }
    })
  }

  #users(channel: string): UserSummary[] {
    const users: UserSummary[] = []
    for (const { user } of this.#typists.get(channel)?.values() ?? []) {
      if (users.push(user) === LIMITS.typingUsers) break
    }
    return users
  }
}
