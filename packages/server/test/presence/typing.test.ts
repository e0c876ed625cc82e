import { LIMITS } from '@arclight/core/protocol'
import { ManualClock } from '@arclight/core/testing'
import { expect, test } from 'vitest'
import { say } from '../chat.ts'
import type { RawClient } from '../raw-client.ts'
import { RunningServer } from '../running-server.ts'

const channel = 'general'

/** A server with listeners of these names, each in the channel. */
async function listening(names: readonly string[]) {
  const clock = new ManualClock()
  const running = await RunningServer.start({ clock, rateLimits: 'off', connectionLimits: 'off' })
  const clients: RawClient[] = []
  for (const name of names) {
    const client = await running.signIn(name)
    await client.ask('channel.join', { channel })
    clients.push(client)
  }
  return { clock, running, clients: clients as [RawClient, RawClient, ...RawClient[]] }
}

async function typists(client: RawClient): Promise<string[]> {
  const { users } = await client.event('typing.changed')
  return users.map(({ name }) => name)
}

/** What came that nobody has looked at. */
async function unread(client: RawClient): Promise<unknown[]> {
  await client.settle()
  return client.texts.takeAll().filter(({ type }) => type === 'typing.changed')
}

test('[TYPE-1] everybody who joined the channel hears who types there, the earliest first, and nobody else', async () => {
  const { running, clients } = await listening(['mei', 'li'])
  await using _ = running
  const [mei, li] = clients
  const elsewhere = await running.signIn('an')
  await mei.ask('typing.set', { channel, typing: true })
  for (const client of clients) expect(await typists(client)).toEqual(['mei'])
  await li.ask('typing.set', { channel, typing: true })
  for (const client of clients) expect(await typists(client)).toEqual(['mei', 'li'])
  await mei.ask('typing.set', { channel, typing: false })
  for (const client of clients) expect(await typists(client)).toEqual(['li'])
  await li.ask('typing.set', { channel, typing: false })
  for (const client of clients) expect(await typists(client)).toEqual([])
  expect(await unread(elsewhere)).toEqual([])
})

test('[TYPE-1] saying so again is no news', async () => {
  const { running, clients } = await listening(['mei', 'li'])
  await using _ = running
  const [mei, li] = clients
  for (let time = 0; time < 3; time++) await mei.ask('typing.set', { channel, typing: true })
  expect(await typists(li)).toEqual(['mei'])
  expect(await unread(li)).toEqual([])
})

test('[TYPE-1] at most ten are named, and who stops makes room', async () => {
  const names = Array.from({ length: 11 }, (_, at) => `user ${at}`)
  const { running, clients } = await listening(['mei', ...names])
  await using _ = running
  const [mei, first, ...others] = clients
  await first.ask('typing.set', { channel, typing: true })
  expect(await typists(mei)).toEqual(['user 0'])
  for (const client of others) await client.ask('typing.set', { channel, typing: true })
  const named = names.slice(0, 10).map((name) => expect.objectContaining({ name }))
  expect((await unread(mei)).at(-1)).toMatchObject({ data: { users: named } })
  await first.ask('typing.set', { channel, typing: false })
  expect(await typists(mei)).toEqual(names.slice(1))
})

test('[TYPE-1] who joins hears who types already', async () => {
  const { running, clients } = await listening(['mei', 'li'])
  await using _ = running
  const [mei] = clients
  await mei.ask('typing.set', { channel, typing: true })
  const late = await running.signIn('an')
  await late.ask('channel.join', { channel })
  expect(await typists(late)).toEqual(['mei'])
})

test('[TYPE-1] a channel that is not there gets not_found', async () => {
  const { running, clients } = await listening(['mei', 'li'])
  await using _ = running
  expect(await clients[0].refusal('typing.set', { channel: 'nowhere', typing: true })).toMatchObject({
    code: 'not_found',
  })
})

test('[TYPE-1] who left the channel hears no more', async () => {
  const { running, clients } = await listening(['mei', 'li'])
  await using _ = running
  const [mei, li] = clients
  await li.ask('channel.leave', { channel })
  await mei.ask('typing.set', { channel, typing: true })
  expect(await unread(li)).toEqual([])
})

test('[TYPE-2] somebody types no longer 6 s after they last said so', async () => {
  const { running, clients, clock } = await listening(['mei', 'li'])
  await using _ = running
  const [mei, li] = clients
  await mei.ask('typing.set', { channel, typing: true })
  expect(await typists(li)).toEqual(['mei'])
  clock.advance(LIMITS.typingMs - 200)
  await mei.ask('typing.set', { channel, typing: true })
  clock.advance(LIMITS.typingMs - 200)
  expect(await unread(li)).toEqual([])
  clock.advance(400)
  expect(await typists(li)).toEqual([])
})

test('[TYPE-2] nor with a message of theirs in the channel', async () => {
  const { running, clients } = await listening(['mei', 'li'])
  await using _ = running
  const [mei, li] = clients
  await mei.ask('typing.set', { channel, typing: true })
  expect(await typists(li)).toEqual(['mei'])
  await say(li, ['me first'])
  expect(await unread(li)).toEqual([])
  await say(mei, ['here it is'])
  expect(await typists(li)).toEqual([])
})

test('[TYPE-2] nor when the connection that said so is gone, and another of theirs goes on', async () => {
  const { running, clients } = await listening(['mei', 'li'])
  await using _ = running
  const [mei, li] = clients
  const second = await running.withToken(mei.authenticated.token)
  await mei.ask('typing.set', { channel, typing: true })
  await second.ask('typing.set', { channel, typing: true })
  expect(await typists(li)).toEqual(['mei'])
  mei.close()
  await mei.closed
  expect(await unread(li)).toEqual([])
  second.close()
  expect(await typists(li)).toEqual([])
})
