import { expect, test } from 'vitest'
import { memoryOutbox } from '../../src/client/outbox/memory-outbox.ts'
import type { OutboxEntry, OutboxLaneEvents, OutboxScope, OutboxStore } from '../../src/contracts/outbox-store.ts'
import { outcomeOf } from './outcome.ts'
import { Refusal } from './refusal.ts'
import { settle } from './settle.ts'
import { reconnect, signedInClient } from './signed-in-client.ts'
import { type TestClient, testClient } from './test-client.ts'
import { MEI, SIGNED_IN, TOKEN } from './wire-data.ts'

const ACCOUNT = { name: 'mei', password: 'long enough' }

const entry = (text: string): OutboxEntry => ({ clientId: `old ${text}`, channel: 'general', text, at: 1 })

/** A store that opens when the test says so, and then does as `lane` says. */
class ManualStore implements OutboxStore {
  readonly calls: string[] = []
  readonly scopes: OutboxScope[] = []
  events: OutboxLaneEvents = { adopted: () => {} }
  /** What the next put or remove fails with. */
  failure: Error | undefined
  open: OutboxStore['open'] = (scope, events) => {
    this.scopes.push(scope)
    this.events = events
    return new Promise((resolve, reject) => {
      this.refuse = reject
      this.admit = () =>
        resolve({
          put: async ({ text }) => this.#call(`put ${text}`),
          remove: async (clientId) => this.#call(`remove ${clientId}`),
          close: async () => this.#call('close'),
        })
    })
  }
  admit = (): void => {}
  refuse = (_error: Error): void => {}

  #call(name: string): void {
    this.calls.push(name)
    if (this.failure) throw this.failure
  }
}

async function clientWith(outbox: OutboxStore, options: Parameters<typeof testClient>[0] = {}): Promise<TestClient> {
  return signedInClient({ ...options, runtime: { ...options.runtime, outbox } })
}

const textsOf = ({ peer }: TestClient): string[] => peer.asked('message.send').map(({ text }) => text)

test('[SEND-8] what a client that is gone has left leaves with its ids, in its order, before the next one’s own', async () => {
  const store = memoryOutbox()
  const first = await clientWith(store)
  first.peer.connection.close(1006)
  await settle()
  const sends = ['one', 'two'].map((text) => outcomeOf(first.client.channels.get('general').send(text)))
  await settle()
  expect(first.client.outbox.entries.map(({ kept }) => kept)).toEqual([true, true])
  await first.client.close()
  await settle()
  expect(sends.map(({ error }) => error)).toMatchObject([{ reason: 'unknown' }, { reason: 'unknown' }])

  let ids = 10
  const second = testClient({ runtime: { outbox: store, createId: () => `id-${++ids}` } })
  const own = outcomeOf(second.client.channels.get('general').send('three'))
  await second.client.login(ACCOUNT)
  await settle()
  expect(second.peer.asked('message.send')).toMatchObject([
    { text: 'one', clientId: 'id-1' },
    { text: 'two', clientId: 'id-2', after: 'id-1' },
    { text: 'three', clientId: 'id-11', after: 'id-2' },
  ])
  expect(own.status).toBe('fulfilled')
  await second.client.close()
  await settle()
  const third = await clientWith(store)
  expect(textsOf(third)).toEqual([])
})

test('[SEND-8] messages wait until it is known what an earlier client has left', async () => {
  const store = new ManualStore()
  const made = await clientWith(store)
  const sent = outcomeOf(made.client.channels.get('general').send('mine'))
  await settle()
  expect(store.scopes).toEqual([{ server: 'wss://talk.example.org/arclight', user: MEI.id }])
  expect([textsOf(made), made.client.outbox.place]).toEqual([[], 'memory'])
  store.events.adopted([entry('1'), entry('2')])
  store.admit()
  await settle()
  expect(textsOf(made)).toEqual(['1', '2', 'mine'])
  expect(sent.status).toBe('fulfilled')
  expect(made.client.outbox.place).toBe('store')
  expect(store.calls).toEqual(['put mine', 'remove old 1', 'remove old 2', 'remove id-1'])
})

