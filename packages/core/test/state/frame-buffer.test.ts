import { expect, test } from 'vitest'
import { FrameBuffer } from '../../src/state/frame-buffer.ts'

/** A buffer with frames of one byte, 10 ms apart, every fifth a key frame. */
function filled(count: number, limits = { duration: 30_000, bytes: 1_000 }): FrameBuffer {
  const buffer = new FrameBuffer(limits)
  for (let seq = 0; seq < count; seq++) {
    buffer.push({ seq, bytes: new Uint8Array(1), keyFrame: seq % 5 === 0, at: seq * 10 })
  }
  return buffer
}

const seqs = (buffer: FrameBuffer, from = 0): number[] => buffer.from(from).map(({ seq }) => seq)

test('[ACK-2] what is stored is let go of, and nothing else', () => {
  const buffer = filled(6)
  buffer.ack(2)
  expect(seqs(buffer)).toEqual([3, 4, 5])
  expect([buffer.stored, buffer.size, buffer.bytes]).toEqual([2, 3, 3])
})

test('[ACK-2] an older word on what is stored changes nothing', () => {
  const buffer = filled(6)
  buffer.ack(4)
  buffer.ack(1)
  expect([buffer.stored, seqs(buffer)]).toEqual([4, [5]])
})

test('[ACK-2] frames are given from a seq on, oldest first', () => {
  expect(seqs(filled(6), 4)).toEqual([4, 5])
})

test('[ACK-2] past its bytes it drops up to the next key frame and lists the gap', () => {
  const buffer = filled(11, { duration: 30_000, bytes: 10 })
  expect(seqs(buffer)).toEqual([5, 6, 7, 8, 9, 10])
  expect(buffer.gaps).toEqual([{ from: 0, to: 4 }])
})

test('[ACK-2] past its duration it drops up to the next key frame', () => {
  const buffer = filled(9, { duration: 70, bytes: 1_000 })
  expect(seqs(buffer)).toEqual([5, 6, 7, 8])
})

test('[ACK-2] without another key frame nothing that is left could be decoded: all of it goes', () => {
  const buffer = filled(5, { duration: 30_000, bytes: 4 })
  expect(seqs(buffer)).toEqual([])
  expect([buffer.gaps, buffer.bytes]).toEqual([[{ from: 0, to: 4 }], 0])
})

test('[ACK-2] whoever pushes learns what was let go of, so that it does not leave later', () => {
  const buffer = filled(4, { duration: 30_000, bytes: 4 })
  const dropped = buffer.push({ seq: 4, bytes: new Uint8Array(1), keyFrame: false, at: 40 })
  expect(dropped.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4])
})
