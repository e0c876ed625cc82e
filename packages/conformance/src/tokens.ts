import type { SavedSession, TokenStore } from '@arclight/core/contracts'
import { describe, expect, test } from 'vitest'

/** What a token suite is told. */
export interface TokenSuiteOptions {
  /** A new, empty store each time, or a handle on what the `place` of before holds. */
  readonly create: (place: string) => TokenStore | Promise<TokenStore>
  readonly supports?: {
    /** What is saved outlives the store: another one of the same place has it. */
    readonly survives?: boolean
  }
  /** What the store is, in the titles. */
  readonly name?: string
}

const OF_A_BOT: SavedSession = { token: 'a token that was got elsewhere' }
const OF_MEI: SavedSession = { token: 'token of mei 弧光', user: { id: 'u1', name: 'mei', role: 'member' } }
const NEWER: SavedSession = { ...OF_MEI, token: 'a newer token of mei' }

/** The contract of `TokenStore`, as vitest tests: call it in a test file. */
export function tokenSuite({ create, supports = {}, name = 'tokens' }: TokenSuiteOptions): void {
  let places = 0
  const place = (): string => `place ${places++} of ${name}`

  describe(`${name} keeps the token contract`, () => {
    test('a new store holds nothing, and clearing it is no error', async () => {
      const store = await create(place())
      expect(await store.load()).toBeUndefined()
      await store.clear()
      expect(await store.load()).toBeUndefined()
    })

    test('what was saved last is loaded, whole, as often as it is asked for', async () => {
      const store = await create(place())
      for (const session of [OF_A_BOT, OF_MEI, NEWER]) {
        await store.save(session)
        expect([await store.load(), await store.load()]).toEqual([session, session])
      }
    })

    test('what was cleared is gone, and the store can be used again', async () => {
      const store = await create(place())
      await store.save(OF_MEI)
      await store.clear()
      expect(await store.load()).toBeUndefined()
      await store.save(NEWER)
      expect(await store.load()).toEqual(NEWER)
    })

    test('calls take effect in the order in which they are made, awaited or not', async () => {
      const store = await create(place())
      const calls = [store.save(OF_MEI), store.clear(), store.save(OF_A_BOT), store.save(NEWER)]
      await Promise.all(calls)
      expect(await store.load()).toEqual(NEWER)
      await Promise.all([store.save(OF_MEI), store.clear()])
      expect(await store.load()).toBeUndefined()
    })

    test('one store’s session is no other’s', async () => {
      const [one, other] = [await create(place()), await create(place())]
      await one.save(OF_MEI)
      expect(await other.load()).toBeUndefined()
      await other.save(OF_A_BOT)
      await other.clear()
      expect(await one.load()).toEqual(OF_MEI)
    })

    test.runIf(supports.survives)('what was saved or cleared is so for the next store of the same place', async () => {
      const same = place()
      await (await create(same)).save(OF_MEI)
      expect(await (await create(same)).load()).toEqual(OF_MEI)
      await (await create(same)).clear()
      expect(await (await create(same)).load()).toBeUndefined()
    })
  })
}
