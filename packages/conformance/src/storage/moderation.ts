import type { AuditRecord, StoredBan, StoredSilence } from '@arclight/core/contracts'
import { expect, test } from 'vitest'
import { AT, type Scene, upTo, type Within } from './scene.ts'
import type { Stores } from './stores.ts'

/** What `ModerationRepository` promises. */
export function moderationTests(within: Within, stores: Stores): void {
  test(
    '[MOD-2] a ban is kept as it was made, in the place of the one before, until it is taken back',
    within(async (scene) => {
      const { moderation } = scene.storage
      const { mei, li, wang } = scene
      const long: StoredBan = { user: li, by: mei, at: AT, reason: 'spam 🍵', until: Number.MAX_SAFE_INTEGER }
      const short: StoredBan = { user: wang, by: mei, at: AT + 1 }
      expect(await moderation.unban(li)).toBe(false)
      for (const ban of [long, short]) await moderation.ban(ban)
      expect(await bansOf(scene)).toEqual([long, short])
      const next: StoredBan = { user: li, by: wang, at: AT + 2 }
      await moderation.ban(next)
      expect(await bansOf(scene)).toEqual([next, short])
      expect(await moderation.unban(li)).toBe(true)
      expect(await moderation.unban(li)).toBe(false)
      expect(await bansOf(scene)).toEqual([short])
    }),
  )

  test(
    '[VOICE-8] a silence is kept as it was said last, until neither of the two is left',
    within(async ({ storage, id, general, lounge, mei, li }) => {
      const { moderation, channels } = storage
      const silences = async () => {
        const own = (await moderation.silences()).filter(({ user }) => user.startsWith(`${id}-`))
        return own.sort((one, other) => (`${one.channel} ${one.user}` < `${other.channel} ${other.user}` ? -1 : 1))
      }
      const silence = (channel: string, user: string, muted: boolean, deafened: boolean): StoredSilence => {
        return { channel, user, muted, deafened }
      }
      const [first, second] = [silence(general, li, true, false), silence(lounge, li, false, true)]
      for (const one of [first, second, silence(lounge, mei, true, true)]) await moderation.silence(one)
      await moderation.silence(silence(lounge, mei, false, false))
      await moderation.silence(silence(general, mei, false, false))
      expect(await silences()).toEqual([first, second])
      const next = silence(lounge, li, true, true)
      await moderation.silence(next)
      expect(await silences()).toEqual([first, next])
      await channels.remove(general)
      while (await channels.purge(100));
      expect(await silences()).toEqual([next])
    }),
  )

  test('[AUDIT-1] records come in pages, the newest first, as they were made', () =>
    stores.with(async (storage) => {
      const { moderation, accounts } = storage
      expect(await moderation.audit({ limit: 2 })).toEqual({ records: [], hasMore: false })
      await accounts.create({ ...ACCOUNT, createdAt: AT })
      // Neither the order in which they come nor that of their ids is the order of their times.
      const records = upTo(7).map((at): AuditRecord => recordOf(at, { id: `r${(at * 3) % 7}` }))
      for (const at of [3, 0, 5, 1, 6, 2, 4]) await moderation.record(records[at] as AuditRecord)
      const newest = records.toReversed()
      expect(await moderation.audit({ limit: 100 })).toEqual({ records: newest, hasMore: false })
      const pages: AuditRecord[] = []
      for (let page = 1; page <= 4; page++) {
        const { records: some, hasMore } = await moderation.audit({ before: pages.at(-1)?.id, limit: 2 })
        pages.push(...some)
        expect([some.length, hasMore]).toEqual(page < 4 ? [2, true] : [1, false])
      }
      expect(pages).toEqual(newest)
      expect(await moderation.audit({ before: newest.at(-1)?.id, limit: 2 })).toEqual({ records: [], hasMore: false })
    }))

  test('[AUDIT-1] records of one time are each on one page', () =>
    stores.with(async ({ moderation, accounts }) => {
      await accounts.create({ ...ACCOUNT, createdAt: AT })
      for (const at of upTo(5)) await moderation.record(recordOf(at, { at: AT }))
      const seen: string[] = []
      for (let more = true; more; ) {
        const { records, hasMore } = await moderation.audit({ before: seen.at(-1), limit: 2 })
        seen.push(...records.map(({ id }) => id))
        more = hasMore
      }
      expect(seen.toSorted()).toEqual(upTo(5).map((at) => `r${at}`))
    }))
}

const ACCOUNT = { id: 'mei', name: 'mei', nameKey: 'mei', role: 'owner', passwordHash: 'hash' } as const

/** Every second one without a target and details. */
function recordOf(at: number, more: Partial<AuditRecord> = {}): AuditRecord {
  const all = at % 2 === 0 ? {} : { target: `u${at}`, detail: JSON.stringify({ reason: `"spam" 🍵 ${at}` }) }
  return { id: `r${at}`, at: AT + at, by: 'mei', action: 'user.ban', ...all, ...more }
}

/** Of the scene's users. */
async function bansOf({ storage, id }: Scene): Promise<StoredBan[]> {
  const own = (await storage.moderation.bans()).filter(({ user }) => user.startsWith(`${id}-`))
  return own.sort((one, other) => (one.user < other.user ? -1 : 1))
}
