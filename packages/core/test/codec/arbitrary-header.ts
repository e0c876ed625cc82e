import fc from 'fast-check'
import type { MediaHeader } from '../../src/codec/media-header.ts'

/** Any header that the layout can hold. */
export const anyHeader: fc.Arbitrary<MediaHeader> = fc.record({
  kind: fc.constantFrom(0, 1, 2),
  flags: fc.integer({ min: 0, max: 0x3f }),
  track: fc.integer({ min: 0, max: 2 ** 16 - 1 }),
  seq: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  level: fc.integer({ min: 0, max: 127 }),
  timestamp: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
})

/** Bytes of which many are nearly a frame: the opening byte is right, or the length is. */
export const anyBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 64 }),
  fc.uint8Array({ minLength: 16, maxLength: 16 }),
  fc.uint8Array({ minLength: 14, maxLength: 40 }).map((bytes) => Uint8Array.of(0x10, 0x00, ...bytes)),
  fc.uint8Array({ minLength: 15, maxLength: 40 }).map((bytes) => Uint8Array.of(0x12, ...bytes)),
)
