import { expect, test } from 'vitest'
import { parseRules, type Rule } from '../../src/proxy/index.ts'
import { ask, media, pair } from './pair.ts'

/** Which of the frames that a client sends are dropped by these rules: their places. */
async function dropped(
  rules: readonly Rule[],
  frames: readonly (string | Uint8Array)[],
  seed?: number,
): Promise<number[]> {
  await using set = await pair({ rules, seed })
  const { client, server } = await set.connect()
  for (const frame of frames) client.socket.send(frame)
  client.socket.close()
  await server.closed
  return set.proxy.log.flatMap(({ done }, at) => (done.includes('drop') ? [at] : []))
}

const requests = Array.from({ length: 12 }, (_, id) =>
  ask(id, id % 2 === 0 ? 'even' : 'odd', { channel: `c${id % 3}` }),
)

test('where: kind, type and channel, all that is named', async () => {
  const mixed = [
    ...requests,
    media('audio', 1),
    media('video', 2),
    media('probe', 3),
    Uint8Array.of(1, 2, 3),
    'no JSON',
  ]
  const strikes = (where: Rule['where']): Promise<number[]> => dropped([{ action: 'drop', where }], mixed)
  expect(await strikes({ kind: 'text', type: 'even' })).toEqual([0, 2, 4, 6, 8, 10])
  expect(await strikes({ type: 'even', channel: 'c1' })).toEqual([4, 10])
  expect(await strikes({ kind: 'audio' })).toEqual([12])
  expect(await strikes({ kind: 'video' })).toEqual([13])
  expect(await strikes({ kind: 'probe' })).toEqual([14])
  expect(await strikes({ kind: 'other' })).toEqual([15])
  expect(await strikes({ direction: 'to-client' })).toEqual([])
})

test('where: a reply has the type and the channel of its request, an entry its own', async () => {
  await using set = await pair()
  const { client, server } = await set.connect()
  client.socket.send(ask(7, 'message.send', { channel: 'general' }))
  await server.has(1)
  server.socket.send('{"re":7,"data":{}}')
  server.socket.send('{"type":"message.created","channel":"general","seq":1,"data":{}}')
  await client.has(2)
  expect(set.proxy.log.map(({ direction, type, reply, channel }) => [direction, type, reply, channel])).toEqual([
    ['to-server', 'message.send', undefined, 'general'],
    ['to-client', 'message.send', true, 'general'],
    ['to-client', 'message.created', undefined, 'general'],
  ])
})

test('where: a track’s frames are of the channel that it was published to, by either end', async () => {
  await using set = await pair()
  const { client, server } = await set.connect()
  client.socket.send(ask(1, 'track.publish', { key: 'microphone', to: { channel: 'lounge' } }))
  await server.has(1)
  server.socket.send('{"re":1,"data":{"track":7}}')
  server.socket.send('{"type":"track.published","data":{"channel":"hall","member":"m","track":{"track":9}}}')
  server.socket.send(media('audio', 1, 9))
  await client.has(3)
  client.socket.send(media('audio', 1, 7))
  await server.has(2)
  expect(set.proxy.log.filter(({ kind }) => kind === 'audio').map(({ channel }) => channel)).toEqual(['hall', 'lounge'])
})

test('when: the nth and every nth of those that fit, over all connections', async () => {
  expect(await dropped([{ action: 'drop', where: { type: 'odd' }, when: { count: { nth: 3 } } }], requests)).toEqual([
    5,
  ])
  expect(await dropped([{ action: 'drop', when: { count: { every: 5 } } }], requests)).toEqual([4, 9])
  await using set = await pair({ rules: [{ action: 'drop', when: { count: { nth: 2 } } }] })
  for (const [first, last] of [['a', 'b'] as const, ['c', 'd'] as const]) {
    const { client, server } = await set.connect()
    client.socket.send(first)
    client.socket.send(last)
    client.socket.close()
    await server.closed
  }
  expect(set.proxy.log.map(({ connection, done }) => [connection, done.length])).toEqual([
    [1, 0],
    [1, 1],
    [2, 0],
    [2, 0],
  ])
})

test('when: after a time that each connection has of its own', async () => {
  await using set = await pair({ rules: [{ action: 'drop', when: { after: 1_000 } }] })
  const { client, server } = await set.connect()
  client.socket.send('early')
  await server.has(1)
  set.clock.advance(1_000)
  client.socket.send('late')
  const later = await set.connect()
  later.client.socket.send('early again')
  await later.server.has(1)
  client.socket.close()
  await server.closed
  expect([server.frames, later.server.frames]).toEqual([['early'], ['early again']])
})

test('when: a probability strikes the same frames for the same seed, and others for another', async () => {
  const many = Array.from({ length: 200 }, (_, id) => ask(id, 'x'))
  const rules: Rule[] = [{ action: 'drop', when: { probability: 0.3 } }]
  const first = await dropped(rules, many, 7)
  expect(await dropped(rules, many, 7)).toEqual(first)
  expect(await dropped(rules, many, 8)).not.toEqual(first)
  expect(first.length).toBeGreaterThan(30)
  expect(first.length).toBeLessThan(90)
})

test('rules from a file are read strictly: what is wrong is named', () => {
  expect(parseRules([{ action: 'drop', where: { type: 'x' }, when: { count: { every: 2 } } }])).toHaveLength(1)
  expect(() => parseRules([{ action: 'delay' }])).toThrow(/rules\[0\]\[ms\]/)
  expect(() => parseRules([{ action: 'drop', whre: {} }])).toThrow(/whre/)
  expect(() => parseRules([{ action: 'explode' }])).toThrow(/rules\[0\]/)
  expect(() => parseRules([{ action: 'drop', when: { probability: 2 } }])).toThrow(/probability/)
  expect(() => parseRules({ action: 'drop' })).toThrow(/array/)
})
