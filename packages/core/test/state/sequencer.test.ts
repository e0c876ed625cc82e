import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Sequencer } from '../../src/state/sequencer.ts'
import { seededRandom } from '../../src/testing/seeded-random.ts'

interface Entry {
  readonly seq: number
}

const at = (seq: number): Sequencer<Entry> => new Sequencer<Entry>({ epoch: 'e1', seq })
const seqs = (entries: readonly Entry[]): number[] => entries.map(({ seq }) => seq)

test('[RES-2] entries in order come out at once', () => {
  const sequencer = at(41)
  expect(seqs(sequencer.push({ seq: 42 }))).toEqual([42])
  expect(seqs(sequencer.push({ seq: 43 }))).toEqual([43])
  expect(sequencer.cursor).toEqual({ epoch: 'e1', seq: 43 })
  expect(sequencer.behind).toBe(false)
})

test('[RES-2] an entry past a gap is held until the gap is filled', () => {
  const sequencer = at(41)
  expect(sequencer.push({ seq: 44 })).toEqual([])
  expect(sequencer.behind).toBe(true)
  expect(sequencer.push({ seq: 43 })).toEqual([])
  expect(sequencer.cursor.seq).toBe(41)
  expect(seqs(sequencer.push({ seq: 42 }))).toEqual([42, 43, 44])
  expect(sequencer.behind).toBe(false)
})

test('[RES-2] an entry that came before does not come again', () => {
  const sequencer = at(41)
  for (const seq of [1, 40, 41]) expect(sequencer.push({ seq })).toEqual([])
  sequencer.push({ seq: 43 })
  expect(sequencer.push({ seq: 43 })).toEqual([])
  expect(seqs(sequencer.push({ seq: 42 }))).toEqual([42, 43])
  expect(sequencer.push({ seq: 42 })).toEqual([])
  expect(sequencer.behind).toBe(false)
})

test('[RES-2] a head past the cursor says that something is missing', () => {
  const sequencer = at(41)
  expect(sequencer.learn({ epoch: 'e1', head: 41 })).toBe(true)
  expect(sequencer.behind).toBe(false)
  expect(sequencer.learn({ epoch: 'e1', head: 43 })).toBe(true)
  expect(sequencer.behind).toBe(true)
  expect(sequencer.learn({ epoch: 'e1', head: 40 })).toBe(true)
  sequencer.push({ seq: 42 })
  expect(sequencer.behind).toBe(true)
  sequencer.push({ seq: 43 })
  expect(sequencer.behind).toBe(false)
})

test('[RES-3] a head of another epoch changes nothing but the answer', () => {
  const sequencer = at(41)
  expect(sequencer.learn({ epoch: 'e2', head: 100 })).toBe(false)
  expect(sequencer.behind).toBe(false)
  expect(sequencer.cursor).toEqual({ epoch: 'e1', seq: 41 })
})

test('[RES-3] a new connection whose head is below the cursor speaks of another log', () => {
  const sequencer = at(41)
  expect(sequencer.resume({ epoch: 'e1', head: 40 })).toBe(false)
  expect(sequencer.resume({ epoch: 'e2', head: 41 })).toBe(false)
  expect(sequencer.cursor).toEqual({ epoch: 'e1', seq: 41 })
  expect(sequencer.resume({ epoch: 'e1', head: 41 })).toBe(true)
  expect(sequencer.behind).toBe(false)
  expect(sequencer.resume({ epoch: 'e1', head: 42 })).toBe(true)
  expect(sequencer.behind).toBe(true)
})

test('[RES-3] what was held beyond the head of a new connection is of a log that is gone', () => {
  const sequencer = at(41)
  for (const seq of [43, 45]) sequencer.push({ seq })
  expect(sequencer.resume({ epoch: 'e1', head: 43 })).toBe(true)
  expect(seqs(sequencer.push({ seq: 42 }))).toEqual([42, 43])
  expect(sequencer.behind).toBe(false)
  expect(seqs(sequencer.push({ seq: 44 }))).toEqual([44])
})

test('[RES-3] a reset starts anew and forgets what was held', () => {
  const sequencer = at(41)
  sequencer.push({ seq: 45 })
  sequencer.reset({ epoch: 'e2', seq: 43 })
  expect(sequencer.cursor).toEqual({ epoch: 'e2', seq: 43 })
  expect(sequencer.behind).toBe(false)
  expect(seqs(sequencer.push({ seq: 44 }))).toEqual([44])
  expect(sequencer.behind).toBe(false)
})

test('[RES-2] a thousand entries are held past a gap; the rest come again with the pull', () => {
  const sequencer = at(0)
  for (let seq = 2; seq <= 1_500; seq++) expect(sequencer.push({ seq })).toEqual([])
  const filled = seqs(sequencer.push({ seq: 1 }))
  expect(filled).toEqual(Array.from({ length: 1_001 }, (_, index) => index + 1))
  expect(sequencer.behind).toBe(true)
  const pulled = []
  for (let seq = 1_002; seq <= 1_500; seq++) pulled.push(...seqs(sequencer.push({ seq })))
  expect(pulled).toEqual(Array.from({ length: 499 }, (_, index) => 1_002 + index))
  expect(sequencer.behind).toBe(false)
})

/** Live entries in any order, lost and repeated at will, and now and then a pull of a page from the whole log. */
function received(seed: number, start: number, length: number): number[] {
  const random = seededRandom(seed)
  const log = Array.from({ length }, (_, index) => ({ seq: start + 1 + index }))
  const sequencer = at(start)
  const out: Entry[] = []
  const pull = (): void => {
    const { seq } = sequencer.cursor
    for (const entry of log.filter((one) => one.seq > seq).slice(0, 7)) out.push(...sequencer.push(entry))
  }
  for (let step = 0; step < 3 * length; step++) {
    const entry = log[Math.floor(random() * length)]
    if (entry) out.push(...sequencer.push(entry))
    if (sequencer.behind && random() < 0.05) pull()
  }
  sequencer.learn({ epoch: 'e1', head: start + length })
  while (sequencer.behind) pull()
  return seqs(out)
}

test('[RES-2] whatever is lost, repeated and mixed, each entry comes out once and in order', () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat({ max: 1_000 }), fc.integer({ min: 1, max: 60 }), (seed, start, length) => {
      expect(received(seed, start, length)).toEqual(Array.from({ length }, (_, index) => start + 1 + index))
    }),
  )
})
