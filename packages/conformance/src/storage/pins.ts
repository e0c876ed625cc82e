import { LIMITS } from '@arclight/core/protocol'
import { expect, test } from 'vitest'
import { upTo, type Within } from './scene.ts'

/** Pinned messages. */
export function pinTests(within: Within): void {
  test(
    '[PIN-1] pins are read with the one pinned last first',
    within(async (scene) => {
      const { general, lounge, li } = scene
      const pins = async () => (await scene.storage.log.pins(general)).map(({ seq }) => seq)
      expect(await pins()).toEqual([])
      await scene.store(...upTo(4).map((at) => scene.message(`m${at}`)), scene.message('x', { channel: lounge }))
      const [pinned] = await scene.store(scene.pin(3), scene.pin(1, { actor: li }), scene.pin(1, { channel: lounge }))
      expect(pinned).toMatchObject({ seq: 3, rev: 5, pinned: true })
      expect(await pins()).toEqual([1, 3])
      expect(await scene.outcomes(scene.pin(3), scene.pin(2, { on: false }))).toEqual(['repeated', 'repeated'])
      const [out] = await scene.store(scene.pin(3, { on: false }), scene.pin(4), scene.pin(3))
      expect(out).not.toHaveProperty('pinned')
      expect(await pins()).toEqual([3, 4, 1])
      const page = (await scene.storage.log.page(general, { at: 'newest' }, 9))?.messages ?? []
      expect(page.map((message) => message.pinned)).toEqual([true, undefined, true, true])
      expect(await scene.storage.log.pins(general)).toEqual([3, 4, 1].map((seq) => page[seq - 1]))
      expect(await scene.outcomes(scene.pin(9), scene.pin(5))).toEqual(['no-message', 'no-message'])
    }),
  )

  test(
    '[PIN-1] there is room for so many pins and no more, in each channel',
    within(async (scene) => {
      const { lounge } = scene
      const seqs = upTo(LIMITS.pins)
      await scene.store(...seqs.map((at) => scene.message(`m${at}`)), scene.message('one more'))
      await scene.store(...seqs.map((seq) => scene.pin(seq)))
      expect(await scene.outcomes(scene.pin(LIMITS.pins + 1))).toEqual(['full'])
      await scene.store(scene.message('other', { channel: lounge }), scene.pin(1, { channel: lounge }))
      await scene.store(scene.deletion(1), scene.pin(LIMITS.pins + 1))
      expect((await scene.storage.log.pins(scene.general)).map(({ seq }) => seq)).toEqual([
        LIMITS.pins + 1,
        ...[...seqs].reverse().slice(0, -1),
      ])
    }),
  )
}
