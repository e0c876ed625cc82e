import { expect, test } from 'vitest'
import { entriesOf, numbered, say } from '../chat.ts'
import { idOf, outcome, quiet } from '../owned-server.ts'
import type { RawClient } from '../raw-client.ts'
import { RunningServer } from '../running-server.ts'

const PLACE = { channel: 'general', seq: 1 }

function react(client: RawClient, emoji: string, on = true): ReturnType<typeof client.ask<'message.react'>> {
  return client.ask('message.react', { ...PLACE, emoji, on })
}

test('[REACT-1] an emoji comes and goes, each time as an entry with the whole message', async () => {
  await using running = await RunningServer.start()
  const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
  await li.ask('channel.join', { channel: 'general' })
  const [first] = await say(mei, ['hello'])
  const { message } = await react(li, '👍🏽')
  expect(message).toEqual({ ...first, rev: 2, reactions: [{ emoji: '👍🏽', count: 1, users: [idOf(li)] }] })
  expect((await react(mei, ':ship:')).message.reactions).toHaveLength(2)
  await react(li, '👍🏽', false)
  const { message: left } = await react(mei, ':ship:', false)
  expect(left).toEqual({ ...first, rev: 5 })
  await quiet(li)
  expect(entriesOf(li).map(({ type, seq, data }) => [type, seq, data.message.reactions?.length])).toEqual([
    ['message.created', 1, undefined],
    ['message.changed', 2, 1],
    ['message.changed', 3, 2],
    ['message.changed', 4, 1],
    ['message.changed', 5, undefined],
  ])
})

test('[REACT-1] what is so already adds nothing', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const [first] = await say(mei, ['hello'])
  expect((await react(mei, '👍', false)).message).toEqual(first)
  const replies = await Promise.all([react(mei, '👍'), react(mei, '👍'), react(mei, '👍')])
  for (const reply of replies) expect(reply).toEqual(replies[0])
  expect((await mei.ask('log.read', { channel: 'general', after: 0 })).head).toBe(2)
})

test('[REACT-1] a message that is not there, and a deleted one, get not_found', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  await say(mei, ['hello'])
  await mei.ask('message.delete', PLACE)
  for (const seq of [0, 1, 2, 3]) {
    const reaction = { channel: 'general', seq, emoji: '👍' }
    for (const on of [true, false]) {
      expect([seq, await outcome(mei, 'message.react', { ...reaction, on })]).toEqual([seq, 'not_found'])
    }
  }
})

test('[REACT-1] the 21st emoji under a message gets conflict; one that is there can be joined, one that goes makes room', async () => {
  await using running = await RunningServer.start()
  const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
  await say(mei, ['hello'])
  for (const emoji of numbered(20)) await react(mei, emoji)
  expect(await outcome(li, 'message.react', { ...PLACE, emoji: '👍', on: true })).toBe('conflict')
  expect((await react(li, '7')).message.reactions?.[6]).toEqual({ emoji: '7', count: 2, users: [mei, li].map(idOf) })
  await react(mei, '3', false)
  const { reactions = [] } = (await react(li, '👍')).message
  expect(reactions.map(({ emoji }) => emoji)).toEqual([...numbered(20).filter((emoji) => emoji !== '3'), '👍'])
})

test('[REACT-2] each emoji with its count and its ten earliest users, in the order in which the first of each came', async () => {
  await using running = await RunningServer.start()
  const people = await Promise.all(numbered(12).map((number) => running.signIn(`user ${number}`)))
  const ids = people.map(idOf)
  const [first, second] = people as [RawClient, RawClient]
  await say(first, ['hello'])
  await react(second, '🎉')
  for (const person of people) await react(person, '👍')
  const [party, thumb] = (await react(first, '🎉')).message.reactions ?? []
  expect(party).toEqual({ emoji: '🎉', count: 2, users: [ids[1], ids[0]] })
  expect(thumb).toEqual({ emoji: '👍', count: 12, users: ids.slice(0, 10) })
  // Who takes it back and puts it there again is the latest.
  await react(first, '👍', false)
  const { reactions = [] } = (await react(first, '👍')).message
  expect(reactions.map(({ emoji, count, users }) => [emoji, count, users])).toEqual([
    ['🎉', 2, [ids[1], ids[0]]],
    ['👍', 12, ids.slice(1, 11)],
  ])
})

test('[REACT-2] all who put an emoji under a message are read in pages, the earliest first', async () => {
  await using running = await RunningServer.start()
  const people = await Promise.all(numbered(7).map((number) => running.signIn(`user ${number}`)))
  const [first, last] = [people[0] as RawClient, people[6] as RawClient]
  await say(first, ['hello'])
  for (const person of people) await react(person, '👍')
  await react(last, '👎')
  const read: string[] = []
  for (let pages = 1, hasMore = true; hasMore; pages++) {
    const behind = read.length === 0 ? {} : { after: read.at(-1) as string }
    const page = await first.ask('message.reactors', { ...PLACE, emoji: '👍', limit: 3, ...behind })
    expect(page.users).toHaveLength(pages < 3 ? 3 : 1)
    read.push(...page.users.map(({ id }) => id))
    hasMore = page.hasMore
  }
  expect(read).toEqual(people.map(idOf))
  const all = await first.ask('message.reactors', { ...PLACE, emoji: '👍' })
  expect(all).toEqual({ users: people.map((one, at) => ({ id: idOf(one), name: `user ${at + 1}` })), hasMore: false })
  expect(await first.ask('message.reactors', { ...PLACE, emoji: '🎉' })).toEqual({ users: [], hasMore: false })
  expect(await outcome(first, 'message.reactors', { channel: 'nowhere', seq: 1, emoji: '👍' })).toBe('not_found')
})
