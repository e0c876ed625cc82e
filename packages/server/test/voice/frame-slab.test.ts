import { seededRandom } from '@arclight/core/testing'
import { expect, test } from 'vitest'
import { binaryFrame } from '../../src/delivery/websocket-frame.ts'
import { FrameSlab } from '../../src/voice/frame-slab.ts'

function payload(length: number, value: number): Uint8Array {
  return new Uint8Array(length).fill(value)
}

test('a frame comes back as a WebSocket frame, and a turn’s frames as one piece in their order', () => {
  const slab = new FrameSlab()
  const media = [payload(16, 1), payload(200, 2), payload(70_000, 3)]
  const frames = media.map((one) => slab.append(one))
  for (const [at, one] of media.entries()) expect(Buffer.compare(frames[at] ?? Buffer.of(), binaryFrame(one))).toBe(0)
  expect(Buffer.compare(slab.takeAll(), Buffer.concat(media.map(binaryFrame)))).toBe(0)
  expect(slab.takeAll()).toHaveLength(0)
})

test('a turn that outgrows the slab stays in one piece, and what was handed out before does not change', () => {
  const seed = 11
  const random = seededRandom(seed)
  const slab = new FrameSlab()
  const handedOut: { bytes: Buffer; expected: Buffer }[] = []
  for (let turn = 0; turn < 60; turn++) {
    const media = Array.from({ length: Math.floor(random() * 6) }, () =>
      payload(Math.floor(random() * 150_000), Math.floor(random() * 256)),
    )
    for (const one of media) handedOut.push({ bytes: slab.append(one), expected: binaryFrame(one) })
    handedOut.push({ bytes: slab.takeAll(), expected: Buffer.concat(media.map(binaryFrame)) })
  }
  expect(
    handedOut.every(({ bytes, expected }) => bytes.equals(expected)),
    `seed ${seed}`,
  ).toBe(true)
})

test('the largest frame fits', () => {
  const slab = new FrameSlab()
  slab.append(payload(10, 9))
  const largest = payload(1_048_576, 7)
  expect(slab.append(largest).equals(binaryFrame(largest))).toBe(true)
  expect(slab.takeAll()).toHaveLength(12 + 1_048_586)
})
