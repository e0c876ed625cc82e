import type { Storage } from '@arclight/core/contracts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { follow, walkBack, writeAtOnce } from './at-once.ts'
import { accountOf, entriesOf, messageOf, Scene, upTo } from './scene.ts'
import type { Stores } from './stores.ts'

/** Two handles on one store, as two processes have it. */
export function twoHandleTests(stores: Stores): void {
  const handles: Storage[] = []
  let scenes = 0
  beforeAll(async () => {
    const name = stores.newName()
    handles.push(await stores.open(name), await stores.open(name))
  })
  afterAll(async () => {
    for (const handle of handles.splice(0)) await handle.close()
  })

  /** A test with a scene made through the first of two handles on a store that the tests share. */
  async function withTwo(use: (scene: Scene, first: Storage, second: Storage) => Promise<void>): Promise<void> {
    const [first, second] = handles
    if (!first || !second) throw new Error('expected two handles to be open')
    await use(await Scene.make(first, `s${++scenes}`), first, second)
  }

  test('handles that open a new store at once make it once', async () => {
    const name = stores.newName()
    const several = await Promise.all([1, 2, 3].map(() => stores.open(name)))
    const lists = await Promise.all(several.map(({ channels }) => channels.list()))
    expect(lists[0]).toHaveLength(2)
    expect([lists[1], lists[2]]).toEqual([lists[0], lists[0]])
    await Promise.all(several.map((handle) => handle.close()))
  })

  test('appends of both leave no gap and no duplicate; commit order is seq order, and no reader sees a hole', () =>
    withTwo(async (scene, first, second) => {
      const writing = writeAtOnce(scene, [first, second])
      const { general, lounge } = scene
      const places = [first, second].flatMap((handle) => [general, lounge].map((channel) => ({ handle, channel })))
      const followed = Promise.all(places.map(({ handle, channel }) => follow(handle, channel, writing)))
      const [seqs, seen] = await Promise.all([writing, followed])
      for (const channel of [general, lounge]) {
        const stored = [...(seqs.get(channel) ?? [])].sort((one, other) => one - other)
        expect(stored).toEqual(upTo(stored.length))
      }
      expect(seen).toEqual(places.map(({ channel }) => seqs.get(channel)?.length))
      expect(await entriesOf(second, general)).toEqual(await entriesOf(first, general))
    }))

  test('history is whole in one while the other writes', () =>
    withTwo(async (scene, first, second) => {
      await scene.store(...upTo(30).map((at) => scene.message(`early${at}`)))
      const writing = writeAtOnce(scene, [first])
      const [walks] = await Promise.all([walkBack(second, scene.general, writing), writing])
      expect(walks).toBeGreaterThan(0)
    }))

  test('a repeat is one whichever handle it comes through', () =>
    withTwo(async (scene, first, second) => {
      const ids = upTo(20).map((at) => `m${at}`)
      const sent = ids.flatMap((id) =>
        [first, second].map((handle) =>
          handle.log.append([scene.message(id), scene.message(`${id} too`, { after: id })]),
        ),
      )
      const results = (await Promise.all(sent)).flat()
      expect(results.filter(({ outcome }) => outcome === 'stored')).toHaveLength(40)
      expect(results.filter(({ outcome }) => outcome === 'repeated')).toHaveLength(40)
      const seqs = new Map(results.map((result) => [messageOf(result)?.clientId, messageOf(result)?.seq]))
      for (const result of results) expect(messageOf(result)?.seq).toBe(seqs.get(messageOf(result)?.clientId))
      const [one] = await second.log.append([scene.message('behind', { after: 'm1' })])
      expect(one?.outcome).toBe('stored')
    }))

  test('what one changed the other knows at once', () =>
    withTwo(async (scene, first, second) => {
      const { general, li } = scene
      await scene.store(scene.message('a', { mentions: [li] }))
      const [edited] = await second.log.append([scene.edit(1, 'b')])
      expect((await first.log.page(general, { at: 'newest' }, 1))?.messages).toEqual([messageOf(edited)])
      await second.channels.update(general, { topic: 'tea' })
      expect(await first.channels.get(general)).toMatchObject({ topic: 'tea', head: 2 })
      const { id } = scene
      await second.accounts.create(accountOf(`${id}-new`))
      expect(await first.accounts.byNameKey(`${id}-new`)).toMatchObject({ id: `${id}-new` })
      await first.reads.mark(li, general, 1)
      expect((await second.reads.markers(li, [general]))[0]).toMatchObject({ seq: 1 })
      await first.channels.remove(general)
      const [late] = await second.log.append([scene.message('late')])
      expect(late?.outcome).toBe('no-channel')
    }))

  test('what is given out once is given out once to both: names, the owner, direct channels', () =>
    withTwo(async (scene, first, second) => {
      const { id, mei, li } = scene
      const both = [first, second, first, second]
      const owners = await Promise.all(
        both.map(({ accounts }, at) => accounts.create(accountOf(`owner${at}`, { role: 'owner' }))),
      )
      expect(owners.filter(Boolean)).toHaveLength(1)
      const named = await Promise.all(
        both.map(({ channels }, at) =>
          channels.create({ id: `${id}-c${at}`, kind: 'text', name: 'x', nameKey: `${id}-x`, at }),
        ),
      )
      expect(named.filter(({ outcome }) => outcome === 'created')).toHaveLength(1)
      const wish = { kind: 'direct', name: '', directKey: `${id} both`, members: [mei, li], at: 0 } as const
      const direct = await Promise.all(both.map(({ channels }, at) => channels.create({ ...wish, id: `${id}-d${at}` })))
      expect(direct.map(({ outcome }) => outcome).sort()).toEqual(['created', 'exists', 'exists', 'exists'])
    }))
}
