import { mkdir, stat, writeFile } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import type { BlobStore } from '@arclight/core/contracts'
import { describe, expect, test } from 'vitest'

/** What a blob suite is told. */
export interface BlobSuiteOptions {
  /** A new, empty store each time. */
  readonly create: () => BlobStore | Promise<BlobStore>
  /** What the store is, in the titles. */
  readonly name?: string
}

/** More than any chunk. */
const LARGE = 3_000_001

/** The contract of `BlobStore`, as vitest tests: call it in a test file. */
export function blobSuite({ create, name = 'blobs' }: BlobSuiteOptions): void {
  describe(`${name} keeps the blob contract`, () => {
    test('scratch is a local folder of its own, where files may grow', async () => {
      const { scratch } = await create()
      expect(isAbsolute(scratch)).toBe(true)
      await grown({ scratch }, 'growing.part', Buffer.from('a'))
      expect((await stat(join(scratch, 'growing.part'))).size).toBe(1)
    })

    test('an adopted file is whole under its key, and gone from where it was', async () => {
      const store = await create()
      const bytes = pattern(LARGE)
      const file = await grown(store, 'one.mp4', bytes)
      await store.adopt('recordings/one.mp4', file)
      expect(await store.stat('recordings/one.mp4')).toEqual({ bytes: LARGE })
      expect((await readAll(store, 'recordings/one.mp4', 0, LARGE - 1)).equals(bytes)).toBe(true)
      await expect(stat(file)).rejects.toThrow()
    })

    test('a range has both its ends, and nothing else', async () => {
      const store = await create()
      const bytes = pattern(LARGE)
      await store.adopt('recordings/one.mp4', await grown(store, 'one.mp4', bytes))
      for (const [start, end] of [
        [0, 0],
        [LARGE - 1, LARGE - 1],
        [1, 2],
        [65_535, 65_537],
        [1_000_000, 2_000_000],
        [LARGE - 10, LARGE - 1],
      ] as const) {
        const read = await readAll(store, 'recordings/one.mp4', start, end)
        expect(read.equals(bytes.subarray(start, end + 1)), `${start} to ${end}`).toBe(true)
      }
    })

    test('two keys are two files, however alike', async () => {
      const store = await create()
      const keys = ['recordings/a.mp4', 'recordings/b.mp4', 'recordings/a.mp4.mp4', 'uploads/a.mp4', 'a.mp4']
      await Promise.all(
        keys.map(async (key, at) => store.adopt(key, await grown(store, `${at}.part`, Buffer.from(`content ${at}`)))),
      )
      const read = await Promise.all(keys.map((key) => readAll(store, key, 0, 8)))
      expect(read.map(String)).toEqual(keys.map((_, at) => `content ${at}`))
    })

    test('what is not there has no size and cannot be read, and removing it is no error', async () => {
      const store = await create()
      expect(await store.stat('recordings/none.mp4')).toBeUndefined()
      await expect(readAll(store, 'recordings/none.mp4', 0, 0)).rejects.toThrow()
      await expect(store.remove('recordings/none.mp4')).resolves.toBeUndefined()
    })

    test('what was removed is gone, and its neighbour is not', async () => {
      const store = await create()
      for (const key of ['recordings/one', 'recordings/two']) {
        await store.adopt(key, await grown(store, 'file', Buffer.from(key)))
      }
      await store.remove('recordings/one')
      await store.remove('recordings/one')
      expect(await store.stat('recordings/one')).toBeUndefined()
      await expect(readAll(store, 'recordings/one', 0, 0)).rejects.toThrow()
      expect(String(await readAll(store, 'recordings/two', 0, 13))).toBe('recordings/two')
    })

    test('a file that is not there cannot be adopted', async () => {
      const store = await create()
      await expect(store.adopt('recordings/none.mp4', join(store.scratch, 'none.part'))).rejects.toThrow()
      expect(await store.stat('recordings/none.mp4')).toBeUndefined()
    })

    test('readers do not disturb each other, and one that stops early costs nothing', async () => {
      const store = await create()
      const bytes = pattern(LARGE)
      await store.adopt('one', await grown(store, 'one', bytes))
      for await (const chunk of store.read('one', { start: 0, end: LARGE - 1 })) {
        expect(chunk.length).toBeGreaterThan(0)
        break
      }
      const all = await Promise.all([1, 2, 3].map(() => readAll(store, 'one', 0, LARGE - 1)))
      expect(all.map((read) => read.equals(bytes))).toEqual([true, true, true])
    })
  })
}

async function grown({ scratch }: Pick<BlobStore, 'scratch'>, file: string, bytes: Buffer): Promise<string> {
  await mkdir(scratch, { recursive: true })
  await writeFile(join(scratch, file), bytes)
  return join(scratch, file)
}

async function readAll(store: BlobStore, key: string, start: number, end: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of store.read(key, { start, end })) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Bytes of which no two stretches are alike. */
function pattern(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let at = 0; at < length; at++) bytes[at] = (Math.imul(at, 2_654_435_761) >>> 13) & 0xff
  return bytes
}
