import type { Account } from '@arclight/core'
import type { Storage } from '@arclight/core/contracts'
import { CLOSE, type RequestData } from '@arclight/core/protocol'
import type { Channels } from '../channels/channels.ts'
import type { LiveConnection, LiveSessions } from '../live-sessions.ts'
import type { OneAtATime } from '../one-at-a-time.ts'
import { NONE } from '../permissions/permission-set.ts'
import type { Standings } from '../permissions/standings.ts'
import { Refusal } from '../refusal.ts'
import type { Uploads } from '../uploads/uploads.ts'
import type { Rooms } from '../voice/rooms.ts'
import type { Silences } from '../voice/silences.ts'
import type { Blocks } from './blocks.ts'
import type { Eraser } from './eraser.ts'
import { checkOwnPassword } from './own-password.ts'
import type { PasswordHasher } from './password-hasher.ts'
import type { Profiles } from './profiles.ts'
import type { SecondFactors } from './second-factors.ts'
import type { Sessions } from './sessions.ts'

/** What deleting accounts takes. */
export interface DeletionParts {
  readonly storage: Pick<Storage, 'accounts'>
  readonly hasher: PasswordHasher
  readonly secondFactors: SecondFactors
  readonly sessions: Sessions
  readonly live: LiveSessions
  readonly standings: Standings
  readonly channels: Channels
  readonly rooms: Rooms
  readonly profiles: Pick<Profiles, 'tell'>
  readonly uploads: Pick<Uploads, 'due'>
  readonly silences: Pick<Silences, 'forgetUser'>
  readonly blocks: Pick<Blocks, 'forgetUser'>
  readonly eraser: Pick<Eraser, 'due'>
  /** All changes of who may what, and of channels. */
  readonly changes: OneAtATime
}

/** Who wrote what a deleted account has left. */
const DELETED_NAME = 'deleted user'
const DELETED = { code: CLOSE.revoked, reason: 'the account was deleted' }

/** Accounts that their users delete. Throws Refusal. */
export class AccountDeletion {
  readonly #parts: DeletionParts
  /** Whoever was signing in meanwhile does not get in. */
  readonly #gone = new Set<string>()

  constructor(parts: DeletionParts) {
    this.#parts = parts
  }

  /** Throws `unauthenticated` for a user who is not there any more. */
  check(user: string): void {
    if (this.#gone.has(user)) throw new Refusal('unauthenticated', 'the account was deleted')
  }

  /** `asking` hears so before it is closed. */
  async delete(account: Account, data: RequestData<'account.delete'>, asking: LiveConnection): Promise<void> {
    const { storage, sessions, secondFactors, live, eraser, uploads, changes } = this.#parts
    const { id, name } = account
    if (this.#parts.standings.who(id).role.id === 'owner') {
      throw new Refusal('conflict', 'the server is yours: its owner’s account cannot be deleted')
    }
    secondFactors.attempt(name)
    await secondFactors.check(await checkOwnPassword(id, data.password, this.#parts, 'or-none'), data.code)
    await changes.run(async () => {
      const own = await sessions.list(id)
      // No name of anybody begins with a space.
      const change = { name: DELETED_NAME, nameKey: ` ${id}`, messages: data.messages ?? 'keep' }
      const left = await storage.accounts.erase(id, change)
      if (!left) throw new Refusal('conflict', 'the account cannot be deleted, or is deleted already')
      this.#gone.add(id)
      this.#leave(id)
      this.#parts.profiles.tell(left)
      for (const session of own) live.end(session.id, DELETED, asking)
      // Those that were made meanwhile.
      for (const connection of [...live.ofUser(id)]) if (connection !== asking) connection.end(DELETED)
    })
    uploads.due()
    eraser.due()
  }

  /** What was theirs in channels, as it is stored; groups are the eraser's. */
  #leave(user: string): void {
    const { standings, channels, rooms, silences, blocks } = this.#parts
    standings.give(user, 'member')
    silences.forgetUser(user)
    blocks.forgetUser(user)
    for (const { id } of channels.list()) {
      const channel = channels.live(id)
      channel.setPermit({ user, allow: NONE, deny: NONE })
      if (channel.summary.kind !== 'direct' && channel.members?.has(user)) channels.expel(channel, user)
      rooms.leaveChannel(id, user)
    }
  }
}
