import { LIMITS } from '@arclight/core/protocol'
import { expect, test } from 'vitest'
import { mediaFrame } from '../media-frame.ts'
import { RunningServer } from '../running-server.ts'
import { enter, talk } from '../voice.ts'

/** A request of exactly so many bytes. */
function requestOf(bytes: number, filler = ' '): string {
  const request = '{"id":70,"type":"channel.list"}'
  return request + filler.repeat(bytes - request.length)
}

test('[BAD-2] a text frame of 65,536 bytes is read, one of 65,537 closes with 1009', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  mei.sendText(requestOf(LIMITS.controlBytes))
  expect(await mei.reply(70)).toMatchObject({ re: 70, data: {} })
  mei.sendText(requestOf(LIMITS.controlBytes + 1))
  expect(await mei.closed).toEqual({ code: 1009, reason: 'a text frame may have 65536 bytes' })
})

test('[BAD-2] bytes are counted, not characters', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const withNote = (length: number): string =>
    JSON.stringify({ id: 71, type: 'channel.list', note: '€'.repeat(length) })
  const most = Math.floor((LIMITS.controlBytes - withNote(0).length) / Buffer.byteLength('€'))
  mei.sendText(withNote(most))
  expect(await mei.reply(71)).toMatchObject({ re: 71, data: {} })
  expect(withNote(most + 1).length).toBeLessThan(LIMITS.controlBytes)
  mei.sendText(withNote(most + 1))
  expect(await mei.closed).toMatchObject({ code: 1009 })
})

test('[BAD-2] a text frame over 1,048,576 bytes closes with 1009 as well', async () => {
  await using running = await RunningServer.start()
  const client = await running.connect()
  client.sendText(requestOf(LIMITS.mediaBytes + 1))
  expect(await client.closed).toMatchObject({ code: 1009 })
})

test('[BAD-2] a media frame of 1,048,576 bytes is passed on, one more byte closes with 1009', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  await enter(li)
  const { member, track } = await talk(mei)
  const largest = mediaFrame({ track }, LIMITS.mediaBytes - 16)
  mei.sendBinary(largest)
  expect(Buffer.compare(await li.frames.take(), largest)).toBe(0)
  mei.sendBinary(mediaFrame({ track, seq: 1 }, LIMITS.mediaBytes - 15))
  expect(await mei.closed).toMatchObject({ code: 1009 })
  await li.event('voice.changed', (data) => data.member.member === member && data.member.reconnecting)
})
