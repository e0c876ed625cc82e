import { randomUUID } from 'node:crypto'
import { MediaKind, writeHeader } from '@arclight/core/codec'
import { maskedFrame, Opcode } from '../../harness/frame-parser.mjs'
import { now } from '../../harness/monotonic.mjs'
import { ARCLIGHT, answersProbe, register, request } from '../../harness/wires/arclight.mjs'
import { OTHER } from './client.mjs'

const HEADER_BYTES = 16
const CHANNEL = 'lounge'
const FORMAT = { kind: 'audio', codec: 'opus', sampleRate: 48_000, channels: 1 }

/** @type {import('./client.mjs').Client} */
export const arclight = {
  ...ARCLIGHT,
  prepare: (port) => register(port, 'bench'),

  async enter(connection, token, speaks) {
    await request(connection, 'auth.token', { token })
    await request(connection, 'voice.join', { channel: CHANNEL, device: randomUUID(), muted: !speaks, deafened: false })
    if (!speaks) return undefined
    const publish = { key: 'microphone', format: FORMAT, to: { channel: CHANNEL } }
    const { track } = await request(connection, 'track.publish', publish)
    let seq = 0
    return (payload) => {
      const frame = Buffer.allocUnsafe(HEADER_BYTES + payload.length)
      frame.set(payload, HEADER_BYTES)
      const timestamp = Math.round(now() * 1000)
      writeHeader(frame, { kind: MediaKind.audio, flags: 0, track, seq: seq++, level: 30, timestamp })
      return maskedFrame(Opcode.binary, frame)
    }
  },

  receive(connection, opcode, bytes, from, to) {
    if (opcode !== Opcode.binary) return OTHER
    return answersProbe(connection, bytes.subarray(from, to)) ? OTHER : from + HEADER_BYTES
  },
}
