import type { Microseconds } from '../time/units.ts'
import { HEADER_BYTES, MediaFlag, MediaKind, NO_LEVEL, writeHeader } from './media-header.ts'

/**
 * A probe or its answer: a header alone. The answer repeats `seq` and sets the echo flag; `timestamp` is always
 * the clock of whoever sends this frame, so one answer gives the round trip and the peer's clock.
 */
export function encodeProbe(probe: { seq: number; timestamp: Microseconds; echo: boolean }): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES)
  writeHeader(frame, {
    kind: MediaKind.probe,
    flags: probe.echo ? MediaFlag.echo : 0,
    track: 0,
    seq: probe.seq,
    level: NO_LEVEL,
    timestamp: probe.timestamp,
  })
  return frame
}
