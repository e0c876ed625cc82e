import { createServer } from '@arclight/server'
import { expect, test } from 'vitest'
import { RecordingSocket } from '../recording-socket.ts'
import { RunningServer } from '../running-server.ts'
import { nextTurn } from '../turns.ts'
import { enter } from '../voice.ts'

const FOUR_MIB = 4 * 1_048_576
/** More than kernels keep for one connection of this machine. */
const PAGES = 150

test('a connection with more than 4 MiB unsent is closed with 4001, once; one with 4 MiB is not', async () => {
  await using server = createServer()
  await server.open()
  const socket = new RecordingSocket()
  const handler = server.accept(socket, { local: true })
  socket.bufferedBytes = FOUR_MIB
  handler.text('{"id":1,"type":"channel.list"}')
  await nextTurn()
  expect(socket.closes).toEqual([])
  socket.bufferedBytes = FOUR_MIB + 1
  handler.text('{"id":2,"type":"channel.list"}')
  await nextTurn()
  expect(socket.closes).toEqual([{ code: 4001, reason: 'slow' }])
  expect(server.stats.sessions).toBe(0)
})

test('somebody who asks for pages and reads none is closed with 4001, and nobody else notices', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  await enter(mei)
  const member = await enter(li)
  const text = 'x'.repeat(4_000)
  const sends = Array.from({ length: 100 }, (_, at) =>
    mei.ask('message.send', { channel: 'general', clientId: `${at}`, text }),
  )
  await Promise.all(sends)
  li.pause()
  for (let page = 0; page < PAGES; page++) li.post('history.page', { channel: 'general', limit: 100 })
  await mei.event('voice.changed', (data) => data.member.member === member && data.member.reconnecting)
  expect((await mei.ask('history.page', { channel: 'general' })).asOf).toBe(100)
  li.readOn()
  expect(await li.closed).toEqual({ code: 4001, reason: 'slow' })
})
