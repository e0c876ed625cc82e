import { HEADER_BYTES, MediaFlag, MediaKind } from '@arclight/core/codec'
import { checkEqual } from '../../check.ts'
import { mediaFrame, sound } from '../media.ts'
import { type ServerCase, serverCase } from '../server-case.ts'
import { listen, talk } from '../talk.ts'

const NEEDS = { needs: ['voice'] } as const

/** A header written by hand from the diagram of PROTOCOL.md, so that the kit's own codec is not its own judge. */
function byHand(track: number): Uint8Array {
  return Uint8Array.from([
    0x10, // kind: layout version 1, audio
    0x0d, // flags: key frame, talk spurt starts, talk spurt ends
    ...[track >> 8, track & 0xff],
    ...[0x01, 0x02, 0x03, 0x04], // seq
    0x2a, // level
    0x00,
    ...[0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f], // timestamp
    ...[0xde, 0xad, 0xbe, 0xef],
  ])
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

/** Media frames as they are relayed. */
export const mediaCases: readonly ServerCase[] = [
  serverCase('MEDIA-1.layout', 'the header has the layout of the protocol, byte for byte', NEEDS, async (context) => {
    const [listener, { peer, track }] = [await listen(context), await talk(context, 2)]
    peer.sendBinary(byHand(track))
    checkEqual(hex(await listener.frame(track)), hex(byHand(track)), 'the frame')
  }),
  serverCase(
    'MEDIA-3.unchanged',
    'a frame comes out as it went in, of any size and with any flags',
    NEEDS,
    async (context) => {
      const [listener, { peer, track }] = [await listen(context), await talk(context, 2)]
      const flags = MediaFlag.configChange | MediaFlag.talkSpurtStart | MediaFlag.discontinuity
      const frames = [
        mediaFrame({ track, seq: 0 }, 0),
        mediaFrame({ track, seq: 1, level: 0, flags, timestamp: 2 ** 48 - 1 }, 1),
        mediaFrame({ track, seq: 2 ** 32 - 1 }, 125 - HEADER_BYTES),
        mediaFrame({ track, seq: 3 }, 126 - HEADER_BYTES),
        mediaFrame({ track, seq: 4 }, 1_500),
        mediaFrame({ track, seq: 5, kind: MediaKind.audio }, 70_000),
      ]
      for (const frame of frames) {
        peer.sendBinary(frame)
        checkEqual(hex(await listener.frame(track)), hex(frame), `a frame of ${frame.length} bytes`)
      }
    },
  ),
  serverCase('MEDIA-3.everybody-else', 'every member gets it but its publisher', NEEDS, async (context) => {
    const [one, two] = [await listen(context), await listen(context)]
    const { peer, track } = await talk(context, 2)
    const [, outside] = [await talk(context, 2), await context.signIn()]
    for (let seq = 0; seq < 3; seq++) peer.sendBinary(sound(track, seq))
    for (const listener of [one, two]) for (let seq = 0; seq < 3; seq++) await listener.frame(track)
    for (const other of [peer, outside]) {
      await other.settle()
      checkEqual(
        other.framesOf(track).length,
        0,
        `frames for ${other === peer ? 'their publisher' : 'who is not in it'}`,
      )
    }
  }),
]
