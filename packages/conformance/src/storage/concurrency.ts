import { expect, test } from 'vitest'
import { follow, walkBack, writeAtOnce } from './at-once.ts'
import { messageOf, upTo, type Within } from './scene.ts'

/** Many calls at once on one handle. */
export function concurrencyTests(within: Within): void {
  test(
    'concurrent appends leave no gap and no duplicate, and a reader never sees a hole',
    within(async (scene) => {
      const { storage, general, lounge } = scene
      const writing = writeAtOnce(scene, [storage])
      const followed = Promise.all([general, lounge].map((channel) => follow(storage, channel, writing)))
      const [seqs, seen] = await Promise.all([writing, followed])
      for (const channel of [general, lounge]) {
        const stored = [...(seqs.get(channel) ?? [])].sort((one, other) => one - other)
        expect(stored).toEqual(upTo(stored.length))
      }
      expect(seen).toEqual([general, lounge].map((channel) => seqs.get(channel)?.length))
    }),
  )

  test(
    'the same message from many sides is stored once',
    within(async (scene) => {
      const results = await Promise.all(upTo(12).map((at) => scene.append(scene.message('once', { text: `by ${at}` }))))
      const outcomes = results.flat().map(({ outcome }) => outcome)
      expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1)
      expect(new Set(results.map(([result]) => messageOf(result)?.text)).size).toBe(1)
      expect(await scene.texts()).toHaveLength(1)
    }),
  )

  test(
    'history is whole while others write: a walk back meets each message once',
    within(async (scene) => {
      const { storage, general } = scene
      await scene.store(...upTo(30).map((at) => scene.message(`early${at}`)))
      const writing = writeAtOnce(scene, [storage])
      const [walks] = await Promise.all([walkBack(storage, general, writing), writing])
      expect(walks).toBeGreaterThan(0)
    }),
  )
}
