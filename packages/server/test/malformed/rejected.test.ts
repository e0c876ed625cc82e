import { encodeProbe, MediaKind } from '@arclight/core/codec'
import { LIMITS } from '@arclight/core/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mediaFrame } from '../media-frame.ts'
import { RunningServer } from '../running-server.ts'

let shared: RunningServer
beforeAll(async () => {
  shared = await RunningServer.start()
})
afterAll(() => shared[Symbol.asyncDispose]())

const NO_REQUESTS: [text: string, reason: string][] = [
  ['', 'json'],
  ['hello', 'json'],
  ['{"id":1,"type":"channel.list"', 'json'],
  ['{"id":1,"type":"channel.list"} ?', 'json'],
  ['null', 'json'],
  ['7', 'json'],
  ['"text"', 'json'],
  ['[{"id":1,"type":"channel.list"}]', 'json'],
  ['['.repeat(60_000), 'json'],
  ['{}', 'envelope'],
  ['{"type":"channel.list"}', 'envelope'],
  ['{"id":"1","type":"channel.list"}', 'envelope'],
  ['{"id":-1,"type":"channel.list"}', 'envelope'],
  ['{"id":1.5,"type":"channel.list"}', 'envelope'],
  ['{"id":9007199254740992,"type":"channel.list"}', 'envelope'],
  ['{"id":null,"type":"channel.list"}', 'envelope'],
  ['{"id":1}', 'envelope'],
  ['{"id":1,"type":5}', 'envelope'],
  ['{"id":1,"type":null}', 'envelope'],
]

test.for(NO_REQUESTS)('[BAD-1] a text frame that is no request is answered: %s', async ([text, reason]) => {
  const client = await shared.connect()
  client.sendText(text)
  expect(await client.event('session.rejected')).toEqual({
    reason,
    message: expect.stringMatching(/^expected /),
    left: 9,
  })
  expect(await client.request('channel.list')).toMatchObject({ re: 1, error: { code: 'unauthenticated' } })
})

/** A media frame with one byte changed. */
function broken(at: number, value: number): Uint8Array {
  const frame = mediaFrame({ track: 1 })
  frame[at] = value
  return frame
}

const NO_FRAMES: [what: string, frame: Uint8Array, reason: string][] = [
  ['nothing', new Uint8Array(0), 'truncated'],
  ['15 bytes', mediaFrame({ track: 1 }).subarray(0, 15), 'truncated'],
  ['layout version 0', broken(0, 0x00), 'version'],
  ['layout version 2', broken(0, 0x20), 'version'],
  ['kind 3', broken(0, 0x13), 'kind'],
  ['kind 15', broken(0, 0x1f), 'kind'],
  ['flag 0x40', broken(1, 0x40), 'reserved'],
  ['flag 0x80', broken(1, 0x80), 'reserved'],
  ['the reserved byte', broken(9, 1), 'reserved'],
  ['a probe with a payload', mediaFrame({ track: 0, kind: MediaKind.probe }, 1), 'envelope'],
]

test.for(NO_FRAMES)(
  '[BAD-1] a binary frame without a well-formed header is answered: %s',
  async ([, frame, reason]) => {
    const client = await shared.connect()
    client.sendBinary(frame)
    expect(await client.event('session.rejected')).toEqual({
      reason,
      message: expect.stringMatching(/^expected /),
      left: 9,
    })
    await client.settle()
  },
)

test('[BAD-1] left counts from 10 over text and binary frames together; at 0 the connection closes with 4500', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const left: number[] = []
  for (let count = 0; count < LIMITS.malformedFrames; count++) {
    if (count % 2 === 0) mei.sendText('?')
    else mei.sendBinary(new Uint8Array(3))
    left.push((await mei.event('session.rejected')).left)
    if (count < LIMITS.malformedFrames - 1) await mei.ask('channel.list', {})
  }
  expect(left).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0])
  expect(await mei.closed).toEqual({ code: 4500, reason: 'too many malformed frames' })
})

test('[BAD-1] what comes behind the last malformed frame in the same write is not heard', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  await li.ask('channel.join', { channel: 'general' })
  for (let count = 0; count < 25; count++) mei.sendText('?')
  mei.post('message.send', { channel: 'general', clientId: 'a', text: 'too late' })
  expect(await mei.closed).toMatchObject({ code: 4500 })
  expect(mei.texts.all.filter(({ type }) => type === 'session.rejected')).toHaveLength(10)
  expect(await li.ask('log.read', { channel: 'general', after: 0 })).toMatchObject({ entries: [], head: 0 })
})

test('[BAD-1] well-formed frames and refused requests do not use up the budget', async () => {
  await using running = await RunningServer.start()
  const client = await running.connect()
  for (let count = 0; count < 30; count++) {
    client.sendBinary(mediaFrame({ track: 1 }))
    client.sendBinary(encodeProbe({ seq: 5, timestamp: 0, echo: true }))
    await client.refusal('no.such.request')
  }
  client.sendText('?')
  expect(await client.event('session.rejected')).toMatchObject({ left: 9 })
})

test('a text frame that is no UTF-8 closes with 1007', async () => {
  await using running = await RunningServer.start()
  const client = await running.connect()
  client.sendText(Uint8Array.of(0x22, 0xff, 0x22))
  expect(await client.closed).toMatchObject({ code: 1007 })
})
