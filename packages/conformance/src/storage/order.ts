import { expect, test } from 'vitest'
import type { Within } from './scene.ts'

/** Messages that have to come behind another. */
export function orderTests(within: Within): void {
  test(
    '[SEND-6] a message is stored only behind the one that it names, of its batch or of an earlier one',
    within(async (scene) => {
      expect(await scene.outcomes(scene.message('a'), scene.message('b', { after: 'a' }))).toEqual(['stored', 'stored'])
      expect(await scene.outcomes(scene.message('c', { after: 'a' }))).toEqual(['stored'])
      const early = ['e', 'f', 'd'].map((id, at, ids) => scene.message(id, { after: ids[at - 1] ?? 'd' }))
      expect(await scene.outcomes(...early, scene.message('g'))).toEqual([
        'out-of-order',
        'out-of-order',
        'out-of-order',
        'stored',
      ])
      expect(await scene.texts()).toEqual(['a', 'b', 'c', 'g'])
    }),
  )

  test(
    '[SEND-6] what is named is of the same channel and author',
    within(async (scene) => {
      await scene.store(scene.message('a', { channel: scene.lounge }), scene.message('b', { author: scene.li }))
      const behind = [scene.message('c', { after: 'a' }), scene.message('d', { after: 'b' })]
      expect(await scene.outcomes(...behind)).toEqual(['out-of-order', 'out-of-order'])
      expect(await scene.texts()).toEqual(['b'])
    }),
  )

  test(
    '[SEND-6] a repeat gets its message back, whatever it names',
    within(async (scene) => {
      await scene.store(scene.message('a'))
      const again = [scene.message('a', { after: 'never stored' }), scene.message('b', { after: 'a' })]
      expect(await scene.outcomes(...again)).toEqual(['repeated', 'stored'])
      expect(await scene.outcomes(scene.message('self', { after: 'self' }))).toEqual(['out-of-order'])
    }),
  )

  test(
    '[SEND-6] a deleted message is one to come behind, in its batch too',
    within(async (scene) => {
      await scene.store(scene.message('a'))
      const batch = [scene.deletion(1), scene.message('b', { after: 'a' }), scene.message('c', { after: 'b' })]
      expect(await scene.outcomes(...batch)).toEqual(['stored', 'stored', 'stored'])
    }),
  )
}
