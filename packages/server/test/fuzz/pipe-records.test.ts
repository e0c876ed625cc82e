import { expect, test, vi } from 'vitest'
import {
  frameRecord,
  messageRecord,
  type PipeRecord,
  RecordKind,
  RecordReader,
} from '../../src/media-host/pipe-records.ts'
import { seeded } from '../muxer/seeded.ts'

const SEED = 7

function read(chunks: readonly Buffer[]): PipeRecord[] {
  const reader = new RecordReader()
  const records: PipeRecord[] = []
  for (const chunk of chunks)
    reader.push(chunk, (record) => records.push({ ...record, body: Buffer.from(record.body) }))
  return records
}

test(`records come whole and in order, however the pipe cuts them (seed ${SEED})`, () => {
  const random = seeded(SEED)
  for (let round = 0; round < 300; round++) {
    const sent = Array.from({ length: 1 + Math.floor(random() * 6) }, (_, at) =>
      random() < 0.5
        ? { kind: RecordKind.message, recorder: at, body: Buffer.from(JSON.stringify({ at })) }
        : { kind: RecordKind.frame, recorder: at, body: Buffer.alloc(Math.floor(random() * 300), at) },
    )
    const bytes = Buffer.concat(
      sent.map(({ kind, recorder, body }) =>
        kind === RecordKind.message ? messageRecord(recorder, JSON.parse(String(body))) : frameRecord(recorder, body),
      ),
    )
    const chunks: Buffer[] = []
    for (let at = 0; at < bytes.length; ) {
      const end = at + 1 + Math.floor(random() * 80)
      chunks.push(bytes.subarray(at, end))
      at = end
    }
    expect(read(chunks)).toEqual(sent)
  }
})

test('what cannot be a record is refused: longer than any, or too short for what each has', () => {
  for (const length of [0, 1, 4, 2 * 1_048_576 + 1, 2 ** 32 - 1]) {
    const bytes = Buffer.alloc(32)
    bytes.writeUInt32BE(length)
    expect(() => read([bytes]), `a record of ${length} bytes`).toThrow(RangeError)
  }
})

test('a large record in the smallest chunks is copied once, not once for each chunk', () => {
  const bytes = frameRecord(1, Buffer.alloc(200_000, 7))
  const chunks = Array.from({ length: Math.ceil(bytes.length / 10) }, (_, at) => bytes.subarray(at * 10, at * 10 + 10))
  const joined = vi.spyOn(Buffer, 'concat')
  expect(read(chunks)).toHaveLength(1)
  const copied = joined.mock.results.reduce((sum, { value }) => sum + (value as Buffer).length, 0)
  joined.mockRestore()
  expect(copied).toBeLessThanOrEqual(2 * bytes.length)
})
