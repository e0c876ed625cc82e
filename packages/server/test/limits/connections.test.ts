import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { createServer } from '@arclight/server'
import { expect, test } from 'vitest'
import { ConnectionLimits } from '../../src/limits/connection-limits.ts'
import { InProcessClient } from '../in-process-client.ts'
import { PASSWORD, RunningServer } from '../running-server.ts'
import { upgrade } from '../upgrade.ts'

test('[LIMIT-8] connections are counted by address, strangers apart, and all together', () => {
  const limits = new ConnectionLimits({ perAddress: 3, strangersPerAddress: 2, total: 4 })
  const [first, second] = [limits.open('a'), limits.open('a')]
  expect(limits.refusal('a')).toBe('address')
  expect([first.authenticate('u1'), limits.refusal('a')]).toEqual([true, undefined])
  const third = limits.open('a')
  third.authenticate('u2')
  expect([limits.refusal('a'), limits.refusal('b')]).toEqual(['address', undefined])
  const other = limits.open('b')
  expect(limits.refusal('c')).toBe('server')
  for (const slot of [first, second, third, other, other]) slot.release()
  expect([limits.refusal('a'), limits.size]).toEqual([undefined, 0])
})

test('[LIMIT-8] without options an address has 256, of them 64 strangers, and a server 10,000', () => {
  const limits = new ConnectionLimits()
  for (let count = 0; count < 64; count++) limits.open('a')
  expect(limits.refusal('a')).toBe('address')
  for (let count = 0; count < 255; count++) limits.open('b').authenticate(`u${count}`)
  expect(limits.refusal('b')).toBe(undefined)
  limits.open('b').authenticate('one more')
  expect(limits.refusal('b')).toBe('address')
  for (let count = 0; count < 10_000 - 64 - 256; count++) limits.open(`${count}`)
  expect(limits.refusal('fresh')).toBe('server')
  const off = new ConnectionLimits('off')
  for (let count = 0; count < 20_000; count++) expect(off.open('a').authenticate('u')).toBe(true)
  expect(off.refusal('a')).toBeUndefined()
})

test('[LIMIT-8] an upgrade too many gets 429, or 503 where the server is full, with Retry-After', async () => {
  await using running = await RunningServer.start({ connectionLimits: { strangersPerAddress: 2, total: 3 } })
  const first = await running.connect()
  await running.connect()
  const refused = await upgrade(running)
  expect([refused.status, refused.headers['retry-after']]).toEqual([429, '10'])
  await first.authenticate('auth.register', { name: 'mei', password: PASSWORD })
  await running.connect()
  const full = await upgrade(running)
  expect([full.status, full.headers['retry-after']]).toEqual([503, '10'])
})

test('[LIMIT-8] a refused upgrade leaves no socket behind, though its peer never closes', async () => {
  await using running = await RunningServer.start({ connectionLimits: { total: 0 } })
  const { port } = running.http.address() as AddressInfo
  const taken = once(running.http, 'connection')
  const peer = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const [socket] = (await taken) as [Socket]
  const closed = once(socket, 'close')
  const headers = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'
  peer.write(`GET /arclight HTTP/1.1\r\nHost: a\r\n${headers}Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n`)
  peer.write('Sec-WebSocket-Protocol: arclight.v1\r\n\r\n')
  const [answer] = (await once(peer, 'data')) as [Buffer]
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n/)
  await closed
  expect(peer.writable).toBe(true)
  peer.destroy()
})

test('[LIMIT-7] without options a user has 20', () => {
  const limits = new ConnectionLimits()
  const admitted = Array.from({ length: 21 }, (_, count) => limits.open(`${count}`).authenticate('mei'))
  expect(admitted.indexOf(false)).toBe(20)
})

test('[LIMIT-7] a user’s connection too many is told so and closed with 4004', async () => {
  await using running = await RunningServer.start({ connectionLimits: { perUser: 2 } })
  const mei = await running.signIn('mei')
  const { token } = mei.authenticated
  const second = await running.connect()
  await second.authenticate('session.resume', { token, cursors: {} })
  for (const [type, data] of [
    ['auth.token', { token }],
    ['session.resume', { token, cursors: {} }],
    ['auth.login', { name: 'mei', password: PASSWORD }],
  ] as const) {
    const third = await running.connect()
    expect(await third.refusal(type, data), type).toEqual({
      code: 'rate_limited',
      message: 'this user has too many connections',
      retryable: true,
    })
    expect((await third.closed).code).toBe(4004)
  }
  const li = await running.signIn('li')
  expect((await li.ask('channel.list', {})).channels).toHaveLength(2)
})

test('[LIMIT-7][LIMIT-8] connections of another transport are counted like any, and one that ends makes room', async () => {
  await using server = createServer({ connectionLimits: { perUser: 1, perAddress: 2 } })
  await server.open()
  const mei = await InProcessClient.signIn(server, 'mei')
  const second = new InProcessClient(server)
  const reply = await second.reply(second.post('auth.login', { name: 'mei', password: PASSWORD }))
  expect(reply['error']).toMatchObject({ code: 'rate_limited' })
  expect(second.socket.closes).toEqual([{ code: 4004, reason: 'too many connections of one user' }])
  await InProcessClient.signIn(server, 'li')
  const fourth = new InProcessClient(server)
  expect(fourth.socket.closes).toEqual([{ code: 4004, reason: 'too many connections' }])
  expect(server.stats.sessions).toBe(2)
  mei.handler.closed()
  const back = new InProcessClient(server)
  expect((await back.ask('auth.login', { name: 'mei', password: PASSWORD })).user.name).toBe('mei')
})
