import type { Account, UserSummary } from '@arclight/core'
import type { Storage } from '@arclight/core/contracts'
import type { RequestData } from '@arclight/core/protocol'
import type { Channels } from '../channels/channels.ts'
import type { LiveSessions } from '../live-sessions.ts'
import { OneAtATime } from '../one-at-a-time.ts'
import type { Presence } from '../presence/presence.ts'
import { Refusal } from '../refusal.ts'
import type { Uploads } from '../uploads/uploads.ts'
import type { Rooms } from '../voice/rooms.ts'

/** What profiles work with. */
export interface ProfilesParts {
  readonly storage: Pick<Storage, 'accounts' | 'uploads'>
  readonly live: LiveSessions
  readonly channels: Channels
  readonly presence: Presence
  readonly rooms: Pick<Rooms, 'renew'>
  readonly uploads: Uploads
}

/** What others see of users, and how they learn that it has changed. */
export class Profiles {
  readonly #parts: ProfilesParts
  /** So that what is told follows what is stored. */
  readonly #changes = new OneAtATime()

  constructor(parts: ProfilesParts) {
    this.#parts = parts
  }

  /** Gives the user an avatar that they uploaded, or none, and a name that is shown, or none. Throws `not_found`. */
  update(user: string, { avatar, displayName }: RequestData<'user.update'>): Promise<UserSummary> {
    return this.#changes.run(async () => {
      // What may be refused comes first.
      const shown = avatar === undefined ? undefined : await this.#setAvatar(user, avatar)
      const named = displayName === undefined ? undefined : await this.#setDisplayName(user, displayName)
      const changed = named ?? shown
      if (changed) this.tell(changed)
      const [now] = changed ? [changed] : await this.#parts.storage.accounts.get([user])
      if (!now) throw Refusal.notFound('user')
      return now
    })
  }

  async #setAvatar(user: string, avatar: string | null): Promise<UserSummary> {
    const { storage, uploads } = this.#parts
    const changed = await storage.uploads.setAvatar(user, avatar ?? undefined)
    if (!changed) throw Refusal.notFound('upload')
    uploads.due()
    return changed
  }

  /** One text for what looks the same, however it was typed. */
  #setDisplayName(user: string, displayName: string | null): Promise<UserSummary | undefined> {
    return this.#parts.storage.accounts.setDisplayName(user, displayName?.normalize('NFC'))
  }

  /** The user is another than before: everybody who is signed in hears of it; of one user the newest replaces the older. */
  tell(user: UserSummary, account?: Account): void {
    const { live, channels, presence, rooms } = this.#parts
    channels.renew(user)
    presence.renew(user)
    rooms.renew(user)
    for (const connection of live.ofUser(user.id)) {
      const { role, secondFactor, guest } = connection.identity.account
      const own = { role, ...(secondFactor ? { secondFactor } : {}), ...(guest ? { guest } : {}) }
      const now = account ?? { ...user, ...own }
      connection.refreshed({ ...connection.identity, account: now })
    }
    for (const { outgoing } of live.all()) {
      outgoing.state(`user ${user.id}`, () => ({ type: 'user.changed', data: { user } }))
    }
  }
}
