import { expect, test } from 'vitest'
import { upTo, type Within } from './scene.ts'

/** More than an adapter is likely to write with one statement, before and behind the write that fails. */
const HALF = 180

/** A batch of which one write fails: its author does not exist. */
export function atomicityTests(within: Within, { search }: { search: boolean }): void {
  test(
    'a batch that fails half-way leaves nothing behind, and takes no number',
    within(async (scene) => {
      const { storage, general, lounge, li } = scene
      await scene.store(
        scene.message('a', { mentions: [li] }),
        scene.message('b'),
        scene.pin(2),
        scene.reaction(2, '🍵'),
      )
      const state = async () => ({
        logs: [await scene.entries(general), await scene.entries(lounge)],
        channels: [await storage.channels.get(general), await storage.channels.get(lounge)],
        pins: await storage.log.pins(general),
        markers: await storage.reads.markers(li, [general, lounge]),
        reactors: await storage.log.reactors({ channel: general, seq: 1 }, { emoji: '🍵', limit: 9 }),
        found: search && (await storage.log.search({ query: 'stray', channels: [general, lounge], limit: 9 })),
      })
      const before = await state()
      const some = (from: string) =>
        upTo(HALF).map((at) =>
          scene.message(`${from}${at}`, { text: `stray ${at}`, mentions: [li], channel: at % 2 ? general : lounge }),
        )
      const changes = [scene.edit(1, 'stray'), scene.reaction(1, '🍵'), scene.pin(1), scene.deletion(2)]
      const good = [...some('x'), ...changes, ...some('y')]
      const bad = [...some('x'), ...changes, scene.message('bad', { author: 'nobody' }), ...some('y')]
      await expect(storage.log.append(bad)).rejects.toThrow()
      expect(await state()).toEqual(before)
      expect(new Set(await scene.outcomes(...good))).toEqual(new Set(['stored']))
      expect((await scene.entries(lounge)).map(({ seq }) => seq)).toEqual(upTo(HALF))
      expect((await scene.entries(general)).map(({ seq }) => seq)).toEqual(upTo(4 + HALF + changes.length))
    }),
  )

  test(
    'a batch that fails costs those beside it nothing',
    within(async (scene) => {
      const batches = upTo(20).map((at) =>
        at % 4 === 0
          ? [scene.message(`x${at}`), scene.message(`bad${at}`, { author: 'nobody' })]
          : [scene.message(`x${at}`), scene.message(`y${at}`)],
      )
      const settled = await Promise.allSettled(batches.map((batch) => scene.append(...batch)))
      expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(5)
      expect((await scene.entries()).map(({ seq }) => seq)).toEqual(upTo(30))
      expect((await scene.messages()).map(({ ordinal }) => ordinal)).toEqual(upTo(30))
    }),
  )
}
