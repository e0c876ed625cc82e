import { expect, test } from 'vitest'
import { ask, media, pair } from './pair.ts'

test('drop: the frame does not come, those around it do', async () => {
  await using set = await pair({ rules: [{ action: 'drop', where: { type: 'two' } }] })
  const { client, server } = await set.connect()
  for (const [at, type] of ['one', 'two', 'three'].entries()) client.socket.send(ask(at, type))
  expect(await server.has(2)).toEqual([ask(0, 'one'), ask(2, 'three')])
  expect(set.proxy.log.map(({ type, done }) => [type, done])).toEqual([
    ['one', []],
    ['two', ['drop']],
    ['three', []],
  ])
})

test('duplicate: the frame comes once more, or as often as was said', async () => {
  await using set = await pair({
    rules: [
      { action: 'duplicate', where: { type: 'one' } },
      { action: 'duplicate', copies: 3, where: { kind: 'probe' } },
    ],
  })
  const { client, server } = await set.connect()
  client.socket.send(ask(1, 'one'))
  client.socket.send(media('probe', 5))
  const probe = Buffer.from(media('probe', 5))
  expect(await server.has(6)).toEqual([ask(1, 'one'), ask(1, 'one'), probe, probe, probe, probe])
})

test('truncate: half of the frame passes, or the bytes that were said', async () => {
  await using set = await pair({
    rules: [
      { action: 'truncate', where: { kind: 'text' } },
      { action: 'truncate', bytes: 15, where: { kind: 'audio' } },
    ],
  })
  const { client, server } = await set.connect()
  client.socket.send(ask(1, 'x'))
  client.socket.send(media('audio', 1))
  const text = ask(1, 'x')
  expect(await server.has(2)).toEqual([text.slice(0, text.length >> 1), Buffer.from(media('audio', 1).subarray(0, 15))])
})

test('cut: the line is lost for both, or closed with a code for both, and the frame does not pass', async () => {
  await using set = await pair({ rules: [{ action: 'cut', where: { type: 'one' } }] })
  const lost = await set.connect()
  lost.client.socket.send(ask(1, 'one'))
  expect((await lost.client.closed).code).toBe(1006)
  expect((await lost.server.closed).code).toBe(1006)
  set.proxy.setRules([{ action: 'cut', code: 4000, reason: 'restarting', where: { direction: 'to-client' } }])
  const closed = await set.connect()
  closed.server.socket.send('{"type":"one"}')
  expect(await closed.client.closed).toEqual({ code: 4000, reason: 'restarting' })
  expect(await closed.server.closed).toEqual({ code: 4000, reason: 'restarting' })
  expect([...lost.server.frames, ...closed.client.frames]).toEqual([])
})

test('delay: a frame is late by its time, and what is behind it waits', async () => {
  await using set = await pair({ rules: [{ action: 'delay', ms: 500, where: { type: 'one' } }] })
  const { client, server } = await set.connect()
  const arrived = passed(set, 2)
  client.socket.send(ask(1, 'one'))
  client.socket.send(ask(2, 'two'))
  await arrived
  set.clock.advance(499)
  server.socket.send('"the other way is free"')
  await client.has(1)
  expect(server.frames).toEqual([])
  set.clock.advance(1)
  expect(await server.has(2)).toEqual([ask(1, 'one'), ask(2, 'two')])
})

test('throttle: frames take the time that a slow line needs, one after the other', async () => {
  const rules = [{ action: 'throttle', bytesPerSecond: 40, where: { kind: 'audio' } }] as const
  await using set = await pair({ rules })
  const { client, server } = await set.connect()
  const arrived = passed(set, 3)
  for (const seq of [1, 2, 3]) client.socket.send(media('audio', seq))
  await arrived
  for (const seq of [1, 2, 3]) {
    set.clock.advance(999)
    expect(server.frames).toHaveLength(seq - 1)
    set.clock.advance(1)
    await server.has(seq)
  }
  expect(server.frames).toEqual([1, 2, 3].map((seq) => Buffer.from(media('audio', seq))))
})

test('reorder: the frames behind it pass first, as many as were said', async () => {
  await using set = await pair({ rules: [{ action: 'reorder', by: 2, where: { type: 'one' } }] })
  const { client, server } = await set.connect()
  for (const [at, type] of ['one', 'two', 'three', 'four'].entries()) client.socket.send(ask(at, type))
  expect((await server.has(4)).map((text) => JSON.parse(String(text)).type)).toEqual(['two', 'three', 'one', 'four'])
})

test('reorder: what waits to be overtaken passes when its sender closes', async () => {
  await using set = await pair({ rules: [{ action: 'reorder', where: { type: 'one' } }] })
  const { client, server } = await set.connect()
  client.socket.send(ask(1, 'one'))
  client.socket.close(1000, 'done')
  expect(await server.closed).toEqual({ code: 1000, reason: 'done' })
  expect(server.frames).toEqual([ask(1, 'one')])
})

test('several rules strike one frame, in their order', async () => {
  await using set = await pair({
    rules: [{ action: 'truncate', bytes: 4 }, { action: 'duplicate' }, { action: 'delay', ms: 10 }],
  })
  const { client, server } = await set.connect()
  const arrived = passed(set, 1)
  client.socket.send('longer than four')
  await arrived
  set.clock.advance(10)
  expect(await server.has(2)).toEqual(['long', 'long'])
  expect(set.proxy.log.map(({ done }) => done)).toEqual([['truncate', 'duplicate', 'delay']])
})

/** Resolves when the proxy has taken `count` frames more. */
function passed({ proxy }: Awaited<ReturnType<typeof pair>>, count: number): Promise<void> {
  const wanted = proxy.log.length + count
  return new Promise((resolve) => {
    const look = (): unknown => (proxy.log.length >= wanted ? resolve() : setImmediate(look))
    look()
  })
}
