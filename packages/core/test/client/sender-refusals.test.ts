import { expect, test } from 'vitest'
import type { RefusedMessage } from '../../src/client/outbox/outbox.ts'
import type { RequestData } from '../../src/protocol/requests.ts'
import { seededRandom } from '../../src/testing/seeded-random.ts'
import { outcomeOf } from './outcome.ts'
import { Refusal } from './refusal.ts'
import { settle } from './settle.ts'
import { signedInClient } from './signed-in-client.ts'
import type { TestClient } from './test-client.ts'
import { messageAt } from './wire-data.ts'

type Send = RequestData<'message.send'>

/** A server that stores as the protocol says, but for those that `refuse` picks. */
function storing(refuse: (send: Send) => Refusal | undefined): { texts: string[]; answer: (send: Send) => object } {
  const ids: string[] = []
  const texts: string[] = []
  return {
    texts,
    answer: (send) => {
      const { clientId, text, after } = send
      const repeat = ids.indexOf(clientId)
      if (repeat >= 0) return { message: { ...messageAt(repeat + 1), clientId, text } }
      const refusal = refuse(send)
      if (refusal) return refusal
      if (after !== undefined && !ids.includes(after)) return new Refusal('out_of_order', { retryable: true })
      ids.push(clientId)
      texts.push(text)
      return { message: { ...messageAt(ids.length), clientId, text } }
    },
  }
}

async function clientOf(refuse: (send: Send) => Refusal | undefined): Promise<TestClient & { texts: string[] }> {
  const { texts, answer } = storing(refuse)
  const made = await signedInClient({ answers: { 'message.send': (send) => answer(send) as never } })
  return { ...made, texts }
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_, at) => `${at + 1}`)

test('[SEND-6] a message that leaves before the one ahead is answered names it', async () => {
  const { client, peer } = await signedInClient({ answers: { 'message.send': () => undefined } })
  for (const text of ['one', 'two']) outcomeOf(client.channels.get('general').send(text))
  outcomeOf(client.channels.get('lounge').send('elsewhere'))
  await settle()
  expect(peer.asked('message.send').map(({ clientId, after }) => [clientId, after])).toEqual([
    ['id-1', undefined],
    ['id-2', 'id-1'],
    ['id-3', undefined],
  ])
})

test('[SEND-7] what was refused for now waits as long as told, and what is behind it waits too', async () => {
  let refused = 0
  const { client, peer, clock, texts } = await clientOf(({ text }) =>
    text === '2' && refused++ === 0 ? new Refusal('rate_limited', { retryable: true, retryAfterMs: 700 }) : undefined,
  )
  const general = client.channels.get('general')
  const outcomes = numbered(4).map((text) => outcomeOf(general.send(text)))
  await settle()
  expect(texts).toEqual(['1'])
  expect(client.outbox.entries.map(({ text, state }) => [text, state])).toEqual([
    ['2', 'retrying'],
    ['3', 'waiting'],
    ['4', 'waiting'],
  ])
  const elsewhere = outcomeOf(client.channels.get('lounge').send('elsewhere'))
  await settle()
  expect(elsewhere.status).toBe('fulfilled')
  const asked = peer.asked('message.send').length
  clock.advance(699)
  await settle()
  expect(peer.asked('message.send')).toHaveLength(asked)
  clock.advance(1)
  await settle()
  expect(texts).toEqual(['1', 'elsewhere', '2', '3', '4'])
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'fulfilled'])
})

test('[SEND-7] without a time told it waits a little, longer each time, and is never given up', async () => {
  const { client, peer, clock } = await clientOf(() => new Refusal('internal', { retryable: true }))
  const sent = outcomeOf(client.channels.get('general').send('hello'))
  const waits: number[] = []
  for (let count = 1; count <= 5; count++) {
    await settle()
    expect(peer.asked('message.send')).toHaveLength(count)
    const before = clock.now()
    while (clock.waiting > 0 && peer.asked('message.send').length === count) {
      clock.advance(25)
      await settle()
    }
    waits.push(clock.now() - before)
  }
  expect(waits).toEqual([275, 550, 1_100, 2_200, 4_400])
  expect(sent.status).toBe('pending')
})

