import type { Message } from '@arclight/core'
import { expect, test } from 'vitest'
import { AT, type Scene, upTo, type Within } from './scene.ts'

const MESSAGES = 25
const SLICE = 10

/** Removed channels: out of sight at once, gone in slices. */
export function removalTests(within: Within): void {
  test(
    'a removed channel is out of sight at once, and its name is free',
    within(async (scene) => {
      const { channels, log, reads, roles, webhooks } = scene.storage
      await fill(scene)
      const hook = { id: `${scene.id}-hook`, direction: 'out', generation: 1, createdAt: AT } as const
      await webhooks.create({ ...hook, channel: scene.general, url: 'https://example.org' })
      expect(await channels.remove('no such channel')).toBe(false)
      expect(await channels.remove(scene.general)).toBe(true)
      expect(await channels.remove(scene.general)).toBe(false)
      expect(await channels.get(scene.general)).toBeUndefined()
      expect((await channels.list()).map(({ id }) => id)).not.toContain(scene.general)
      expect(await channels.update(scene.general, { topic: 'x' })).toBeUndefined()
      expect(await log.read(scene.general, 0, 10)).toBeUndefined()
      expect(await log.page(scene.general, { at: 'newest' }, 10)).toBeUndefined()
      expect(await reads.mark(scene.mei, scene.general, 1)).toBeUndefined()
      expect((await webhooks.list()).map(({ id }) => id)).not.toContain(hook.id)
      expect((await roles.permits()).map(({ channel }) => channel)).not.toContain(scene.general)
      const again = [scene.message('late'), scene.message('m1'), scene.edit(1, 'x'), scene.deletion(1)]
      expect(await scene.outcomes(...again)).toEqual(Array(4).fill('no-channel'))
      const heir = { id: `${scene.id}-heir`, kind: 'text', name: 'heir', nameKey: scene.general, at: AT } as const
      expect((await channels.create(heir)).outcome).toBe('created')
    }),
  )

  test(
    'a purge deletes it in slices and leaves nothing of it, and everything of the others',
    within(async (scene) => {
      const { channels, log, reads, roles } = scene.storage
      const { general, lounge, li, mei } = scene
      await fill(scene)
      await scene.store(scene.message('kept', { channel: lounge, mentions: [li] }))
      await roles.setPermit({ channel: lounge, user: mei, allow: 1, deny: 2 })
      const kept = await scene.entries(lounge)
      await channels.remove(general)
      let slices = 0
      while (await channels.purge(SLICE)) slices++
      expect(slices).toBeGreaterThanOrEqual(Math.ceil(MESSAGES / SLICE))
      expect(await channels.purge(SLICE)).toBe(false)
      expect(await scene.entries(lounge)).toEqual(kept)
      expect(await reads.markers(li, [lounge])).toEqual([{ channel: lounge, seq: 0, ordinal: 0, mentions: 1 }])

      const reborn = await channels.create({ id: general, kind: 'text', name: general, nameKey: general, at: AT })
      expect(reborn).toMatchObject({ outcome: 'created', channel: { head: 0, messages: 0 } })
      expect(await log.page(general, { at: 'newest' }, 10)).toMatchObject({ messages: [], asOf: 0 })
      expect(await log.pins(general)).toEqual([])
      const permits = (await roles.permits()).filter(({ channel }) => [general, lounge].includes(channel))
      expect(permits).toEqual([{ channel: lounge, user: mei, allow: 1, deny: 2 }])
      expect(await reads.markers(mei, [general])).toEqual([{ channel: general, seq: 0, ordinal: 0, mentions: 0 }])
      const [first] = await scene.store(scene.message('m1', { text: 'born again' }))
      expect(first).toMatchObject({ seq: 1, ordinal: 1, text: 'born again' })
      expect(first).not.toHaveProperty('reactions')
      await scene.store(...upTo(MESSAGES).map((at) => scene.message(`n${at}`)))
      expect((await scene.messages()).map(({ seq }) => seq)).toEqual(upTo(MESSAGES + 1))
    }),
  )
}

/** Messages of every kind, and everything that can point to them. */
async function fill(scene: Scene): Promise<Message[]> {
  const { li, mei, general } = scene
  const stored = await scene.store(
    ...upTo(MESSAGES).map((at) => scene.message(`m${at}`, { mentions: [li], ...(at > 1 ? { replyTo: 1 } : {}) })),
    scene.reaction(2, '🍵', { actor: li }),
    scene.pin(3),
    scene.edit(4, 'another text', { mentions: [mei] }),
    scene.deletion(5),
    scene.reaction(MESSAGES, '🍵'),
  )
  await scene.storage.reads.mark(mei, general, MESSAGES)
  await scene.storage.roles.setPermit({ channel: general, role: 'guest', allow: 1, deny: 2 })
  await scene.storage.roles.setPermit({ channel: general, user: mei, allow: 1, deny: 2 })
  return stored
}
