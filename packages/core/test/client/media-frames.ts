import { HEADER_BYTES, type MediaHeader, MediaKind, readHeader, writeHeader } from '../../src/codec/media-header.ts'
import { encodeProbe } from '../../src/codec/probe.ts'
import type { ScriptedConnection } from '../../src/testing/scripted-server.ts'

/** A media frame as the test looks at it. */
export interface SeenFrame extends MediaHeader {
  readonly payload: readonly number[]
}

/** An audio frame of one byte, as a server passes it on. */
export function audioFrame(header: Partial<MediaHeader>, payload = 0): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES + 1).fill(payload)
  writeHeader(frame, { kind: MediaKind.audio, flags: 0, track: 7, seq: 0, level: 20, timestamp: 0, ...header })
  return frame
}

/** The media frames that a client sent, without its probes. */
export function mediaSent({ frames }: ScriptedConnection): SeenFrame[] {
  const seen = frames.map((frame) => ({ ...readHeader(frame), payload: [...frame.subarray(HEADER_BYTES)] }))
  return seen.filter(({ kind }) => kind !== MediaKind.probe)
}

/** The probes that a client sent, and its answers to ours. */
export function probesSent({ frames }: ScriptedConnection): MediaHeader[] {
  return frames.map(readHeader).filter(({ kind }) => kind === MediaKind.probe)
}

/** Answers the client's newest probe, and with it all before. */
export function answerProbe(connection: ScriptedConnection): void {
  const newest = probesSent(connection).findLast(({ flags }) => flags === 0)
  if (!newest) throw new Error('there is no probe to answer')
  connection.sendBinary(encodeProbe({ seq: newest.seq, timestamp: 0, echo: true }))
}
