import { expect, test } from 'vitest'
import { upTo, type Within } from './scene.ts'

/** What `ReadRepository` promises. */
export function readTests(within: Within): void {
  test(
    '[READ-1] a marker moves forward, at most to the head, and never back',
    within(async (scene) => {
      const { reads } = scene.storage
      const { li, mei, general } = scene
      await scene.store(...upTo(5).map((at) => scene.message(`m${at}`)))
      const mark = (seq: number, user = li) => reads.mark(user, general, seq)
      const place = { channel: general, mentions: 0 }
      expect(await mark(0)).toEqual({ ...place, seq: 0, ordinal: 0, moved: false })
      expect(await mark(2)).toEqual({ ...place, seq: 2, ordinal: 2, moved: true })
      expect(await mark(2)).toEqual({ ...place, seq: 2, ordinal: 2, moved: false })
      expect(await mark(1)).toEqual({ ...place, seq: 2, ordinal: 2, moved: false })
      expect(await mark(99)).toEqual({ ...place, seq: 5, ordinal: 5, moved: true })
      expect(await mark(5)).toEqual({ ...place, seq: 5, ordinal: 5, moved: false })
      expect(await mark(1, mei)).toEqual({ ...place, seq: 1, ordinal: 1, moved: true })
      expect(await reads.mark(li, 'no such channel', 1)).toBeUndefined()
    }),
  )

  test(
    '[READ-1] the ordinal is that of the newest message at or below the marker',
    within(async (scene) => {
      const { reads } = scene.storage
      const { li, general } = scene
      // Messages at 1 and 4 alone.
      await scene.store(
        scene.message('a'),
        scene.edit(1, 'b'),
        scene.edit(1, 'c'),
        scene.message('d'),
        scene.deletion(4),
      )
      expect(await reads.mark(li, general, 3)).toMatchObject({ seq: 3, ordinal: 1 })
      expect(await reads.mark(li, general, 4)).toMatchObject({ seq: 4, ordinal: 2 })
      expect(await reads.mark(li, general, 9)).toMatchObject({ seq: 5, ordinal: 2 })
    }),
  )

  test(
    '[READ-2] mentions above the marker are counted, as the messages are now',
    within(async (scene) => {
      const { reads } = scene.storage
      const { li, wang, general, lounge } = scene
      const to = (...mentions: string[]) => ({ mentions })
      await scene.store(
        ...[
          scene.message('a', to(li)),
          scene.message('b', to(li, wang)),
          scene.message('c'),
          scene.message('d', to(li)),
        ],
        scene.message('e', { ...to(li), channel: lounge }),
      )
      const count = async (user: string) =>
        (await reads.markers(user, [general, lounge])).map(({ mentions }) => mentions)
      expect(await count(li)).toEqual([3, 1])
      expect(await count(wang)).toEqual([1, 0])
      expect(await reads.mark(li, general, 1)).toMatchObject({ mentions: 2 })
      expect(await count(li)).toEqual([2, 1])
      await scene.store(scene.edit(3, 'c', to(li)), scene.edit(2, 'b', to(wang)), scene.deletion(4))
      expect(await count(li)).toEqual([1, 1])
      expect(await count(wang)).toEqual([1, 0])
      expect(await reads.mark(li, general, 99)).toMatchObject({ mentions: 0 })
      expect(await count(li)).toEqual([0, 1])
    }),
  )

  test(
    'markers come in the order that was asked for, of a channel never read too',
    within(async (scene) => {
      const { reads } = scene.storage
      const { li, general, lounge } = scene
      await scene.store(scene.message('a'), scene.message('b'))
      await reads.mark(li, general, 2)
      const read = { channel: general, seq: 2, ordinal: 2, mentions: 0 }
      const unread = { channel: lounge, seq: 0, ordinal: 0, mentions: 0 }
      expect(await reads.markers(li, [lounge, general])).toEqual([unread, read])
      expect(await reads.markers(li, [general])).toEqual([read])
      expect(await reads.markers(li, [])).toEqual([])
      const many = upTo(1_000).map((at) => `channel ${at}`)
      expect((await reads.markers(li, [...many, general])).at(-1)).toEqual(read)
    }),
  )

  test(
    'a marker that several move at once ends at the highest',
    within(async (scene) => {
      const { reads } = scene.storage
      await scene.store(...upTo(20).map((at) => scene.message(`m${at}`)))
      await Promise.all([7, 20, 3, 12, 19, 1].map((seq) => reads.mark(scene.li, scene.general, seq)))
      expect((await reads.markers(scene.li, [scene.general]))[0]).toMatchObject({ seq: 20, ordinal: 20 })
    }),
  )
}
