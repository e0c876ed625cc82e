import type { StoredChannel } from '@arclight/core/contracts'
import { expect, test } from 'vitest'
import { AT, type Scene, type Within } from './scene.ts'
import type { Stores } from './stores.ts'

/** What `ChannelRepository` promises of channels that are there; members and removal are in files of their own. */
export function channelTests(within: Within, stores: Stores): void {
  test('a new store has one text and one voice channel, both empty', () =>
    stores.with(async ({ channels }) => {
      const list = await channels.list()
      expect(list.map(({ kind, head, messages }) => ({ kind, head, messages }))).toEqual([
        { kind: 'text', head: 0, messages: 0 },
        { kind: 'voice', head: 0, messages: 0 },
      ])
      expect(new Set(list.map(({ epoch }) => epoch)).size).toBe(2)
      expect(await channels.get('no such channel')).toBeUndefined()
    }))

  test(
    'a channel is made with what was asked for, empty and last in the order',
    within(async ({ storage: { channels }, id }) => {
      const plain = { id: `${id}-a`, kind: 'voice', name: `Ä ${id}`, nameKey: `ä ${id}`, at: AT } as const
      const created = await channels.create(plain)
      const { epoch, ...rest } = channelOf(created)
      expect(rest).toEqual({ id: plain.id, kind: 'voice', name: plain.name, head: 0, messages: 0 })
      expect(epoch).toMatch(/^.{1,64}$/)
      const full = {
        ...plain,
        id: `${id}-b`,
        kind: 'text',
        nameKey: `b ${id}`,
        topic: 'tea',
        slowModeMs: 1_500,
      } as const
      const other = channelOf(await channels.create(full))
      expect(other).toMatchObject({ kind: 'text', topic: 'tea', slowModeMs: 1_500 })
      expect(other.epoch).not.toBe(epoch)
      expect(await channels.get(full.id)).toEqual(other)
      expect((await ids(channels.list(), id)).slice(-2)).toEqual([plain.id, full.id])
    }),
  )

  test(
    'a name key is given out once, to one of those who ask at once too',
    within(async ({ storage: { channels }, id, general }) => {
      const wish = (one: string, nameKey: string) =>
        channels.create({ id: `${id}-${one}`, kind: 'text', name: one, nameKey, at: AT })
      expect(await wish('x', general)).toEqual({ outcome: 'name-taken' })
      const asked = await Promise.all(['a', 'b', 'c', 'd'].map((one) => wish(one, `${id}-same`)))
      expect(asked.map(({ outcome }) => outcome).sort()).toEqual(['created', 'name-taken', 'name-taken', 'name-taken'])
      expect((await ids(channels.list(), id)).filter((one) => /-[abcdx]$/.test(one))).toHaveLength(1)
    }),
  )

  test(
    '[DIRECT-1] a direct channel is found again by its key, whoever asks first',
    within(async ({ storage: { channels }, id, mei, li, wang }) => {
      const wish = (one: string, members: string[]) =>
        channels.create({ id: `${id}-${one}`, kind: 'direct', name: '', directKey: `${id} key`, members, at: AT })
      const asked = await Promise.all(['a', 'b', 'c'].map((one) => wish(one, [mei, li])))
      expect(asked.map(({ outcome }) => outcome).sort()).toEqual(['created', 'exists', 'exists'])
      expect(new Set(asked.map((one) => channelOf(one).id)).size).toBe(1)
      const again = channelOf(await wish('d', [mei, wang]))
      expect(again).toMatchObject({ kind: 'direct', directKey: `${id} key` })
      expect(again.members?.map((member) => member.id)).toEqual([li, mei])
    }),
  )

  test(
    'what is changed of a channel changes, and the rest stays',
    within(async (scene) => {
      const { channels } = scene.storage
      await scene.store(scene.message('a'))
      const before = channelOf(await channels.get(scene.general))
      const change = { name: 'Tea', nameKey: `${scene.id}-tea`, topic: 'green', archived: true, slowModeMs: 7 }
      const { nameKey, ...shown } = change
      expect(await channels.update(scene.general, change)).toEqual({ ...before, ...shown })
      expect(await channels.update(scene.general, {})).toEqual({ ...before, ...shown })
      const named = { ...before, name: 'Tea' }
      expect(await channels.update(scene.general, { topic: '', archived: false, slowModeMs: 0 })).toEqual(named)
      expect(await channels.get(scene.general)).toEqual(named)
      expect(await channels.update('no such channel', { name: 'a', nameKey: `${scene.id}-n` })).toBeUndefined()
    }),
  )

  test(
    'a name that another channel has changes nothing; its own is free to it, and the one it had to all',
    within(async ({ storage: { channels }, id, general, lounge }) => {
      const before = await channels.get(lounge)
      expect(await channels.update(lounge, { name: 'x', nameKey: general, topic: 'y' })).toBe('name-taken')
      expect(await channels.get(lounge)).toEqual(before)
      expect(await channels.update(lounge, { name: lounge.toUpperCase(), nameKey: lounge })).toMatchObject({
        name: lounge.toUpperCase(),
      })
      await channels.update(lounge, { name: 'other', nameKey: `${id}-other` })
      expect(await channels.update(general, { name: lounge, nameKey: lounge })).toMatchObject({ name: lounge })
      const both = [general, lounge].map((one) => channels.update(one, { name: 'z', nameKey: `${id}-z` }))
      const outcomes = (await Promise.all(both)).map((result) => (result === 'name-taken' ? result : 'changed'))
      expect(outcomes.sort()).toEqual(['changed', 'name-taken'])
    }),
  )

  test(
    'a channel is put before another, or last',
    within(async (scene) => {
      const { channels } = scene.storage
      const [a, b, c, d] = await four(scene)
      const order = async () => (await ids(channels.list(), scene.id)).filter((one) => /-[abcd]$/.test(one))
      expect(await order()).toEqual([a, b, c, d])
      await channels.update(d, { before: b })
      expect(await order()).toEqual([a, d, b, c])
      await channels.update(a, { before: null })
      expect(await order()).toEqual([d, b, c, a])
      await channels.update(d, { before: 'no such channel' })
      expect(await order()).toEqual([b, c, a, d])
      expect((await channels.list()).at(-1)?.id).toBe(d)
      await Promise.all([a, b, c, d].map((one) => channels.update(one, { before: null })))
      expect([...(await order())].sort()).toEqual([a, b, c, d])
    }),
  )

  test('renewed epochs are other ones, of each channel its own, and the logs stay as they are', () =>
    stores.with(async ({ channels, log }) => {
      const [before, heads] = [await channels.list(), (list: readonly StoredChannel[]) => list.map(({ head }) => head)]
      await channels.renewEpochs()
      const after = await channels.list()
      expect(heads(after)).toEqual(heads(before))
      expect(new Set([...before, ...after].map(({ epoch }) => epoch)).size).toBe(before.length + after.length)
      for (const { id, epoch } of after) {
        expect((await log.read(id, 0, 1))?.epoch).toBe(epoch)
        expect((await log.page(id, { at: 'newest' }, 1))?.epoch).toBe(epoch)
      }
    }))
}

async function four({ storage, id }: Scene): Promise<[string, string, string, string]> {
  const made = ['a', 'b', 'c', 'd'].map((one) => `${id}-${one}`) as [string, string, string, string]
  for (const one of made) await storage.channels.create({ id: one, kind: 'text', name: one, nameKey: one, at: AT })
  return made
}

async function ids(list: Promise<readonly StoredChannel[]>, scene: string): Promise<string[]> {
  return (await list).map(({ id }) => id).filter((id) => id.startsWith(`${scene}-`))
}

function channelOf(found: StoredChannel | { channel: StoredChannel } | { outcome: 'name-taken' } | undefined) {
  if (!found || !('channel' in found || 'id' in found)) throw new Error('expected a channel')
  return 'channel' in found ? found.channel : found
}
