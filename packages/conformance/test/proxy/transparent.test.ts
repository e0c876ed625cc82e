import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { startProxy } from '../../src/proxy/index.ts'
import { pair } from './pair.ts'

test('without rules every frame passes byte for byte, in order, both ways', async () => {
  await using set = await pair()
  const { client, server } = await set.connect()
  expect([client.socket.protocol, server.socket.protocol]).toEqual(['arclight.v1', 'arclight.v1'])
  const frames = [
    '',
    'text',
    '弧光 🎙️ \u0000',
    Buffer.alloc(0),
    ...[1, 125, 126, 127, 65_535, 65_536, 1_048_576].map((size) => randomBytes(size)),
    'x'.repeat(65_536),
  ]
  for (const [from, to] of [
    [client, server],
    [server, client],
  ] as const) {
    for (const frame of frames) from.socket.send(frame)
    const came = await to.has(frames.length)
    expect(came.map((frame, at) => same(frame, frames[at]))).toEqual(frames.map(() => true))
  }
  expect(set.proxy.log.map(({ size }) => size)).toEqual([...frames, ...frames].map((frame) => Buffer.byteLength(frame)))
})

test('text that is no UTF-8 is the target’s to judge', async () => {
  await using set = await pair()
  const { client, server } = await set.connect()
  client.socket.send(Buffer.of(0xff, 0xfe), { binary: false })
  await server.closed
  expect((await client.closed).code).toBe(1007)
})

test('pings and pongs pass, and nobody answers in between', async () => {
  await using set = await pair()
  const { client, server } = await set.connect()
  const pinged = once(server.socket, 'ping')
  const ponged = once(client.socket, 'pong')
  client.socket.ping('are you there')
  expect(String((await pinged)[0])).toBe('are you there')
  expect(String((await ponged)[0])).toBe('are you there')
})

test.each([
  [1000, 'done'],
  [4502, 'expired'],
  [4000, ''],
])('a close with %i passes both ways with its reason', async (code, reason) => {
  await using set = await pair()
  const one = await set.connect()
  one.client.socket.close(code, reason)
  expect(await one.server.closed).toEqual({ code, reason })
  const other = await set.connect()
  other.server.socket.close(code, reason)
  expect(await other.client.closed).toEqual({ code, reason })
})

test('a socket that dies without a close frame dies at the other end too', async () => {
  await using set = await pair()
  const one = await set.connect()
  one.client.socket.terminate()
  expect((await one.server.closed).code).toBe(1006)
  const other = await set.connect()
  other.server.socket.terminate()
  expect((await other.client.closed).code).toBe(1006)
})

test('a server that refuses the upgrade, and one that is not there, refuse the client', async () => {
  await using set = await pair()
  await using refusing = await startProxy({ target: `${set.proxy.url.replace('/arclight', '')}/x` })
  expect(refusing.url).toMatch(/\/x$/)
  await set.proxy.close()
  await using behind = await startProxy({ target: refusing.url })
  const socket = new WebSocket(behind.url, 'arclight.v1')
  const [error] = await once(socket, 'error')
  expect(String(error)).toMatch(/socket hang up|ECONNRESET/)
})

test('routes beside the socket pass', async () => {
  await using set = await pair()
  const answer = await fetch(`http://127.0.0.1:${set.proxy.port}/healthz?deep=1`)
  expect(await answer.text()).toBe('GET /healthz?deep=1')
})

test('an end that is slow stops the other, and nothing is lost', async () => {
  await using set = await pair({ rules: [{ action: 'delay', ms: 1, where: { direction: 'to-server' } }] })
  const { client, server } = await set.connect()
  const chunk = Buffer.alloc(65_536)
  for (let count = 0; count < 400; count++) client.socket.send(chunk)
  // The other way is free, and these go and come while the proxy has time to take far more than it may.
  for (let count = 1; count <= 100; count++) {
    server.socket.send('')
    await client.has(count)
  }
  expect(set.proxy.log.filter(({ direction }) => direction === 'to-server').length).toBeLessThan(100)
  while (server.frames.length < 400) {
    set.clock.advance(1)
    await new Promise(setImmediate)
  }
})

function same(came: string | Buffer, sent: string | Buffer | undefined): boolean {
  return typeof came === 'string' ? came === sent : Buffer.isBuffer(sent) && came.equals(sent)
}
