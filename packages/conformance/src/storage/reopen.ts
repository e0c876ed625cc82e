import type { Storage } from '@arclight/core/contracts'
import { expect, test } from 'vitest'
import { AT, accountOf, Scene, upTo } from './scene.ts'
import type { Stores } from './stores.ts'

/** A store that is closed and opened again. */
export function reopenTests(stores: Stores, { search }: { search: boolean }): void {
  test('everything is there again, and goes on where it stopped', async () => {
    const name = stores.newName()
    let before: unknown
    await stores.with(async (storage) => {
      await fill(storage)
      before = await everything(storage, search)
    }, name)
    await stores.with(async (storage) => {
      expect(await everything(storage, search)).toEqual(before)
      const [next] = await storage.log.append([
        { write: 'message', channel: 's-general', author: 's-mei', clientId: 'next', text: 'x', after: 'm3', at: AT },
      ])
      expect(next).toMatchObject({ outcome: 'stored', entry: { seq: 8, data: { message: { ordinal: 4 } } } })
      expect(await storage.accounts.create(accountOf('second', { role: 'owner' }))).toBe(false)
    }, name)
  })

  test('the first channels are made once, and stay away where they were removed', async () => {
    const name = stores.newName()
    await stores.with(async ({ channels }) => {
      for (const { id } of await channels.list()) await channels.remove(id)
    }, name)
    await stores.with(async ({ channels }) => expect(await channels.list()).toEqual([]), name)
  })

  test('a purge that was cut off goes on', async () => {
    const name = stores.newName()
    await stores.with(async (storage) => {
      const scene = await Scene.make(storage, 's')
      await scene.store(...upTo(9).map((at) => scene.message(`m${at}`)))
      await storage.channels.remove(scene.general)
      expect(await storage.channels.purge(4)).toBe(true)
    }, name)
    await stores.with(async ({ channels }) => {
      expect(await channels.get('s-general')).toBeUndefined()
      let slices = 0
      while (await channels.purge(4)) slices++
      expect(slices).toBeGreaterThan(0)
      const again = { id: 's-general', kind: 'text', name: 'a', nameKey: 'a', at: AT } as const
      expect((await channels.create(again)).outcome).toBe('created')
    }, name)
  })
}

/** A little of everything. */
async function fill(storage: Storage): Promise<void> {
  const scene = await Scene.make(storage, 's')
  const { mei, li, general } = scene
  await storage.accounts.create(accountOf('owner', { role: 'owner' }))
  await storage.accounts.create(accountOf('bot', { bot: true, passwordHash: '' }))
  await scene.store(...upTo(3).map((at) => scene.message(`m${at}`, { text: `tea ${at}`, mentions: [li] })))
  await scene.store(scene.edit(1, 'green tea'), scene.reaction(2, '🍵'), scene.pin(2), scene.deletion(3))
  await storage.reads.mark(li, general, 2)
  const times = { createdAt: AT, usedAt: AT, expiresAt: AT + 1_000 }
  await storage.sessions.create({ id: 'session', user: mei, tokenHash: 'hash', label: 'a label', ...times })
  const room = { id: 'room', kind: 'voice', name: 'room', nameKey: 'room', private: true, topic: 'tea' } as const
  await storage.channels.create({ ...room, members: [mei, li], at: AT })
  const hook = { direction: 'in', channel: general, bot: 'bot', generation: 1, createdAt: AT } as const
  await storage.webhooks.create({ id: 'hook', ...hook })
  await storage.roles.create({ id: 'host', name: 'host', rank: 300, permissions: 3, builtIn: false })
  await storage.roles.update('guest', { permissions: 1 })
  await storage.accounts.giveRole(li, 'host')
  await storage.roles.setPermit({ channel: general, role: 'host', allow: 1, deny: 2 })
  await storage.roles.setPermit({ channel: general, user: mei, allow: 4, deny: 0 })
  await storage.moderation.ban({ user: li, by: mei, at: AT, reason: 'spam', until: AT + 1_000 })
  const done = { id: 'a1', at: AT, by: mei, action: 'user.ban', target: li, detail: '{"reason":"spam"}' }
  await storage.moderation.record(done)
  const owner = { id: mei, name: mei }
  const figures = { durationMs: 1.5, bytes: 2, videoFrames: 3 }
  await storage.recordings.create({ id: 'r', title: 'r', state: 'recording', owner, startedAt: AT, ...figures })
}

async function everything(storage: Storage, search: boolean): Promise<unknown> {
  const { accounts, channels, log, moderation, reads, recordings, roles, sessions, webhooks } = storage
  return {
    users: await accounts.list({ limit: 100 }),
    mei: await accounts.byNameKey('s-mei'),
    bots: await accounts.bots(),
    owner: await accounts.hasOwner(),
    session: await sessions.find('hash'),
    channels: await channels.list(),
    log: await log.read('s-general', 0, 100),
    page: await log.page('s-general', { at: 'newest' }, 100),
    pins: await log.pins('s-general'),
    reactors: await log.reactors({ channel: 's-general', seq: 2 }, { emoji: '🍵', limit: 9 }),
    found: search && (await log.search({ query: 'tea', channels: ['s-general'], limit: 9 })),
    markers: await reads.markers('s-li', ['s-general', 's-lounge']),
    webhooks: await webhooks.list(),
    recordings: await recordings.unfinished(),
    roles: sorted(await roles.list()),
    given: sorted(await accounts.roles()),
    permits: sorted(await roles.permits()),
    bans: await moderation.bans(),
    audit: await moderation.audit({ limit: 9 }),
  }
}

/** What comes in any order, in one. */
function sorted(items: readonly unknown[]): string[] {
  return items.map((item) => JSON.stringify(item)).sort()
}
