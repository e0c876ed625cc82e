import { expect, test } from 'vitest'
import { outcomeOf } from './outcome.ts'
import { Refusal } from './refusal.ts'
import { settle } from './settle.ts'
import { reconnect, signedInClient } from './signed-in-client.ts'
import { messageAt } from './wire-data.ts'

const tooOften = (retryAfterMs: number): Refusal => new Refusal('rate_limited', { retryable: true, retryAfterMs })

test('[LIMIT-5] messages that come too often leave again after the time that the server named, few at first, in their order', async () => {
  const { client, peer, clock } = await signedInClient()
  const stored: string[] = []
  let room = 2
  peer.answers['message.send'] = ({ text }) => {
    if (room === 0) return tooOften(500)
    room--
    stored.push(text)
    return { message: { ...messageAt(stored.length), text } }
  }
  const texts = ['one', 'two', 'three', 'four', 'five']
  const outcomes = texts.map((text) => outcomeOf(client.channels.get('general').send(text)))
  await settle()
  expect([stored, client.unsent]).toEqual([['one', 'two'], 3])
  clock.advance(499)
  await settle()
  expect(peer.asked('message.send')).toHaveLength(5)
  room = 1
  clock.advance(1)
  await settle()
  expect([stored, peer.asked('message.send').length]).toEqual([['one', 'two', 'three'], 8])
  room = 5
  const late = outcomeOf(client.channels.get('general').send('late'))
  await settle()
  expect(stored).toHaveLength(3)
  clock.advance(500)
  await settle()
  expect(stored).toEqual([...texts, 'late'])
  expect([...outcomes, late].map(({ value }) => value?.text)).toEqual([...texts, 'late'])
})

test('[LIMIT-5] after the wait one message more may be under way with each that is stored', async () => {
  const { client, peer, clock } = await signedInClient()
  const store = peer.answers['message.send']
  peer.answers['message.send'] = () => tooOften(500)
  const first = outcomeOf(client.channels.get('general').send('first'))
  await settle()
  if (store) peer.answers['message.send'] = store
  clock.advance(500)
  await settle()
  expect(first.status).toBe('fulfilled')
  peer.answers['message.send'] = () => undefined
  const more = ['a', 'b', 'c'].map((text) => outcomeOf(client.channels.get('general').send(text)))
  await settle()
  expect(
    peer
      .asked('message.send')
      .slice(2)
      .map(({ text }) => text),
  ).toEqual(['a', 'b'])
  expect(more.map(({ status }) => status)).toEqual(['pending', 'pending', 'pending'])
})

test('[LIMIT-5] catching up goes on after the time that the server named, and reports nothing', async () => {
  const made = await signedInClient()
  const { client, peer, clock } = made
  const stalled: unknown[] = []
  const general = client.channels.get('general')
  general.on('stalled', (error) => stalled.push(error))
  peer.answers['channel.join'] = () => tooOften(300)
  const joined = outcomeOf(general.join())
  await settle()
  expect(joined.status).toBe('pending')
  delete peer.answers['channel.join']
  clock.advance(300)
  await settle()
  expect([peer.asked('channel.join').length, stalled]).toEqual([2, []])
})

test('[LIMIT-5] after the wait they go one after the other, in their order', async () => {
  const { client, peer, clock } = await signedInClient()
  const answer = peer.answers['channel.join']
  peer.answers['channel.join'] = () => tooOften(300)
  const join = (id: string): { status: string } => outcomeOf(client.channels.get(id).join())
  const joins = ['general', 'lounge', 'news'].map(join)
  await settle()
  peer.answers['channel.join'] = () => undefined
  clock.advance(299)
  await settle()
  expect(peer.asked('channel.join')).toHaveLength(3)
  clock.advance(1)
  await settle()
  joins.push(join('late'))
  const asked = (): string[] =>
    peer
      .asked('channel.join')
      .slice(3)
      .map(({ channel }) => channel)
  const order = ['general', 'lounge', 'news', 'late']
  for (const [at, channel] of order.entries()) {
    await settle()
    expect(asked()).toEqual(order.slice(0, at + 1))
    const reply = answer?.({ channel })
    if (reply && !('error' in reply)) peer.reply('channel.join', reply)
  }
  await settle()
  expect(joins.map(({ status }) => status)).toEqual(order.map(() => 'fulfilled'))
})

test('[LIMIT-5] a drop does not shorten the wait: it is the user who waits; then all leave in order, once', async () => {
  const made = await signedInClient()
  const { client, peer } = made
  const store = peer.answers['message.send']
  peer.answers['message.send'] = () => tooOften(5_000)
  const outcomes = ['one', 'two', 'three'].map((text) => outcomeOf(client.channels.get('general').send(text)))
  await settle()
  if (store) peer.answers['message.send'] = store
  await reconnect(made)
  expect(peer.asked('message.send')).toEqual([])
  made.clock.advance(5_000)
  await settle()
  expect(peer.asked('message.send').map(({ text }) => text)).toEqual(['one', 'two', 'three'])
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled'])
})
