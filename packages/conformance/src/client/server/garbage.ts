import { MediaKind, writeHeader } from '@arclight/core/codec'

/** Text frames that are no message of the protocol. */
export function garbageTexts(): string[] {
  return [
    '',
    'hello',
    '{',
    'null',
    '42',
    '"text"',
    '[]',
    '[{"type":"message.created"}]',
    '{}',
    '{"re":"one","data":{}}',
    '{"re":-1,"data":{}}',
    '{"re":987654321,"data":{}}',
    '{"re":987654321,"error":"no object"}',
    '{"re":987654322,"error":{}}',
    '{"type":7,"data":{}}',
    '{"type":"message.created","channel":"general","data":{}}',
    '{"type":"message.created","seq":1,"data":{}}',
    '{"type":"message.created","channel":7,"seq":1,"data":{}}',
    '{"type":"message.created","channel":"general","seq":"one","data":{}}',
    '{"type":"message.created","channel":"nobody joined this","seq":1,"data":{}}',
    '{"__proto__":{"polluted":true},"type":"weather.changed","data":{}}',
    '\u0000',
    '['.repeat(20_000),
  ]
}

/** Binary frames without a well-formed header, or of no use: each wrong in another way. */
export function garbageFrames(): Uint8Array[] {
  const good = frameOf(MediaKind.audio, 24)
  const changed = (at: number, value: number): Uint8Array => {
    const frame = good.slice()
    frame[at] = value
    return frame
  }
  return [
    new Uint8Array(0),
    good.slice(0, 1),
    good.slice(0, 15),
    changed(0, 0x00),
    changed(0, 0x20),
    changed(0, 0xf0),
    changed(0, 0x13),
    changed(0, 0x1f),
    changed(1, 0x40),
    changed(1, 0x80),
    changed(9, 0x01),
    // Well-formed: of a track that nobody has, of pictures, a probe with a payload, an answer to no probe.
    good,
    frameOf(MediaKind.video, 24),
    frameOf(MediaKind.audio, 16),
    frameOf(MediaKind.probe, 24),
    frameOf(MediaKind.probe, 16, 0x20),
    new Uint8Array(100_000).fill(0xff),
  ]
}

function frameOf(kind: MediaKind, bytes: number, flags = 0): Uint8Array {
  const frame = new Uint8Array(bytes).fill(0xaa, Math.min(bytes, 16))
  writeHeader(frame, { kind, flags, track: 60_000, seq: 4_000_000_000, level: 127, timestamp: 1 })
  return frame
}