test('[SEND-8] after a reload the account is known while offline, and what was left is shown', async () => {
  const store = memoryOutbox()
  const scope = { server: 'wss://talk.example.org/arclight', user: MEI.id }
  const earlier = await store.open(scope, { adopted: () => {} })
  await earlier.put(entry('1'))
  await earlier.close()
  const load = async (): Promise<{ token: string; user: typeof MEI }> => ({ token: TOKEN, user: MEI })
  const tokens = { load, save: async () => {}, clear: async () => {} }
  const made = testClient({ runtime: { outbox: store, tokens } })
  made.peer.hello = undefined
  outcomeOf(made.client.resume())
  await settle()
  const shown = { channel: 'general', clientId: 'old 1', text: '1', at: 1, kept: true, state: 'waiting' }
  expect(made.client.outbox.entries).toEqual([shown])
})

test('[SEND-8] a message of one account never leaves as another’s', async () => {
  const store = memoryOutbox()
  const made = await clientWith(store)
  made.peer.connection.close(1006)
  await settle()
  const sent = outcomeOf(made.client.channels.get('general').send('of mei'))
  made.peer.answers['auth.login'] = () => ({ ...SIGNED_IN, user: { ...MEI, id: 'u-li', name: 'li' } })
  await made.client.login({ name: 'li', password: 'long enough' })
  await made.client.channels.get('general').send('of li')
  expect(textsOf(made)).toEqual(['of li'])
  expect(sent.error).toMatchObject({ reason: 'unknown' })
  await made.client.close()
  await settle()
  expect(textsOf(await clientWith(store))).toEqual(['of mei'])
})

test('[SEND-8] after a log-out what waits stays for the next log-in of the account, unless it is discarded', async () => {
  const store = memoryOutbox()
  const made = await clientWith(store, { answers: { 'message.send': () => undefined } })
  const general = made.client.channels.get('general')
  const outcomes = ['one', 'two'].map((text) => outcomeOf(general.send(text)))
  await settle()
  made.client.outbox.discard('id-1')
  await made.client.logout()
  expect(outcomes.map(({ error }) => error)).toMatchObject([{ reason: 'unknown' }, { reason: 'unknown' }])
  expect(made.client.unsent).toBe(0)
  await made.client.login(ACCOUNT)
  await settle()
  expect(textsOf(made)).toEqual(['two'])
})

test('[SEND-7] a message of an earlier client that is refused for good is told', async () => {
  const store = new ManualStore()
  const made = await clientWith(store, { answers: { 'message.send': () => new Refusal('forbidden') } })
  const told: string[] = []
  made.client.outbox.on('refused', ({ text }) => told.push(text))
  store.events.adopted([entry('1')])
  store.admit()
  await settle()
  expect(told).toEqual(['1'])
  expect(store.calls).toEqual(['remove old 1'])
  await reconnect(made)
  expect(textsOf(made)).toEqual([])
})

test('[SEND-8] what another client leaves while this one lives is taken up', async () => {
  const store = new ManualStore()
  const made = await clientWith(store)
  store.admit()
  await settle()
  store.events.adopted([entry('1')])
  await settle()
  expect(textsOf(made)).toEqual(['1'])
})

test.each(['opening is refused', 'opening takes longer than 5 s', 'a put fails'] as const)(
  '%s: the client says so once, keeps messages in memory and sends them',
  async (way) => {
    const store = new ManualStore()
    const made = await clientWith(store)
    const told: unknown[] = []
    made.client.outbox.on('fallback', ({ why }) => told.push(String(why)))
    if (way === 'opening is refused') store.refuse(new Error('blocked'))
    if (way === 'opening takes longer than 5 s') made.clock.advance(5_000)
    if (way === 'a put fails') {
      store.admit()
      await settle()
      store.failure = new Error('full')
    }
    const general = made.client.channels.get('general')
    const outcomes = ['one', 'two', 'three'].map((text) => outcomeOf(general.send(text)))
    await settle()
    expect(textsOf(made)).toEqual(['one', 'two', 'three'])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled'])
    expect(made.client.outbox.place).toBe('memory')
    const why = { 'opening is refused': 'blocked', 'a put fails': 'full' }[way as string]
    expect(told).toEqual([`Error: ${why ?? 'the outbox did not open within 5000 ms'}`])
    made.peer.connection.close(1006)
    await settle()
    const later = outcomeOf(general.send('never kept'))
    await made.client.close()
    await settle()
    expect(later.error).toMatchObject({ reason: 'unsent' })
  },
)

test('a store that opens after the client gave up on it is closed, and what it had adopted is not sent', async () => {
  const store = new ManualStore()
  const made = await clientWith(store)
  made.clock.advance(5_000)
  store.events.adopted([entry('1')])
  store.admit()
  await settle()
  expect(store.calls).toEqual(['close'])
  expect(textsOf(made)).toEqual([])
})
