import { createServer } from '@arclight/server'
import { expect, test } from 'vitest'
import { numbered } from '../chat.ts'
import { InProcessClient } from '../in-process-client.ts'
import { RunningServer } from '../running-server.ts'
import { nextTurn } from '../turns.ts'

const FULL = 65_536
const PIPELINED = 200

/** Stores so many messages of about so many bytes. */
async function fill(sender: InProcessClient, count: number, bytes = 20, channel = 'general'): Promise<void> {
  for (let from = 0; from < count; from += PIPELINED) {
    const batch = Array.from({ length: Math.min(PIPELINED, count - from) }, (_, at) =>
      sender.ask('message.send', {
        channel,
        clientId: `${channel} ${from + at}`,
        text: `${from + at}`.padEnd(bytes, '.'),
      }),
    )
    await Promise.all(batch)
  }
}

/** What a client was written, by the type of each event. */
function eventsOf(client: InProcessClient): Readonly<Record<string, unknown>>[] {
  return client.takeWrites().flatMap((items) => items.flatMap(({ text }) => (text ? [text] : [])))
}

test('[TURN-2] past 1,000 entries a channel lags: its head is told instead, and log.read gives all', async () => {
  await using server = createServer({ rateLimits: 'off' })
  await server.open()
  const mei = await InProcessClient.signIn(server, 'mei')
  const li = await InProcessClient.signIn(server, 'li')
  await li.ask('channel.join', { channel: 'general' })
  await nextTurn()
  li.takeWrites()
  li.socket.bufferedBytes = FULL
  await fill(mei, 1_200)
  await nextTurn()
  expect(eventsOf(li)).toEqual([])
  li.socket.bufferedBytes = 0
  li.handler.drained()
  await nextTurn()
  expect(eventsOf(li)).toEqual([{ type: 'channel.lagging', data: { channel: 'general', seq: 1_200 } }])
  const seqs: number[] = []
  while (seqs.length < 1_200) {
    const { entries } = await li.ask('log.read', { channel: 'general', after: seqs.at(-1) ?? 0, limit: 100 })
    seqs.push(...entries.map(({ seq }) => seq))
  }
  expect(seqs).toEqual(numbered(1_200).map(Number))
  li.takeWrites()
  await fill(mei, 1, 5, 'lounge')
  await mei.ask('message.send', { channel: 'general', clientId: 'live', text: 'live again' })
  await nextTurn()
  expect(eventsOf(li)).toMatchObject([{ type: 'message.created', seq: 1_201 }])
  expect(li.socket.closes).toEqual([])
})

test('[TURN-2] up to 1,000 entries wait for a slow listener, who gets them in order', async () => {
  await using server = createServer({ rateLimits: 'off' })
  await server.open()
  const mei = await InProcessClient.signIn(server, 'mei')
  const li = await InProcessClient.signIn(server, 'li')
  await li.ask('channel.join', { channel: 'general' })
  await nextTurn()
  li.takeWrites()
  li.socket.bufferedBytes = FULL
  await fill(mei, 1_000)
  li.socket.bufferedBytes = 0
  li.handler.drained()
  const got: unknown[] = []
  while (got.length < 1_000) {
    await nextTurn()
    got.push(...eventsOf(li).map(({ seq }) => seq))
  }
  expect(got).toEqual(numbered(1_000).map(Number))
})

test('[TURN-2] past 1 MiB a channel lags too, and another channel’s entries stay', async () => {
  await using server = createServer({ rateLimits: 'off' })
  await server.open()
  const mei = await InProcessClient.signIn(server, 'mei')
  const li = await InProcessClient.signIn(server, 'li')
  await li.ask('channel.join', { channel: 'general' })
  await li.ask('channel.join', { channel: 'lounge' })
  await nextTurn()
  li.takeWrites()
  li.socket.bufferedBytes = FULL
  await fill(mei, 3, 20, 'lounge')
  await fill(mei, 300, 4_000)
  li.socket.bufferedBytes = 0
  li.handler.drained()
  await nextTurn()
  expect(eventsOf(li).map(({ type, channel, seq, data }) => ({ type, channel, seq, data }))).toEqual([
    { type: 'channel.lagging', data: { channel: 'general', seq: 300 } },
    ...[1, 2, 3].map((seq) => ({ type: 'message.created', channel: 'lounge', seq, data: expect.anything() })),
  ])
})

test('[TURN-2] a channel that the listener left while it lagged is told of no more', async () => {
  await using server = createServer({ rateLimits: 'off' })
  await server.open()
  const mei = await InProcessClient.signIn(server, 'mei')
  const li = await InProcessClient.signIn(server, 'li')
  await li.ask('channel.join', { channel: 'general' })
  li.socket.bufferedBytes = FULL
  await fill(mei, 1_100)
  await li.ask('channel.leave', { channel: 'general' })
  li.takeWrites()
  li.socket.bufferedBytes = 0
  li.handler.drained()
  await nextTurn()
  expect(eventsOf(li)).toEqual([])
})

test('replies and probes’ answers do not wait behind entries for a slow listener', async () => {
  await using server = createServer({ rateLimits: 'off' })
  await server.open()
  const mei = await InProcessClient.signIn(server, 'mei')
  const li = await InProcessClient.signIn(server, 'li')
  await li.ask('channel.join', { channel: 'general' })
  await nextTurn()
  li.takeWrites()
  li.socket.bufferedBytes = FULL
  await fill(mei, 10)
  const id = li.post('channel.leave', { channel: 'lounge' })
  await nextTurn()
  expect(eventsOf(li)).toEqual([expect.objectContaining({ re: id })])
})

test('[TURN-2] over a real socket: who reads late has the live entries and, of the rest, the log', async () => {
  await using running = await RunningServer.start({ rateLimits: 'off' })
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  await li.ask('channel.join', { channel: 'general' })
  li.pause()
  const text = '€'.repeat(4_000)
  for (let from = 0; from < 1_400; from += PIPELINED) {
    const batch = Array.from({ length: PIPELINED }, (_, at) =>
      mei.ask('message.send', { channel: 'general', clientId: `${from + at}`, text }),
    )
    await Promise.all(batch)
  }
  li.readOn()
  const seqOf = (item: Readonly<Record<string, unknown>>): number =>
    Number(item['seq'] ?? (item['type'] === 'channel.lagging' ? (item['data'] as { seq: number }).seq : 0))
  await li.texts.take((item) => seqOf(item) === 1_400)
  let cursor = 0
  let pulled = 0
  for (const item of li.texts.all) {
    if (item['type'] === 'message.created') expect(seqOf(item)).toBe(cursor + 1)
    cursor = Math.max(cursor, seqOf(item))
    if (item['type'] !== 'channel.lagging') continue
    while (pulled < cursor) {
      const { entries } = await li.ask('log.read', { channel: 'general', after: pulled, limit: 100 })
      expect(entries.map(({ seq }) => seq - pulled)).toEqual(numbered(entries.length).map(Number))
      pulled += entries.length
    }
  }
  expect(pulled).toBeGreaterThan(0)
  expect(cursor).toBe(1_400)
  expect((await li.ask('channel.list', {})).channels[0]?.head).toBe(1_400)
})
