import { HEADER_BYTES, MediaKind } from '@arclight/core/codec'
import { CLOSE } from '@arclight/core/protocol'
import { checkEqual, checkThat } from '../../check.ts'
import type { ServerContext } from '../context.ts'
import { mediaFrame } from '../media.ts'
import type { Peer } from '../peer.ts'
import { type ServerCase, serverCase } from '../server-case.ts'

const TOO_BIG = 1009
const CONTROL_BYTES = 65_536
const MEDIA_BYTES = 1_048_576
const BUDGET = 10

const NO_REQUESTS: Readonly<Record<string, string>> = {
  'text that is no JSON': 'hello {',
  'a JSON array': '[{"id":1,"type":"channel.list","data":{}}]',
  'a JSON string': '"channel.list"',
  null: 'null',
  'a request without an id': '{"type":"channel.list","data":{}}',
  'an id that is a string': '{"id":"1","type":"channel.list","data":{}}',
  'a negative id': '{"id":-1,"type":"channel.list","data":{}}',
  'an id with a fraction': '{"id":1.5,"type":"channel.list","data":{}}',
  'a request without a type': '{"id":1,"data":{}}',
  'a type that is a number': '{"id":1,"type":5,"data":{}}',
}

/** Frames of which one byte is wrong, by what is wrong. */
function malformedMedia(): Readonly<Record<string, Uint8Array>> {
  const bent = (at: number, value: number): Uint8Array => {
    const frame = mediaFrame({ track: 1 })
    frame[at] = value
    return frame
  }
  return {
    'an empty frame': new Uint8Array(0),
    'a frame of 15 bytes': mediaFrame({ track: 1 }).subarray(0, HEADER_BYTES - 1),
    'layout version 0': bent(0, 0x00),
    'layout version 2': bent(0, 0x20),
    'kind 3': bent(0, 0x13),
    'kind 15': bent(0, 0x1f),
    'the reserved flag 0x40': bent(1, 0x40),
    'the reserved flag 0x80': bent(1, 0x80),
    'a reserved byte that is not 0': bent(9, 1),
  }
}

async function rejected(peer: Peer, what: string, left: number): Promise<void> {
  const data = await peer.event('session.rejected')
  checkEqual(data.left, left, `left after ${what}`)
}

/** Sends what is no request until nothing is left; the close must follow. */
async function useUp(peer: Peer, send: (at: number) => void): Promise<void> {
  for (let at = 1; at <= BUDGET; at++) {
    send(at)
    await rejected(peer, `${at} malformed frames`, BUDGET - at)
  }
  await peer.closedWith(CLOSE.malformed)
}

function padded(bytes: number, filling: string): string {
  const empty = JSON.stringify({ id: 1, type: 'conformance.nothing', data: { text: '' } })
  const room = bytes - Buffer.byteLength(empty)
  const each = Buffer.byteLength(filling)
  const text = filling.repeat(Math.floor(room / each)) + 'x'.repeat(room % each)
  return JSON.stringify({ id: 1, type: 'conformance.nothing', data: { text } })
}

async function closesWithTooBig(context: ServerContext, send: (peer: Peer) => void): Promise<void> {
  const peer = await context.signIn()
  send(peer)
  await peer.closedWith(TOO_BIG)
}

/** Frames that are not what they should be. */
export const malformedCases: readonly ServerCase[] = [
  serverCase(
    'BAD-1.text',
    'each text frame that is no request gets session.rejected, left counting down',
    async (context) => {
      const peer = await context.connect()
      let left = BUDGET
      for (const [what, text] of Object.entries(NO_REQUESTS).slice(0, BUDGET - 1)) {
        peer.sendText(text)
        await rejected(peer, what, --left)
      }
      await peer.refused('conformance.nothing', {}, 'unknown_type', 'while one frame is left')
    },
  ),
  serverCase('BAD-1.close', 'at 0 left the connection is closed with 4500', async (context) => {
    const peer = await context.signIn()
    await useUp(peer, () => peer.sendText('no request'))
  }),
  serverCase('BAD-1.both-kinds', 'text and binary frames use up one budget, of a stranger too', async (context) => {
    const peer = await context.connect()
    await useUp(peer, (at) => (at % 2 === 0 ? peer.sendText('{') : peer.sendBinary(Uint8Array.of(at))))
  }),
  serverCase('BAD-2.text', 'a text frame of 65,536 bytes is read, one more closes with 1009', async (context) => {
    const peer = await context.connect()
    peer.sendText(padded(CONTROL_BYTES, 'x'))
    checkThat('error' in (await peer.reply(1)), 'a request of 65,536 bytes to be answered', 'another reply')
    await closesWithTooBig(context, (other) => other.sendText(padded(CONTROL_BYTES + 1, 'x')))
  }),
  serverCase('BAD-2.bytes', 'bytes are counted, not characters', async (context) => {
    await closesWithTooBig(context, (peer) => peer.sendText(padded(CONTROL_BYTES + 1, '弧')))
  }),
  serverCase(
    'BAD-2.binary',
    'a binary frame of 1,048,576 bytes is taken, one more closes with 1009',
    async (context) => {
      const peer = await context.signIn()
      peer.sendBinary(mediaFrame({ track: 65_535 }, MEDIA_BYTES - HEADER_BYTES))
      await peer.settle()
      await closesWithTooBig(context, (other) => {
        other.sendBinary(mediaFrame({ track: 65_535 }, MEDIA_BYTES - HEADER_BYTES + 1))
      })
    },
  ),
  serverCase('BAD-3.bystander', 'what one connection does wrong costs the others nothing', async (context) => {
    const [bad, good] = [await context.signIn(), await context.signIn()]
    const channel = context.text.id
    await good.ask('channel.join', { channel })
    for (let at = 1; at <= BUDGET; at++) {
      bad.sendText('{')
      if (at % 3 === 0) await context.say(good, 1)
    }
    await bad.closedWith(CLOSE.malformed)
    const [message] = await context.say(good, 1)
    await good.event('message.created', (data) => data.message.seq === message?.seq)
  }),
  serverCase('MEDIA-2.malformed', 'a frame with a malformed header is rejected, each way of it', async (context) => {
    const peer = await context.signIn()
    let left = BUDGET
    for (const [what, frame] of Object.entries(malformedMedia())) {
      peer.sendBinary(frame)
      await rejected(peer, what, --left)
    }
  }),
  serverCase('MEDIA-2.well-formed', 'no other bit of a header makes a frame malformed', async (context) => {
    const peer = await context.signIn()
    const most = { flags: 0x1f, seq: 2 ** 32 - 1, level: 127, timestamp: 2 ** 48 - 1, track: 65_535 }
    for (const kind of [MediaKind.audio, MediaKind.video]) {
      peer.sendBinary(mediaFrame({ ...most, kind }, 0))
      peer.sendBinary(mediaFrame({ ...most, kind, flags: 0x20 }, 1))
    }
    await peer.settle()
    checkEqual(peer.events('session.rejected'), [], 'rejections of well-formed frames')
  }),
]
