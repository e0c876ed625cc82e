import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from '@arclight/server'
import { expect, test } from 'vitest'
import WebSocket, { WebSocketServer } from 'ws'
import { RawClient } from '../raw-client.ts'
import { RunningServer } from '../running-server.ts'
import { upgrade } from '../upgrade.ts'

test('[CONN-1] an upgrade that offers arclight.v1, alone or among others, is taken with it', async () => {
  await using running = await RunningServer.start()
  for (const offered of ['arclight.v1', 'arclight.v2, arclight.v1', 'chat,arclight.v1']) {
    const { status, headers } = await upgrade(running, { headers: { 'Sec-WebSocket-Protocol': offered } })
    expect([status, headers['sec-websocket-protocol']]).toEqual([101, 'arclight.v1'])
  }
})

test('[CONN-1] an upgrade that does not offer arclight.v1 gets HTTP 400', async () => {
  await using running = await RunningServer.start()
  for (const offered of ['', 'arclight.v2', 'arclight.v10', 'ARCLIGHT.V1']) {
    expect(await upgrade(running, { headers: { 'Sec-WebSocket-Protocol': offered } })).toMatchObject({ status: 400 })
  }
  expect(running.server.stats.sessions).toBe(0)
})

test('[CONN-4] without an Origin, from the own host and from a listed origin: taken', async () => {
  await using running = await RunningServer.start({ allowedOrigins: ['https://chat.example.org'] })
  const { host } = new URL(running.url)
  for (const origin of ['', `http://${host}`, `https://${host}`, 'https://chat.example.org']) {
    expect(await upgrade(running, { headers: { Origin: origin } }), origin).toMatchObject({ status: 101 })
  }
})

test('[CONN-4] from any other origin: HTTP 403', async () => {
  await using running = await RunningServer.start({ allowedOrigins: ['https://chat.example.org'] })
  const { hostname, port } = new URL(running.url)
  const others = [
    'https://evil.example.org',
    'http://chat.example.org',
    'https://chat.example.org:8443',
    'https://chat.example.org.evil.org',
    `http://${hostname}`,
    `http://${hostname}:${Number(port) + 1}`,
    `http://localhost:${port}`,
    'null',
    'chat.example.org',
  ]
  for (const origin of others) {
    expect(await upgrade(running, { headers: { Origin: origin } }), origin).toMatchObject({ status: 403 })
  }
  expect(running.server.stats.sessions).toBe(0)
})

test('[CONN-5] the path is the whole path, whatever its query; any other is not taken', async () => {
  await using running = await RunningServer.start()
  expect(await upgrade(running, { path: '/arclight?room=1' })).toMatchObject({ status: 101 })
  for (const path of ['/', '/arclight/', '/arclight2', '/x/arclight', '/ARCLIGHT']) {
    expect(await upgrade(running, { path }), path).toMatchObject({ status: 404 })
  }
})

test('[CONN-5] another upgrade handler of the same http server keeps its path, and requests keep theirs', async () => {
  await using running = await RunningServer.start({ path: '/chat/ws' })
  const others = new WebSocketServer({ noServer: true })
  running.http.on('request', (_request, response) => response.end('a page'))
  running.http.on('upgrade', (request, socket, head) => {
    if (request.url !== '/hot-reload') return
    others.handleUpgrade(request, socket, head, (ws) => ws.send('reload'))
  })
  const other = new WebSocket(running.url.replace('/chat/ws', '/hot-reload'))
  const [message] = await once(other, 'message')
  expect(String(message)).toBe('reload')
  const page = await fetch(running.url.replace('ws:', 'http:'))
  expect(await page.text()).toBe('a page')
  const client = await running.signIn('mei')
  expect((await client.ask('channel.list', {})).channels).toHaveLength(2)
  other.terminate()
})

test('[CONN-5] two servers share one http server, each on its path', async () => {
  await using running = await RunningServer.start({ path: '/one' })
  await using second = createServer()
  await second.open()
  second.attach(running.http, { path: '/two' })
  await using one = await RawClient.connect(running.url)
  await using two = await RawClient.connect(running.url.replace('/one', '/two'))
  expect((await one.event('session.hello')).server).not.toBe((await two.event('session.hello')).server)
})

test('a closed server leaves the upgrades of its http server alone', async () => {
  const http = createHttpServer()
  const server = createServer()
  server.attach(http)
  await server.open()
  expect(http.listenerCount('upgrade')).toBe(1)
  await server.close()
  expect(http.listenerCount('upgrade')).toBe(0)
})

test('a connection to a server that is not ready is told to come back', async () => {
  await using server = createServer()
  const closes: number[] = []
  const socket = { remoteAddress: '', bufferedBytes: 0, write() {}, writeMany() {}, destroy() {} }
  server.accept({ ...socket, close: (code) => closes.push(code) }, { local: true })
  expect(closes).toEqual([4000])
})

test('[CONN-6] an extension that the client offers is not negotiated', async () => {
  await using running = await RunningServer.start()
  const offered = 'permessage-deflate; client_max_window_bits, permessage-deflate'
  const { status, headers } = await upgrade(running, { headers: { 'Sec-WebSocket-Extensions': offered } })
  expect(status).toBe(101)
  expect(headers).not.toHaveProperty('sec-websocket-extensions')
})

test('[CONN-4] behind a trusted proxy the own host is the one that it forwards; nobody else may say so', async () => {
  const headers = { Origin: 'https://chat.example.org', 'X-Forwarded-Host': 'chat.example.org' }
  await using trusting = await RunningServer.start({ trustedProxies: ['127.0.0.1'] })
  expect(await upgrade(trusting, { headers })).toMatchObject({ status: 101 })
  const inner = `http://${new URL(trusting.url).host}`
  expect(await upgrade(trusting, { headers: { ...headers, Origin: inner } })).toMatchObject({ status: 403 })
  await using other = await RunningServer.start({ trustedProxies: ['10.0.0.1'] })
  expect(await upgrade(other, { headers })).toMatchObject({ status: 403 })
})

test('[LIMIT-6] clients of a trusted proxy are counted by their own addresses, those of another by the proxy’s', async () => {
  const rateLimits = { 'auth.token': { burst: 1, perSecond: 0.001 } }
  const codes = async (running: RunningServer): Promise<string[]> => {
    const found: string[] = []
    for (const address of ['203.0.113.7', '203.0.113.8', '203.0.113.7']) {
      const client = await running.connect({ headers: { 'X-Forwarded-For': address } })
      found.push((await client.refusal('auth.token', { token: 'x'.repeat(43) })).code)
    }
    return found
  }
  await using trusting = await RunningServer.start({ rateLimits, trustedProxies: ['127.0.0.1'] })
  expect(await codes(trusting)).toEqual(['unauthenticated', 'unauthenticated', 'rate_limited'])
  const warned: object[] = []
  const log = { info: () => {}, error: () => {}, warn: (fields: object) => warned.push(fields) }
  await using other = await RunningServer.start({ rateLimits, log })
  expect(await codes(other)).toEqual(['unauthenticated', 'rate_limited', 'rate_limited'])
  expect(warned).toEqual([{ address: '127.0.0.1' }])
})
