import type { PageAnchor } from '@arclight/core/contracts'
import { expect, test } from 'vitest'
import { type Scene, upTo, type Within } from './scene.ts'

/** Pages of messages. */
export function historyTests(within: Within): void {
  test(
    '[HIST-1][HIST-2][HIST-3] pages lie before, after and around a seq and know what is beyond',
    within(async (scene) => {
      await scene.store(...upTo(10).map((at) => scene.message(`m${at}`)))
      const page = reader(scene)
      expect(await page({ at: 'newest' }, 3)).toEqual([[8, 9, 10], true, false])
      expect(await page({ at: 'newest' }, 10)).toEqual([upTo(10), false, false])
      expect(await page({ at: 'before', seq: 4 }, 3)).toEqual([[1, 2, 3], false, true])
      expect(await page({ at: 'before', seq: 5 }, 3)).toEqual([[2, 3, 4], true, true])
      expect(await page({ at: 'before', seq: 99 }, 2)).toEqual([[9, 10], true, false])
      expect(await page({ at: 'after', seq: 7 }, 2)).toEqual([[8, 9], true, true])
      expect(await page({ at: 'after', seq: 8 }, 2)).toEqual([[9, 10], true, false])
      expect(await page({ at: 'after', seq: 0 }, 2)).toEqual([[1, 2], false, true])
      expect(await page({ at: 'around', seq: 5 }, 4)).toEqual([[3, 4, 5, 6], true, true])
      expect(await page({ at: 'around', seq: 5 }, 1)).toEqual([[5], true, true])
      expect(await page({ at: 'before', seq: 1 }, 3)).toEqual([[], false, true])
      expect(await page({ at: 'after', seq: 10 }, 3)).toEqual([[], true, false])
    }),
  )

  test(
    '[HIST-1] a page around a seq near an end has what there is',
    within(async (scene) => {
      await scene.store(...upTo(6).map((at) => scene.message(`m${at}`)))
      const page = reader(scene)
      const [low] = await page({ at: 'around', seq: 1 }, 4)
      expect(low).toEqual([1, 2, 3, 4])
      const [high, before, after] = await page({ at: 'around', seq: 6 }, 4)
      expect([high, before, after]).toEqual([[4, 5, 6], true, false])
    }),
  )

  test(
    'entries that are no messages leave no hole in a page',
    within(async (scene) => {
      const { message, edit, reaction, deletion } = bound(scene)
      // Messages at 1, 3, 5, 8; a deletion at 9.
      await scene.store(message('a'), edit(1, 'b'), message('c'), edit(1, 'd'), message('e'))
      await scene.store(reaction(3, '🍵'), edit(5, 'f'), message('g'), deletion(3))
      const page = reader(scene)
      expect(await page({ at: 'newest' }, 2)).toEqual([[5, 8], true, false])
      expect(await page({ at: 'before', seq: 7 }, 2)).toEqual([[3, 5], true, true])
      expect(await page({ at: 'after', seq: 2 }, 2)).toEqual([[3, 5], true, true])
      expect(await page({ at: 'after', seq: 8 }, 2)).toEqual([[], true, false])
      expect(await page({ at: 'around', seq: 4 }, 4)).toEqual([[1, 3, 5, 8], false, false])
      expect(await page({ at: 'before', seq: 9 }, 1)).toEqual([[8], true, false])
      const { messages = [], asOf } = (await scene.storage.log.page(scene.general, { at: 'newest' }, 9)) ?? {}
      expect([asOf, messages.map(({ deleted }) => deleted)]).toEqual([9, [undefined, true, undefined, undefined]])
    }),
  )

  test(
    '[HIST-4] a page says at which head it was read and of which log; an empty channel has an empty one',
    within(async (scene) => {
      const { log, channels } = scene.storage
      const epoch = (await channels.get(scene.general))?.epoch
      const nothing = { messages: [], epoch, asOf: 0, hasMoreBefore: false, hasMoreAfter: false }
      for (const anchor of [{ at: 'newest' }, { at: 'before', seq: 5 }, { at: 'around', seq: 0 }] as const) {
        expect(await log.page(scene.general, anchor, 10)).toEqual(nothing)
      }
      await scene.store(scene.message('a'), scene.edit(1, 'b'))
      expect(await log.page(scene.general, { at: 'newest' }, 10)).toMatchObject({ epoch, asOf: 2 })
    }),
  )
}

type Page = [seqs: number[], hasMoreBefore: boolean | undefined, hasMoreAfter: boolean | undefined]

function reader({ storage, general }: Scene): (anchor: PageAnchor, limit: number) => Promise<Page> {
  return async (anchor, limit) => {
    const { messages = [], hasMoreBefore, hasMoreAfter } = (await storage.log.page(general, anchor, limit)) ?? {}
    return [messages.map(({ seq }) => seq), hasMoreBefore, hasMoreAfter]
  }
}

function bound(scene: Scene) {
  return {
    message: scene.message.bind(scene),
    edit: scene.edit.bind(scene),
    reaction: scene.reaction.bind(scene),
    deletion: scene.deletion.bind(scene),
  }
}