test('[SEND-7] what was refused for good rejects, is told, is not sent again, and nothing names it', async () => {
  const { client, peer, texts } = await clientOf(({ text }) => (text === '2' ? new Refusal('forbidden') : undefined))
  const told: RefusedMessage[] = []
  client.outbox.on('refused', (message) => told.push(message))
  const general = client.channels.get('general')
  const outcomes = numbered(4).map((text) => outcomeOf(general.send(text)))
  await settle()
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
  expect(told).toMatchObject([{ channel: 'general', clientId: 'id-2', text: '2', error: { code: 'forbidden' } }])
  expect(texts).toEqual(['1', '3', '4'])
  expect(peer.asked('message.send').map(({ text, after }) => [text, after])).toEqual([
    ['1', undefined],
    ['2', 'id-1'],
    ['3', 'id-2'],
    ['4', 'id-3'],
    ['3', undefined],
    ['4', 'id-3'],
  ])
})

test('[SEND-7] what is given up while it waits for its next try holds back nobody', async () => {
  const { client, texts } = await clientOf(({ text }) =>
    text === '1' ? new Refusal('unavailable', { retryable: true, retryAfterMs: 60_000 }) : undefined,
  )
  const controller = new AbortController()
  const general = client.channels.get('general')
  const given = outcomeOf(general.send('1', { signal: controller.signal }))
  const kept = numbered(3).map((text) => outcomeOf(general.send(`after ${text}`)))
  await settle()
  expect(texts).toEqual([])
  controller.abort('enough')
  await settle()
  expect(given).toEqual({ status: 'rejected', error: 'enough' })
  expect(texts).toEqual(['after 1', 'after 2', 'after 3'])
  expect(kept.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled'])
})

test('[SEND-7] what is given up on its way is named by nobody that leaves later', async () => {
  const { client, peer } = await signedInClient({ answers: { 'message.send': () => undefined } })
  const controller = new AbortController()
  const general = client.channels.get('general')
  outcomeOf(general.send('1'))
  outcomeOf(general.send('2', { signal: controller.signal }))
  controller.abort('enough')
  outcomeOf(general.send('3'))
  await settle()
  expect(peer.asked('message.send').map(({ clientId, after }) => [clientId, after])).toEqual([
    ['id-1', undefined],
    ['id-2', 'id-1'],
    ['id-3', 'id-1'],
  ])
})

test('a message can be discarded by its id, and rejects', async () => {
  const { client, peer } = await signedInClient({ answers: { 'message.send': () => undefined } })
  peer.connection.close(1006)
  await settle()
  const sent = outcomeOf(client.channels.get('general').send('hello'))
  const sizes: number[] = []
  client.outbox.on('changed', ({ size }) => sizes.push(size))
  expect(client.outbox.discard('id-1')).toBe(true)
  expect(client.outbox.discard('id-1')).toBe(false)
  await settle()
  expect(sent.error).toMatchObject({ reason: 'unsent' })
  expect(sizes).toEqual([0])
})

test('past 10,000 messages that wait, or their worth of text, a send is refused as unsent', async () => {
  const { client, peer } = await signedInClient()
  peer.connection.close(1006)
  await settle()
  const general = client.channels.get('general')
  const outcomes = numbered(10_001).map((text) => outcomeOf(general.send(text)))
  await settle()
  expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([outcomes.at(-1)])
  expect(outcomes.at(-1)?.error).toMatchObject({ reason: 'unsent' })
  for (const { clientId } of client.outbox.entries) client.outbox.discard(clientId)
  const long = 'x'.repeat(4_000)
  const sends = Array.from({ length: 2_098 }, () => outcomeOf(general.send(long)))
  await settle()
  expect(sends.map(({ status }) => status).indexOf('rejected')).toBe(2_097)
})

test.each(numbered(20).map(Number))(
  '[SEND-7] seed %i: whatever a server refuses for now, each message is stored once, in order',
  async (seed) => {
    const random = seededRandom(seed)
    const { client, peer, clock, texts } = await clientOf(() => {
      if (random() < 0.7) return undefined
      const code = (['rate_limited', 'unavailable', 'internal'] as const)[Math.floor(random() * 3)] ?? 'internal'
      return new Refusal(code, { retryable: true, ...(random() < 0.5 ? { retryAfterMs: random() * 300 } : {}) })
    })
    const written = numbered(200)
    const general = client.channels.get('general')
    const outcomes = []
    for (const text of written) {
      outcomes.push(outcomeOf(general.send(text)))
      if (random() < 0.2) clock.advance(random() * 100)
      if (random() < 0.1) await settle()
      if (random() < 0.03) peer.connection.close(1006)
    }
    for (let seconds = 0; client.outbox.size > 0; seconds++) {
      expect(seconds, 'all were stored in less than an hour').toBeLessThan(3_600)
      clock.advance(1_000)
      await settle()
    }
    expect(texts).toEqual(written)
    expect(outcomes.every(({ status }) => status === 'fulfilled')).toBe(true)
  },
)
