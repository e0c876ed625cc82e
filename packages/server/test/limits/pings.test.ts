import { once } from 'node:events'
import type { Socket } from 'node:net'
import { SUBPROTOCOL } from '@arclight/core/protocol'
import { expect, test } from 'vitest'
import WebSocket from 'ws'
import { PASSWORD, RunningServer } from '../running-server.ts'

const PINGS = 200_000
const PAYLOAD = Buffer.alloc(125, 1)

test('[LIMIT-11] a ping is answered with its own payload', async () => {
  await using running = await RunningServer.start()
  const ws = new WebSocket(running.url, SUBPROTOCOL)
  await once(ws, 'open')
  ws.ping('are you there')
  expect(String((await once(ws, 'pong'))[0])).toBe('are you there')
  ws.terminate()
})

test('[LIMIT-11] pings of a peer that reads nothing cost no memory', async () => {
  await using running = await RunningServer.start()
  const taken = once(running.http, 'connection')
  const ws = new WebSocket(running.url, SUBPROTOCOL)
  ws.on('error', () => {})
  await once(ws, 'open')
  const [socket] = (await taken) as [Socket]
  ws.send(JSON.stringify({ id: 1, type: 'auth.register', data: { name: 'mei', password: PASSWORD } }))
  await new Promise<void>((resolve) => {
    ws.on('message', (text) => {
      if (String(text).includes('"re":1')) resolve()
    })
  })
  ws.pause()
  const stored = new Promise((resolve) => running.server.on('message', resolve))
  for (let count = 0; count < PINGS; count++) ws.ping(PAYLOAD)
  ws.send(JSON.stringify({ id: 2, type: 'message.send', data: { channel: 'general', clientId: 'a', text: 'done' } }))
  await stored
  expect(socket.writableLength).toBeLessThan(131_072)
  ws.terminate()
})
