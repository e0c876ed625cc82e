import type { Account, UserSummary } from '@arclight/core'
import type { Storage } from '@arclight/core/contracts'
import type { Channels } from '../channels/channels.ts'
import type { LiveSessions } from '../live-sessions.ts'
import { OneAtATime } from '../one-at-a-time.ts'
import type { Presence } from '../presence/presence.ts'
import { Refusal } from '../refusal.ts'
import type { Uploads } from '../uploads/uploads.ts'
import type { Rooms } from '../voice/rooms.ts'

/** What profiles work with. */
export interface ProfilesParts {
  readonly storage: Pick<Storage, 'uploads'>
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

  /** Gives the user an avatar that they uploaded, or none. Throws `not_found`. */
  setAvatar(user: string, avatar: string | null): Promise<UserSummary> {
    const { storage, uploads } = this.#parts
    return this.#changes.run(async () => {
      const changed = await storage.uploads.setAvatar(user, avatar ?? undefined)
      if (!changed) throw Refusal.notFound('upload')
      uploads.due()
      this.tell(changed)
      return changed
    })
  }

  /** The user is another than before: everybody who is signed in hears of it; of one user the newest replaces the older. */
  tell(user: UserSummary, account?: Account): void {
    const { live, channels, presence, rooms } = this.#parts
    channels.renew(user)
    presence.renew(user)
    rooms.renew(user)
    for (const connection of live.ofUser(user.id)) {
      const { avatar, ...before } = connection.identity.account
      const now = account ?? (user.avatar === undefined ? before : { ...before, avatar: user.avatar })
      connection.refreshed({ ...connection.identity, account: now })
    }
    for (const { outgoing } of live.all()) {
      outgoing.state(`user ${user.id}`, () => ({ type: 'user.changed', data: { user } }))
    }
  }
}
