import { expect, test } from 'vitest'
import { AT, accountOf, type Within } from './scene.ts'
import type { Stores } from './stores.ts'

/** What `AccountRepository` promises. */
export function accountTests(within: Within, stores: Stores): void {
  test('a store has one owner, whoever asks first', () =>
    stores.with(async ({ accounts }) => {
      expect(await accounts.hasOwner()).toBe(false)
      expect(await accounts.create(accountOf('li'))).toBe(true)
      expect(await accounts.hasOwner()).toBe(false)
      const asked = ['mei', 'wang', 'zhao'].map((id) => accounts.create(accountOf(id, { role: 'owner' })))
      expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(1)
      expect(await accounts.hasOwner()).toBe(true)
      expect(await accounts.create(accountOf('late', { role: 'owner' }))).toBe(false)
    }))

  test(
    'an account is found by its name key, and by no other',
    within(async ({ storage: { accounts }, id }) => {
      const account = accountOf(`${id}-1`, { name: `Zhào ${id}`, nameKey: `zhào ${id}`, passwordHash: '$argon2id$x' })
      expect(await accounts.create(account)).toBe(true)
      expect(await accounts.byNameKey(`zhào ${id}`)).toEqual({
        id: `${id}-1`,
        name: `Zhào ${id}`,
        role: 'member',
        passwordHash: '$argon2id$x',
      })
      expect(await accounts.byNameKey(`Zhào ${id}`)).toBeUndefined()
      expect(await accounts.byNameKey('%')).toBeUndefined()
    }),
  )

  test(
    'a name is given out once, to one of those who ask at once too, and the first keeps it',
    within(async ({ storage: { accounts }, mei, id }) => {
      expect(await accounts.create(accountOf(`${id}-2`, { nameKey: mei }))).toBe(false)
      expect(await accounts.byNameKey(mei)).toMatchObject({ id: mei })
      const asked = ['a', 'b', 'c', 'd'].map((one) =>
        accounts.create(accountOf(`${id}-${one}`, { nameKey: `${id}-same` })),
      )
      expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(1)
    }),
  )

  test(
    'accounts are got by their ids, those that exist',
    within(async ({ storage: { accounts }, mei, li, wang }) => {
      const some = await accounts.get([mei, 'nobody', wang])
      expect([...some].sort((one, other) => (one.id < other.id ? -1 : 1))).toEqual([
        { id: mei, name: mei },
        { id: wang, name: wang },
      ])
      expect(await accounts.get([])).toEqual([])
      expect(await accounts.get(['nobody'])).toEqual([])
      const many = Array.from({ length: 2_000 }, (_, at) => `nobody ${at}`)
      expect(await accounts.get([...many, li])).toEqual([{ id: li, name: li }])
    }),
  )

  test(
    'accounts are listed in the order of their name keys, in pages',
    within(async ({ storage: { accounts }, id }) => {
      const prefix = `${id}=`
      // By code points; a locale's order is another one.
      const keys = ['%a', 'B', '_b', 'a', 'a b', 'ab', 'b', 'ä', '弧', '弧光', '𠮷', '𠮷野'].map((key) => prefix + key)
      for (const [at, nameKey] of [...keys.entries()].reverse()) {
        await accounts.create(accountOf(`${id}-${at}`, { name: nameKey.toUpperCase(), nameKey }))
      }
      const list = async (page: Parameters<typeof accounts.list>[0]) => {
        const { users, hasMore } = await accounts.list(page)
        return [users.map((user) => keys[Number(user.id.split('-')[1])]?.slice(prefix.length)), hasMore]
      }
      expect(await list({ prefix, limit: 100 })).toEqual([keys.map((key) => key.slice(prefix.length)), false])
      expect(await list({ prefix, limit: 4 })).toEqual([['%a', 'B', '_b', 'a'], true])
      expect(await list({ prefix, after: `${id}-3`, limit: 4 })).toEqual([['a b', 'ab', 'b', 'ä'], true])
      expect(await list({ prefix, after: `${id}-9`, limit: 2 })).toEqual([['𠮷', '𠮷野'], false])
      expect(await list({ prefix, after: `${id}-11`, limit: 2 })).toEqual([[], false])
      expect(await list({ prefix: `${prefix}a`, limit: 9 })).toEqual([['a', 'a b', 'ab'], false])
      expect(await list({ prefix: `${prefix}_`, limit: 9 })).toEqual([['_b'], false])
      expect(await list({ prefix: `${prefix}%`, limit: 9 })).toEqual([['%a'], false])
      expect(await list({ prefix: `${prefix}弧`, limit: 9 })).toEqual([['弧', '弧光'], false])
      expect(await list({ prefix: `${prefix}𠮷`, limit: 9 })).toEqual([['𠮷', '𠮷野'], false])
      const everybody = await accounts.list({ limit: 2 })
      expect([everybody.users.length, everybody.hasMore]).toEqual([2, true])
    }),
  )

  test(
    '[ROLE-1] who has another role than member is told apart, wherever an account is read',
    within(async ({ storage: { accounts }, mei, li, wang, id }) => {
      const given = async () => {
        const own = (await accounts.roles()).filter(({ user }) => user.startsWith(`${id}-`))
        return own.map(({ user, role }) => [user, role]).sort()
      }
      expect(await given()).toEqual([])
      expect(await accounts.giveRole(mei, 'moderator')).toBe(true)
      expect(await accounts.giveRole(li, 'guest')).toBe(true)
      expect(await given()).toEqual([
        [li, 'guest'],
        [mei, 'moderator'],
      ])
      expect(await accounts.byNameKey(mei)).toMatchObject({ role: 'moderator' })
      const { users } = await accounts.list({ prefix: `${id}-`, limit: 9 })
      expect(users.map(({ id: user, role }) => [user, role])).toEqual([
        [li, 'guest'],
        [mei, 'moderator'],
        [wang, 'member'],
      ])
      expect(await accounts.giveRole(li, 'member')).toBe(true)
      expect(await given()).toEqual([[mei, 'moderator']])
      expect(await accounts.giveRole('nobody', 'moderator')).toBe(false)
    }),
  )

  test('[ROLE-2] nobody becomes the owner by a role, and the owner stays', () =>
    stores.with(async ({ accounts }) => {
      await accounts.create(accountOf('mei', { role: 'owner' }))
      await accounts.create(accountOf('li'))
      expect(await accounts.giveRole('mei', 'member')).toBe(false)
      expect(await accounts.giveRole('li', 'owner')).toBe(false)
      expect(await accounts.owner()).toBe('mei')
      expect(await accounts.roles()).toEqual([{ user: 'mei', role: 'owner' }])
    }))

  test(
    'a display name is read wherever its user is, until it is taken away',
    within(async (scene) => {
      const { accounts, channels } = scene.storage
      const { mei } = scene
      await scene.store(scene.message('a'))
      const user = { id: mei, name: mei, displayName: '王美' }
      expect(await accounts.setDisplayName(mei, '王美')).toEqual(user)
      expect(await accounts.setDisplayName('nobody', '王美')).toBeUndefined()
      await scene.store(scene.message('b'), scene.reaction(1, '👍'))
      expect((await scene.messages()).map(({ author }) => author)).toEqual([user, user])
      expect(await accounts.get([mei])).toEqual([user])
      expect(await accounts.credentials(mei)).toMatchObject(user)
      expect(await accounts.byNameKey(mei)).toMatchObject(user)
      expect((await accounts.list({ prefix: mei, limit: 1 })).users).toEqual([{ ...user, role: 'member' }])
      const place = { channel: scene.general, seq: 1 }
      expect((await scene.storage.log.reactors(place, { emoji: '👍', limit: 9 })).users).toEqual([user])
      const own = { id: `${scene.id}-own`, kind: 'text', name: 'own', nameKey: `${scene.id}-own`, at: AT } as const
      await channels.create({ ...own, private: true, members: [mei] })
      expect((await channels.get(own.id))?.members).toEqual([user])
      expect(await accounts.setDisplayName(mei, undefined)).toEqual({ id: mei, name: mei })
      expect((await scene.messages())[0]?.author).toEqual({ id: mei, name: mei })
    }),
  )

  test(
    '[BLOCK-1] whom a user has blocked is kept, once, until it is taken back',
    within(async ({ storage, id, mei, li, wang }) => {
      const { accounts } = storage
      const blocks = async () => {
        const own = (await accounts.blocks()).filter(({ user }) => user.startsWith(`${id}-`))
        return own.map(({ user, blocked }) => `${user} ${blocked}`).sort()
      }
      const all = [
        { user: mei, blocked: li },
        { user: mei, blocked: wang },
        { user: li, blocked: mei },
      ] as const
      for (const one of [...all, all[0]]) await accounts.block(one)
      expect(await blocks()).toEqual(all.map(({ user, blocked }) => `${user} ${blocked}`).sort())
      await accounts.unblock(all[0])
      await accounts.unblock(all[0])
      expect(await blocks()).toEqual([`${li} ${mei}`, `${mei} ${wang}`].sort())
    }),
  )

  test(
    '[AUTH-15] guests without a session end: their names are free, and what they wrote stays',
    within(async (scene) => {
      const { accounts, sessions, moderation } = scene.storage
      const ids = ['gone', 'here', 'new'].map((name) => `${scene.id}-${name}`)
      const [gone = '', here = '', fresh = ''] = ids
      const made = { role: 'guest', guest: true, passwordHash: '' } as const
      for (const id of [gone, here]) expect(await accounts.create(accountOf(id, made))).toBe(true)
      await accounts.create(accountOf(fresh, { ...made, createdAt: AT + 500 }))
      expect(await accounts.credentials(gone)).toMatchObject({ id: gone, guest: true, role: 'guest' })
      await sessions.create({ ...sessionOf(`${scene.id}-1`), user: gone, expiresAt: AT + 10 })
      await sessions.create({ ...sessionOf(`${scene.id}-2`), user: here })
      await scene.store(scene.message('by a guest', { author: gone }))
      await accounts.block({ user: gone, blocked: here })
      await accounts.block({ user: here, blocked: gone })
      await moderation.silence({ channel: scene.general, user: gone, muted: true, deafened: false })
      const end = async () => {
        const ended = await accounts.endGuests({ now: AT + 100, before: AT + 100 })
        return ended.filter(({ id }) => ids.includes(id))
      }
      expect(await end()).toEqual([{ id: gone, name: gone }])
      expect(await end()).toEqual([])
      expect((await scene.messages())[0]?.author).toEqual({ id: gone, name: 'guest' })
      expect((await accounts.blocks()).filter(({ user }) => ids.includes(user))).toEqual([])
      expect((await moderation.silences()).filter(({ user }) => user === gone)).toEqual([])
      const listed = await accounts.list({ prefix: `${scene.id}-`, limit: 9 })
      expect(listed.users.map(({ id }) => id)).not.toContain(gone)
      expect(await accounts.create(accountOf(`${gone}2`, { nameKey: gone }))).toBe(true)
    }),
  )

  test(
    '[AUTH-16] a guest who takes a password is the same account; no other account is claimed',
    within(async (scene) => {
      const { accounts } = scene.storage
      const id = `${scene.id}-guest`
      await accounts.create(accountOf(id, { role: 'guest', guest: true, passwordHash: '' }))
      const claim = { id, name: 'Li', nameKey: `${id} key`, passwordHash: 'a hash', role: 'member' }
      expect(await accounts.claim({ ...claim, nameKey: accountOf(scene.mei).nameKey })).toBe('name-taken')
      expect(await accounts.claim(claim)).toBe('claimed')
      expect(await accounts.credentials(id)).toEqual({ id, name: 'Li', role: 'member', passwordHash: 'a hash' })
      expect((await accounts.byNameKey(`${id} key`))?.id).toBe(id)
      expect(await accounts.claim({ ...claim, nameKey: `${id} again` })).toBe('no-guest')
      expect(await accounts.claim({ ...claim, id: scene.li, nameKey: `${id} li` })).toBe('no-guest')
    }),
  )

  test(
    'a bot is an account that says so, until it is ended; what it wrote stays its own',
    within(async (scene) => {
      const { accounts, sessions } = scene.storage
      const bot = `${scene.id}-bot`
      const [earlier, later] = [`${scene.id}=1`, `${scene.id}=2`]
      expect(await accounts.create(accountOf(bot, { nameKey: later, bot: true, passwordHash: '' }))).toBe(true)
      expect(await accounts.create(accountOf(`${bot}2`, { nameKey: earlier, bot: true, passwordHash: '' }))).toBe(true)
      const bots = async () => (await accounts.bots()).filter(({ id }) => id.startsWith(scene.id))
      const summary = { id: bot, name: bot, bot: true }
      expect(await bots()).toEqual([{ id: `${bot}2`, name: `${bot}2`, bot: true }, summary])
      expect(await accounts.byNameKey(later)).toEqual({ ...summary, role: 'member', passwordHash: '' })
      expect(await accounts.get([bot])).toEqual([summary])
      await sessions.create({ ...sessionOf(scene.id), user: bot })
      await scene.store(scene.message('by a bot', { author: bot }))

      expect(await accounts.endBot(scene.mei)).toBe(false)
      expect(await accounts.endBot('nobody')).toBe(false)
      expect(await accounts.endBot(bot)).toBe(true)
      expect(await accounts.endBot(bot)).toBe(false)
      expect((await bots()).map(({ id }) => id)).toEqual([`${bot}2`])
      expect(await sessions.find(`hash of ${scene.id}`)).toBeUndefined()
      expect((await scene.messages())[0]?.author).toEqual(summary)
      const listed = await accounts.list({ prefix: `${scene.id}=`, limit: 9 })
      expect(listed.users.map(({ id }) => id)).toEqual([`${bot}2`])
      expect(await accounts.create(accountOf(`${bot}3`, { nameKey: later }))).toBe(false)
    }),
  )
}

function sessionOf(id: string) {
  return { id, tokenHash: `hash of ${id}`, createdAt: AT, usedAt: AT, expiresAt: AT + 1_000 }
}
