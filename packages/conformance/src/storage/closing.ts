import { expect, test } from 'vitest'
import { Scene, upTo } from './scene.ts'
import type { Stores } from './stores.ts'

/** The end of a handle. */
export function closingTests(stores: Stores): void {
  test('a call after close is refused, not lost', async () => {
    const storage = await stores.open()
    const scene = await Scene.make(storage, 's')
    await storage.close()
    await expect(storage.channels.list()).rejects.toThrow()
    await expect(scene.append(scene.message('late'))).rejects.toThrow()
  })

  test('close waits for the calls under way, and may be called again', async () => {
    const storage = await stores.open()
    const scene = await Scene.make(storage, 's')
    const writes = upTo(25).map((at) => scene.outcomes(scene.message(`m${at}`)))
    const reads = upTo(5).map(() => storage.channels.list())
    await storage.close()
    expect(await Promise.all(writes)).toEqual(Array(25).fill(['stored']))
    expect((await Promise.all(reads)).map((list) => list.length)).toEqual(Array(5).fill(4))
    await storage.close()
  })

  test('a handle that was never opened can be closed', async () => {
    const storage = await stores.create()
    await storage.close()
  })
}
