import { expect, test } from 'vitest'
import { numbered, say } from '../chat.ts'
import { idOf, outcome, ownedServer } from '../owned-server.ts'
import type { RawClient } from '../raw-client.ts'

const CHANNEL = 'general'

function pin(client: RawClient, seq: number, on = true): ReturnType<typeof client.ask<'message.pin'>> {
  return client.ask('message.pin', { channel: CHANNEL, seq, on })
}

async function pinsOf(client: RawClient, channel = CHANNEL): Promise<number[]> {
  const { messages } = await client.ask('message.pins', { channel })
  return messages.map(({ seq, pinned }) => (pinned ? seq : -seq))
}

test('[PIN-1] the owner pins and takes pins out, each an entry; the one pinned last comes first', async () => {
  const { running, owner } = await ownedServer()
  await using _ = running
  const mei = await running.signIn('mei')
  const said = await say(mei, ['one', 'two', 'three'])
  await mei.ask('channel.join', { channel: CHANNEL })
  expect(await pinsOf(mei)).toEqual([])
  const { message } = await pin(owner, 1)
  expect(message).toEqual({ ...said[0], rev: 4, pinned: true })
  expect(await mei.entry()).toEqual({ type: 'message.changed', channel: CHANNEL, seq: 4, data: { message } })
  await pin(owner, 3)
  await pin(owner, 2)
  expect(await pinsOf(mei)).toEqual([2, 3, 1])
  expect((await mei.ask('message.pins', { channel: CHANNEL })).messages[2]).toEqual(message)
  // Pinned again it is the last.
  expect((await pin(owner, 3, false)).message).toEqual({ ...said[2], rev: 7 })
  await pin(owner, 3)
  expect(await pinsOf(mei)).toEqual([3, 2, 1])
  await owner.ask('message.delete', { channel: CHANNEL, seq: 2 })
  expect(await pinsOf(mei)).toEqual([3, 1])
})

test('[PIN-1] what is so already adds nothing', async () => {
  const { running, owner } = await ownedServer()
  await using _ = running
  const [first] = await say(owner, ['one'])
  expect((await pin(owner, 1, false)).message).toEqual(first)
  const { message } = await pin(owner, 1)
  expect((await pin(owner, 1)).message).toEqual(message)
  expect((await owner.ask('log.read', { channel: CHANNEL, after: 0 })).head).toBe(2)
})

test('[PIN-1] anybody but the owner gets forbidden, a message that is not there not_found', async () => {
  const { running, owner } = await ownedServer()
  await using _ = running
  const mei = await running.signIn('mei')
  await say(mei, ['one', 'two'])
  const one = { channel: CHANNEL, seq: 1, on: true }
  expect(await outcome(mei, 'message.pin', one)).toBe('forbidden')
  expect(await outcome(mei, 'message.pin', { ...one, on: false })).toBe('forbidden')
  await mei.ask('message.delete', { channel: CHANNEL, seq: 2 })
  for (const seq of [0, 2, 3, 4]) expect(await outcome(owner, 'message.pin', { ...one, seq })).toBe('not_found')
  expect(await outcome(owner, 'message.pin', { ...one, channel: 'nowhere' })).toBe('not_found')
  expect(await outcome(owner, 'message.pins', { channel: 'nowhere' })).toBe('not_found')
  expect(await pinsOf(mei)).toEqual([])
})

test('[PIN-1] in a direct channel both of its members pin', async () => {
  const { running, owner } = await ownedServer()
  await using _ = running
  const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
  const channel = (await mei.ask('direct.open', { users: [idOf(li)] })).channel.id
  await say(mei, ['one', 'two'], channel)
  for (const [client, seq] of [[mei, 1] as const, [li, 2] as const]) {
    expect(await outcome(client, 'message.pin', { channel, seq, on: true })).toBe('ok')
  }
  expect(await pinsOf(li, channel)).toEqual([2, 1])
  expect(await outcome(owner, 'message.pin', { channel, seq: 1, on: false })).toBe('not_found')
  expect(await outcome(owner, 'message.pins', { channel })).toBe('not_found')
})

test('[PIN-1] fifty messages of a channel can be pinned, one more gets conflict, and one that goes makes room', async () => {
  const { running, owner } = await ownedServer({ rateLimits: 'off' })
  await using _ = running
  await say(owner, numbered(52))
  await say(owner, ['elsewhere'], 'lounge')
  for (const text of numbered(50)) await pin(owner, Number(text))
  expect(await outcome(owner, 'message.pin', { channel: CHANNEL, seq: 51, on: true })).toBe('conflict')
  expect(await outcome(owner, 'message.pin', { channel: CHANNEL, seq: 7, on: true })).toBe('ok')
  expect(await outcome(owner, 'message.pin', { channel: 'lounge', seq: 1, on: true })).toBe('ok')
  expect(await pinsOf(owner)).toHaveLength(50)
  await owner.ask('message.delete', { channel: CHANNEL, seq: 7 })
  expect(await outcome(owner, 'message.pin', { channel: CHANNEL, seq: 51, on: true })).toBe('ok')
  expect((await pinsOf(owner)).slice(0, 2)).toEqual([51, 50])
})
