import type { Account, Clock, Milliseconds, UserSummary } from '@arclight/core'
import { LIMITS, type PresenceStatus, type UserPresence } from '@arclight/core/protocol'
import { summaryOf } from '../accounts/user-summary.ts'
import type { Outgoing } from '../delivery/outgoing.ts'

/** A user who is there, or was until a moment ago. */
interface Present {
  user: UserSummary
  status: PresenceStatus
  /** Their connections that have authenticated. */
  connections: number
  /** Without a connection they count as there until then. */
  until: Milliseconds
}

/** Who is there, by their connections, and who wants to hear of it. */
export class Presence {
  readonly #clock: Clock
  /** By user: who came first, first. */
  readonly #present = new Map<string, Present>()
  /** Those without a connection. */
  readonly #leaving = new Set<Present>()
  readonly #watchers = new Set<Outgoing>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** A connection of theirs has authenticated. */
  came(account: Account): void {
    const known = this.#present.get(account.id)
    if (known) {
      known.connections++
      this.#leaving.delete(known)
      return
    }
    const user = summaryOf(account)
    this.#present.set(user.id, { user, status: 'online', connections: 1, until: 0 })
    this.#tell(user)
  }

  /** They are another than before: who watches from here on sees them so. */
  renew(user: UserSummary): void {
    const present = this.#present.get(user.id)
    if (present) present.user = user
  }

  /** A connection of theirs is gone. */
  went(account: Account, outgoing: Outgoing): void {
    this.#watchers.delete(outgoing)
    const present = this.#present.get(account.id)
    if (!present || --present.connections > 0) return
    present.until = this.#clock.now() + LIMITS.presenceAbsenceMs
    this.#leaving.add(present)
  }

  /** How they are shown, until they are not there any more. */
  set(user: string, status: PresenceStatus): void {
    const present = this.#present.get(user)
    if (!present || present.status === status) return
    present.status = status
    this.#tell(present.user)
  }

  /** Starts a connection's news; returns what they start from. */
  watch(outgoing: Outgoing): { present: UserPresence[]; count: number } {
    this.#watchers.add(outgoing)
    const shown: UserPresence[] = []
    for (const { user, status } of this.#present.values()) if (status !== 'offline') shown.push({ user, status })
    return { present: shown.slice(0, LIMITS.presentUsers), count: shown.length }
  }

  unwatch(outgoing: Outgoing): void {
    this.#watchers.delete(outgoing)
  }

  /** Who stayed away long enough is not there. */
  tick(now: Milliseconds): void {
    for (const present of this.#leaving) {
      if (now < present.until) continue
      this.#leaving.delete(present)
      this.#present.delete(present.user.id)
      if (present.status !== 'offline') this.#tell(present.user)
    }
  }

  #tell(user: UserSummary): void {
    // Made when it leaves: of what changed back and forth meanwhile, the newest.
    const message = (): object => {
      const status = this.#present.get(user.id)?.status ?? 'offline'
      return { type: 'presence.changed', data: { user, status } }
    }
    for (const watcher of this.#watchers) watcher.state(`presence:${user.id}`, message)
  }
}
