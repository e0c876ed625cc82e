import { once } from 'node:events'
import { request } from 'node:http'
import type { Duplex } from 'node:stream'
import { encodeProbe } from '@arclight/core/codec'
import { SUBPROTOCOL } from '@arclight/core/protocol'
import { expect, test } from 'vitest'
import { framesOf, parsed } from '../recording-socket.ts'
import { RunningServer } from '../running-server.ts'

const TEXT = 0x81
const BINARY = 0x82
const MASKED = 0x80
const NO_MASK = [0, 0, 0, 0]

/** A client's frame, masked with zeros: its payload stays readable. */
function clientFrame(opcode: number, payload: Uint8Array): Buffer {
  if (payload.length > 125) throw new RangeError('expected a short payload')
  return Buffer.concat([Buffer.from([opcode, MASKED | payload.length, ...NO_MASK]), payload])
}

/** The bare stream of a WebSocket, for writes that a WebSocket library would not do. */
async function openStream(url: string): Promise<Duplex> {
  const asked = request(url.replace('ws:', 'http:'), {
    agent: false,
    headers: {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Protocol': SUBPROTOCOL,
    },
  }).end()
  const [, socket, head] = (await once(asked, 'upgrade')) as [unknown, Duplex, Buffer]
  socket.unshift(head)
  return socket
}

/** Reads until there are so many frames. */
async function readFrames(socket: Duplex, count: number): Promise<ReturnType<typeof framesOf>> {
  let bytes: Buffer = Buffer.of()
  for await (const chunk of socket) {
    bytes = Buffer.concat([bytes, chunk as Buffer])
    const frames = wholeFrames(bytes)
    if (frames.length >= count) return frames
  }
  throw new Error('the connection ended')
}

function wholeFrames(bytes: Buffer): ReturnType<typeof framesOf> {
  try {
    return framesOf(bytes)
  } catch {
    return []
  }
}

test('[MSG-1] any number of requests and probes in one write are answered each', async () => {
  await using running = await RunningServer.start()
  const socket = await openStream(running.url)
  const requests = Array.from({ length: 200 }, (_, id) =>
    clientFrame(TEXT, Buffer.from(JSON.stringify({ id, type: id % 2 ? 'channel.list' : 'no.such.request' }))),
  )
  const probe = clientFrame(BINARY, encodeProbe({ seq: 9, timestamp: 0, echo: false }))
  socket.write(Buffer.concat([...requests, probe]))
  const frames = await readFrames(socket, 202)
  const texts = frames.filter(({ opcode }) => opcode === 1).map(parsed)
  expect(texts[0]).toMatchObject({ type: 'session.hello' })
  expect(texts.slice(1).map(({ re }) => re)).toEqual(requests.map((_, id) => id))
  expect(frames).toHaveLength(202)
  socket.destroy()
})

test('a request that comes byte by byte is read when it is whole', async () => {
  await using running = await RunningServer.start()
  const socket = await openStream(running.url)
  const whole = clientFrame(TEXT, Buffer.from('{"id":5,"type":"channel.list"}'))
  for (const byte of whole) {
    await new Promise<void>((resolve) => socket.write(Buffer.of(byte), () => resolve()))
  }
  const [, reply] = (await readFrames(socket, 2)).map(parsed)
  expect(reply).toMatchObject({ re: 5, error: { code: 'unauthenticated' } })
  socket.destroy()
})

test('a frame that is not masked, as only a server’s may be, closes the connection', async () => {
  await using running = await RunningServer.start()
  const socket = await openStream(running.url)
  const ended = once(socket, 'close')
  socket.write(Buffer.from([TEXT, 2, 0x7b, 0x7d]))
  socket.resume()
  socket.on('end', () => socket.end())
  await ended
  const client = await running.connect()
  expect(await client.refusal('channel.list')).toMatchObject({ code: 'unauthenticated' })
})
