import { expect, test } from 'vitest'
import { AT, accountOf, type Within } from './scene.ts'

const CHANGE = { name: 'deleted user', messages: 'delete' } as const

/** What becomes of an account that is deleted, and of what it has written. */
export function erasureTests(within: Within): void {
  test(
    '[GONE-2] an account that is deleted is nobody’s, and what it wrote stays its own',
    within(async (scene) => {
      const { accounts, sessions, invites, channels, moderation, reads, secondFactors, uploads, log } = scene.storage
      const { identities } = scene.storage
      const { mei, li, id } = scene
      const session = { id, tokenHash: `hash of ${id}`, createdAt: AT, usedAt: AT, expiresAt: AT + 1_000 }
      await sessions.create({ ...session, user: mei })
      const invite = { id, codeHash: id, role: 'member', by: mei, createdAt: AT, expiresAt: AT + 9, uses: 1 }
      await invites.create(invite)
      const attic = { id: `${id}-attic`, kind: 'text', name: 'attic', nameKey: `${id}-attic`, at: AT } as const
      await channels.create({ ...attic, private: true, members: [mei, li] })
      const pair = { id: `${id}-pair`, kind: 'direct', name: '', directKey: `${id}-pair`, at: AT } as const
      await channels.create({ ...pair, members: [mei, li] })
      const identity = { issuer: 'https://id.example.org', subject: id }
      expect(await identities.create(identity, accountOf(`${id}-idp`))).toBe('created')
      await secondFactors.begin(mei, 'salt')
      await secondFactors.confirm(mei, { salt: 'salt', step: 1, codeHashes: ['a'] })
      await accounts.setDisplayName(mei, '王美')
      await accounts.setReset(mei, `reset ${id}`, AT + 9)
      await accounts.giveRole(mei, 'moderator')
      await moderation.ban({ user: mei, by: li, at: AT })
      const upload = { id: `${id}-file`, owner: mei, purpose: 'attachment', name: 'a', size: 1 } as const
      await uploads.create({ ...upload, createdAt: AT, expiresAt: AT + 9 }, { bytes: 9, growing: 9 })
      await scene.store(scene.message('a'), scene.message('b', { author: li, mentions: [mei] }))
      await reads.mark(mei, scene.general, 1)

      const change = { ...CHANGE, nameKey: ` ${mei}` }
      const user = { id: mei, name: 'deleted user', deleted: true }
      expect(await accounts.erase('nobody', change)).toBeUndefined()
      const asked = await Promise.all([1, 2].map(() => accounts.erase(mei, change)))
      expect(asked.filter(Boolean)).toEqual([user])
      expect((await scene.messages()).map(({ author }) => author.name)).toEqual(['deleted user', li])
      expect(await accounts.get([mei])).toEqual([user])
      expect(await accounts.byNameKey(mei)).toBeUndefined()
      expect(await accounts.credentials(mei)).toBeUndefined()
      expect((await accounts.list({ prefix: id, limit: 9 })).users.map((one) => one.id)).not.toContain(mei)
      expect((await accounts.roles()).map((one) => one.user)).not.toContain(mei)
      expect(await accounts.giveRole(mei, 'guest')).toBe(false)
      expect(await accounts.takeReset(`reset ${id}`, AT)).toBeUndefined()
      expect(await sessions.find(`hash of ${id}`)).toBeUndefined()
      expect(await invites.redeem(id, AT)).toBeUndefined()
      expect((await channels.get(attic.id))?.members?.map((one) => one.id)).toEqual([li])
      expect((await channels.get(pair.id))?.members).toContainEqual(user)
      expect((await moderation.bans()).map((ban) => ban.user)).not.toContain(mei)
      expect(await reads.markers(mei, [scene.general])).toEqual([
        { channel: scene.general, seq: 0, ordinal: 0, mentions: 0 },
      ])
      // Whoever the provider says it is begins anew.
      await accounts.erase(`${id}-idp`, { ...CHANGE, nameKey: ` ${id}-idp` })
      expect(await scene.storage.identities.find(identity)).toBeUndefined()
      expect(await secondFactors.get(mei)).toBeUndefined()
      expect((await uploads.get(upload.id))?.state).toBe('removed')
      // What was signed in to meanwhile is nobody's either.
      await sessions.create({ ...session, id: `${id}-late`, tokenHash: `late ${id}`, user: mei })
      expect(await sessions.find(`late ${id}`)).toBeUndefined()
      expect(await accounts.create(accountOf(`${id}-new`, { nameKey: mei }))).toBe(true)

      const erasing = async () => (await accounts.erasing()).filter((one) => one.user === mei)
      expect(await erasing()).toEqual([{ user: mei, messages: 'delete' }])
      await accounts.erased(mei)
      expect(await erasing()).toEqual([])
      expect((await log.byAuthor(mei, { limit: 9 })).messages.map(({ text }) => text)).toEqual(['a'])
    }),
  )

  test(
    'an author’s messages are read in pages, each once, without deleted ones and those of removed channels',
    within(async (scene) => {
      const { log, channels } = scene.storage
      const { general, lounge, mei, li, id } = scene
      const gone = { id: `${id}-gone`, kind: 'text', name: 'gone', nameKey: `${id}-gone`, at: AT } as const
      await channels.create(gone)
      await scene.store(
        ...['a', 'b', 'c'].map((one) => scene.message(one)),
        ...['d', 'e'].map((one) => scene.message(one, { channel: lounge })),
        scene.message('f', { channel: gone.id }),
        scene.message('g', { author: li }),
      )
      await scene.store(scene.deletion(2))
      await channels.remove(gone.id)
      const texts: string[] = []
      let after: { channel: string; clientId: string } | undefined
      for (;;) {
        const { messages, hasMore } = await log.byAuthor(mei, { after, limit: 1 })
        texts.push(...messages.map(({ text }) => text))
        after = messages.at(-1)
        if (!hasMore) break
      }
      expect(texts.toSorted()).toEqual(['a', 'c', 'd', 'e'])
      expect((await log.byAuthor(mei, { limit: 4 })).hasMore).toBe(false)
      const places = (await log.byAuthor(mei, { limit: 9 })).messages.map(({ channel }) => channel)
      expect(new Set(places)).toEqual(new Set([general, lounge]))
      expect(await log.byAuthor('nobody', { limit: 9 })).toEqual({ messages: [], hasMore: false })
    }),
  )
}
