import { expect, test } from 'vitest'
import type { Within } from './scene.ts'

/** What `SecondFactorRepository` promises. */
export function secondFactorTests(within: Within): void {
  test(
    'a second factor that was begun does not count, and is replaced by another; one that was confirmed stays',
    within(async ({ storage: { accounts, secondFactors }, mei, li }) => {
      expect(await secondFactors.get(mei)).toBeUndefined()
      expect(await secondFactors.begin('nobody', 'one')).toBe(false)
      expect(await secondFactors.confirm(mei, { salt: 'one', step: 1, codeHashes: [] })).toBe(false)
      expect(await secondFactors.begin(mei, 'one')).toBe(true)
      expect(await secondFactors.begin(mei, 'two')).toBe(true)
      expect(await secondFactors.get(mei)).toEqual({ salt: 'two', step: 0, counts: false })
      expect(await secondFactors.accept(mei, 5)).toBe(false)
      expect((await accounts.byNameKey(mei))?.secondFactor).toBeUndefined()
      expect(await secondFactors.confirm(mei, { salt: 'one', step: 7, codeHashes: ['a'] })).toBe(false)
      const asked = ['a', 'b', 'c'].map((code) =>
        secondFactors.confirm(mei, { salt: 'two', step: 7, codeHashes: [code] }),
      )
      expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(1)
      expect(await secondFactors.get(mei)).toEqual({ salt: 'two', step: 7, counts: true })
      expect((await accounts.byNameKey(mei))?.secondFactor).toBe(true)
      expect((await accounts.credentials(mei))?.secondFactor).toBe(true)
      expect((await accounts.credentials(li))?.secondFactor).toBeUndefined()
      expect(await secondFactors.begin(mei, 'three')).toBe(false)
      expect((await secondFactors.get(mei))?.salt).toBe('two')
    }),
  )

  test(
    'of those who bring the same step, or the same recovery code, one is taken, and no older step after it',
    within(async ({ storage: { secondFactors }, mei, li }) => {
      await secondFactors.begin(mei, 'salt')
      await secondFactors.confirm(mei, { salt: 'salt', step: 7, codeHashes: ['a', 'b'] })
      expect(await secondFactors.accept(mei, 7)).toBe(false)
      const asked = await Promise.all([8, 8, 8].map((step) => secondFactors.accept(mei, step)))
      expect(asked.filter(Boolean)).toHaveLength(1)
      expect(await secondFactors.accept(mei, 6)).toBe(false)
      expect(await secondFactors.accept(li, 9)).toBe(false)
      const redeemed = await Promise.all(['a', 'a', 'a'].map((code) => secondFactors.redeem(mei, code)))
      expect(redeemed.filter(Boolean)).toHaveLength(1)
      expect(await secondFactors.redeem(li, 'b')).toBe(false)
      await secondFactors.setCodes(mei, ['c'])
      expect(await secondFactors.redeem(mei, 'b')).toBe(false)
      expect(await secondFactors.redeem(mei, 'c')).toBe(true)
    }),
  )

  test(
    'a second factor that ends leaves nothing',
    within(async ({ storage: { accounts, secondFactors }, mei }) => {
      expect(await secondFactors.remove(mei)).toBe(false)
      await secondFactors.begin(mei, 'salt')
      await secondFactors.confirm(mei, { salt: 'salt', step: 7, codeHashes: ['a'] })
      expect(await secondFactors.remove(mei)).toBe(true)
      expect(await secondFactors.remove(mei)).toBe(false)
      expect(await secondFactors.get(mei)).toBeUndefined()
      expect(await secondFactors.redeem(mei, 'a')).toBe(false)
      expect((await accounts.byNameKey(mei))?.secondFactor).toBeUndefined()
      expect(await secondFactors.begin(mei, 'another')).toBe(true)
    }),
  )
}
