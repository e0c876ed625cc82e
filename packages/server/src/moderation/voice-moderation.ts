import type { Account } from '@arclight/core'
import type { Storage } from '@arclight/core/contracts'
import type { Permission, RequestData } from '@arclight/core/protocol'
import type { Channels } from '../channels/channels.ts'
import type { OneAtATime } from '../one-at-a-time.ts'
import { checkRules } from '../permissions/check-rules.ts'
import { may, type Who } from '../permissions/may.ts'
import type { Standings } from '../permissions/standings.ts'
import { Refusal } from '../refusal.ts'
import type { Rooms } from '../voice/rooms.ts'
import type { Silences } from '../voice/silences.ts'
import type { Audit } from './audit.ts'

/** What keeping order in voice takes. */
export interface VoiceModerationParts {
  readonly storage: Pick<Storage, 'accounts'>
  readonly channels: Channels
  readonly standings: Standings
  readonly rooms: Rooms
  readonly silences: Silences
  readonly audit: Audit
  /** All changes of who may what, and of channels: one that is being removed is not written to. */
  readonly changes: OneAtATime
}

/** Silences users in voice channels, and sends them from one to another. Throws Refusal. */
export class VoiceModeration {
  readonly #parts: VoiceModerationParts

  constructor(parts: VoiceModerationParts) {
    this.#parts = parts
  }

  /** The user need not be there: what is taken from them is so when they come. */
  async moderate({ channel, user, muted, deafened }: RequestData<'voice.moderate'>, by: Account): Promise<void> {
    const { storage, standings, rooms, silences, audit, changes } = this.#parts
    await changes.run(async () => {
      const who = this.#moderator(by, 'mute')
      this.#checkVoice(channel, by)
      if (muted === undefined && deafened === undefined) throw nothingGiven()
      if ((await storage.accounts.get([user])).length === 0) throw Refusal.notFound('user')
      checkRules(who, standings.who(user))
      const before = silences.of(channel, user)
      const silence = { muted: muted ?? before.muted, deafened: deafened ?? before.deafened }
      await silences.set({ channel, user, ...silence })
      rooms.silence(channel, user, silence)
      await audit.record(by, 'voice.moderate', user, { channel, muted, deafened })
    })
  }

  /** Nobody is sent to where they could not go themselves. */
  async move({ channel, member, to }: RequestData<'voice.move'>, by: Account): Promise<void> {
    const { channels, standings, rooms, audit, changes } = this.#parts
    await changes.run(async () => {
      const who = this.#moderator(by, 'move')
      for (const one of [channel, to]) this.#checkVoice(one, by)
      const place = rooms.find(channel, member)
      if (!place) throw Refusal.notFound('member of that voice channel')
      const { user } = place
      checkRules(who, standings.who(user.id))
      if (!channels.allows(to, user, 'talk')) throw new Refusal('forbidden', 'that user may not talk in that channel')
      if (to === channel) return
      await audit.record(by, 'voice.move', user.id, { channel, to })
      // They may have left meanwhile.
      if (rooms.find(channel, member) === place) rooms.send(place, to)
    })
  }

  #moderator(by: Account, to: Permission): Who {
    const who = this.#parts.standings.who(by.id)
    if (!may(who, { to })) throw new Refusal('forbidden', `that takes the permission ${to}, which you do not have here`)
    return who
  }

  #checkVoice(channel: string, by: Account): void {
    if (this.#parts.channels.allowed(channel, by, 'read').summary.kind !== 'voice') {
      throw new Refusal('forbidden', 'that channel is not for voice')
    }
  }
}

function nothingGiven(): Refusal {
  const message = 'expected one of the two at least'
  return new Refusal('bad_request', message, { issues: ['muted', 'deafened'].map((path) => ({ path, message })) })
}
