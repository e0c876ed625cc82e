import { writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { inspect, promisedBytes } from '../../src/adapters/muxer/node-av/mp4-boxes.ts'
import { temporaryFile } from './recording.ts'
import { seeded } from './seeded.ts'

const SEED = 20_261_122

function box(type: string, ...parts: (number[] | Buffer)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)))
  const header = Buffer.alloc(8)
  header.writeUInt32BE(8 + body.length)
  header.write(type, 4, 'latin1')
  return Buffer.concat([header, body])
}

function u32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [at, value] of values.entries()) bytes.writeUInt32BE(value, at * 4)
  return bytes
}

/** The same bytes, of which each number read is counted. */
function counting(moof: Buffer): { moof: Buffer; reads: () => number } {
  let count = 0
  const counted = Object.assign(Buffer.from(moof), {
    readUInt32BE: (at: number): number => {
      count++
      return moof.readUInt32BE(at)
    },
  })
  return { moof: counted, reads: () => count }
}

const SIZES = 0x200

test('a fragment’s index tells how many bytes its samples have', () => {
  const run = box('trun', u32(SIZES, 3, 10, 20, 30))
  expect(promisedBytes(box('moof', box('mfhd', u32(0, 1)), box('traf', box('tfhd', u32(0x10, 1, 7)), run)))).toBe(60)
  const usual = box('trun', u32(0, 5))
  expect(promisedBytes(box('moof', box('traf', box('tfhd', u32(0x10, 1, 7)), usual)))).toBe(35)
})

test('a run of samples is of its own box: more than fit there are none', () => {
  const long = box('trun', u32(SIZES, 4, 10, 20, 30))
  expect(promisedBytes(box('moof', box('traf', long, box('free', u32(1, 2, 3, 4)))))).toBe(-1)
})

test('an index costs a few reads for each of its bytes, however its runs claim to overlap', () => {
  const count = 2_000
  const runs = Array.from({ length: count }, (_, at) => box('trun', u32(SIZES, (count - at - 1) * 4)))
  const { moof, reads } = counting(box('moof', box('traf', ...runs)))
  promisedBytes(moof)
  expect(reads()).toBeLessThanOrEqual(moof.length)
})

test(`no index makes the reader throw, and none costs more than its length (seed ${SEED})`, () => {
  const random = seeded(SEED)
  const any = (depth: number): Buffer => {
    const type = ['traf', 'trun', 'tfhd', 'free', 'mfhd'][Math.floor(random() * 5)] as string
    const parts = Array.from({ length: Math.floor(random() * 5) }, () =>
      depth > 0 && random() < 0.5 ? any(depth - 1) : u32(Math.floor(random() ** 4 * 2 ** 32), Math.floor(random() * 8)),
    )
    const made = box(type, ...parts)
    if (random() < 0.2) made.writeUInt32BE(Math.floor(random() * 64))
    return made
  }
  for (let round = 0; round < 5_000; round++) {
    const { moof, reads } = counting(box('moof', any(5), any(5)))
    const bytes = promisedBytes(moof)
    expect(bytes === -1 || bytes >= 0).toBe(true)
    expect(reads()).toBeLessThanOrEqual(moof.length)
  }
})

test(`no file makes the inspection throw or claim more than there is (seed ${SEED})`, async () => {
  const random = seeded(SEED)
  const path = await temporaryFile()
  const types = ['ftyp', 'free', 'moov', 'moof', 'mdat', 'sidx', 'xxxx']
  for (let round = 0; round < 400; round++) {
    const boxes = Array.from({ length: Math.floor(random() * 12) }, () => {
      const type = types[Math.floor(random() * types.length)] as string
      const inner =
        type === 'moof' ? box('traf', box('trun', u32(SIZES, 1, 8))) : Buffer.alloc(Math.floor(random() * 40))
      const made = box(type, inner)
      if (random() < 0.2) made.writeUInt32BE(Math.floor(random() ** 3 * 2 ** 32))
      return made
    })
    const bytes = Buffer.concat(boxes)
    await writeFile(path, bytes.subarray(0, Math.floor(bytes.length * (random() < 0.5 ? 1 : random()))))
    const found = inspect(path)
    expect(found.whole).toBeLessThanOrEqual(bytes.length)
    if (found.state === 'nothing') expect(found.whole).toBe(0)
  }
})
