import { ManualClock } from '@arclight/core/testing'
import { expect, test } from 'vitest'
import { SlowMode } from '../../src/channels/slow-mode.ts'
import { entriesOf, say } from '../chat.ts'
import { heldStorage } from '../held-storage.ts'
import { again, outcome, quiet, signInOwner, startOwned } from '../owned-server.ts'

/** Less than after which a connection that answers no probe is closed. */
const SLOW_MS = 8_000

test('[CHAN-9] an author waits so long after their last message; others, and other channels, do not matter', async () => {
  const clock = new ManualClock()
  await using running = await startOwned({ clock })
  const owner = await signInOwner(running)
  const mei = await running.signIn('mei')
  const elsewhere = await again(running, mei)
  const li = await running.signIn('li')
  await owner.ask('channel.update', { channel: 'general', slowModeMs: SLOW_MS })
  await say(mei, ['one'])
  const next = { channel: 'general', clientId: 'two', text: 'two' }
  clock.advance(1_000)
  for (const client of [mei, elsewhere]) {
    expect(await client.refusal('message.send', next)).toEqual({
      code: 'rate_limited',
      message: expect.any(String),
      retryable: true,
      retryAfterMs: SLOW_MS - 1_000,
    })
  }
  await say(li, ['not mei'])
  await say(mei, ['in another channel'], 'lounge')
  clock.advance(SLOW_MS - 1_001)
  expect(await mei.refusal('message.send', next)).toMatchObject({ code: 'rate_limited', retryAfterMs: 1 })
  clock.advance(1)
  expect((await mei.ask('message.send', next)).message.text).toBe('two')
  expect(await outcome(mei, 'message.send', { ...next, clientId: 'three' })).toBe('rate_limited')
})

test('[CHAN-9] the owner does not wait, and nobody does once slow mode is off', async () => {
  const clock = new ManualClock()
  await using running = await startOwned({ clock })
  const owner = await signInOwner(running)
  const mei = await running.signIn('mei')
  await owner.ask('channel.update', { channel: 'general', slowModeMs: SLOW_MS })
  await say(owner, ['one', 'two', 'three'])
  await say(mei, ['four'])
  await owner.ask('channel.update', { channel: 'general', slowModeMs: 100 })
  const refusal = await mei.refusal('message.send', { channel: 'general', clientId: 'five', text: 'five' })
  expect(refusal.retryAfterMs).toBe(100)
  await owner.ask('channel.update', { channel: 'general', slowModeMs: 0 })
  await say(mei, ['five', 'six'])
})

test('[CHAN-9] a repeat gets its message back at any time, of an older message too, and does not count', async () => {
  const clock = new ManualClock()
  await using running = await startOwned({ clock })
  const owner = await signInOwner(running)
  const mei = await running.signIn('mei')
  await mei.ask('channel.join', { channel: 'general' })
  const [older] = await say(mei, ['older'])
  await owner.ask('channel.update', { channel: 'general', slowModeMs: SLOW_MS })
  const [newer] = await say(mei, ['newer'])
  expect(await say(mei, ['older', 'newer'])).toEqual([older, newer])
  clock.advance(SLOW_MS)
  expect(await say(mei, ['older'])).toEqual([older])
  await say(mei, ['newest'])
  await quiet(mei)
  expect(entriesOf(mei).map(({ data }) => data.message.text)).toEqual(['older', 'newer', 'newest'])
})

test('[CHAN-9] of messages that come at once one is stored; what is not stored does not count', async () => {
  const clock = new ManualClock()
  const { storage, waiting, release } = heldStorage('append')
  await using running = await startOwned({ clock, storage })
  const owner = await signInOwner(running)
  const mei = await running.signIn('mei')
  await owner.ask('channel.update', { channel: 'general', slowModeMs: SLOW_MS })
  const send = (clientId: string, more: object = {}) =>
    mei.post('message.send', { channel: 'general', clientId, text: clientId, ...more })
  const early = send('early', { after: 'never stored' })
  await waiting(1)
  const [second, third] = [send('second'), send('third')]
  await mei.settle()
  release()
  expect(await mei.reply(early)).toMatchObject({ error: { code: 'out_of_order' } })
  for (const id of [second, third]) {
    expect(await mei.reply(id)).toMatchObject({ error: { code: 'rate_limited', retryAfterMs: SLOW_MS } })
  }
  const replies = await Promise.all(['a', 'b', 'c', 'd'].map((clientId) => mei.reply(send(clientId))))
  expect(replies.filter((reply) => 'data' in reply)).toHaveLength(1)
})

test('[CHAN-9] past what is remembered whoever wrote longest ago is forgotten', () => {
  const clock = new ManualClock()
  const slow = new SlowMode(clock, 2)
  for (const author of ['mei', 'li', 'mei', 'zoe']) {
    slow.stored('c', author)
    clock.advance(1)
  }
  const waits = ['mei', 'li', 'zoe'].map((author) => slow.begin('c', author, SLOW_MS))
  expect(waits).toEqual([SLOW_MS - 2, 0, SLOW_MS - 1])
  expect(slow.begin('another', 'mei', SLOW_MS)).toBe(0)
})
