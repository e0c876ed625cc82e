import { expect, test } from 'vitest'
import { outcomeOf } from './outcome.ts'
import { Refusal } from './refusal.ts'
import { settle } from './settle.ts'
import { reconnect, signedInClient } from './signed-in-client.ts'
import { messageAt } from './wire-data.ts'

const USERS = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ id: `u-${name}`, name, role: 'member' }))

/** The users behind one of them, some at a time. */
function behind(after: string | undefined, limit = 2) {
  const from = USERS.findIndex(({ id }) => id === after) + 1
  return { users: USERS.slice(from, from + limit), hasMore: from + limit < USERS.length }
}

test('[USER-1] users come in pages, each behind the one before, until there are no more', async () => {
  const { client, peer } = await signedInClient({
    answers: { 'user.list': ({ after, limit }) => behind(after, limit) },
  })
  const pages: string[] = []
  for await (const { users } of client.users.list({ prefix: 'x', limit: 2 })) {
    pages.push(users.map(({ name }) => name).join(''))
  }
  expect(pages).toEqual(['ab', 'cd', 'e'])
  expect(peer.asked('user.list')).toEqual([
    { prefix: 'x', limit: 2 },
    { prefix: 'x', limit: 2, after: 'u-b' },
    { prefix: 'x', limit: 2, after: 'u-d' },
  ])
})

test('a page is asked for when it is wanted', async () => {
  const { client, peer } = await signedInClient({ answers: { 'user.list': ({ after }) => behind(after) } })
  for await (const { users } of client.users.list()) if (users.length > 0) break
  await settle()
  expect(peer.asked('user.list')).toEqual([{}])
})

test('[MEMB-2] members come in pages', async () => {
  const { client, peer } = await signedInClient({
    answers: {
      'member.list': ({ after }) => {
        const { users, hasMore } = behind(after, 3)
        return { members: users, hasMore }
      },
    },
  })
  const names: string[] = []
  for await (const { members } of client.channels.get('general').members())
    names.push(...members.map(({ name }) => name))
  expect(names).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect(peer.asked('member.list')).toEqual([{ channel: 'general' }, { channel: 'general', after: 'u-c' }])
})

test('[REACT-2] all who reacted come in pages', async () => {
  const { client, peer } = await signedInClient({ answers: { 'message.reactors': ({ after }) => behind(after, 4) } })
  const names: string[] = []
  for await (const { users } of client.channels.get('general').reactors(7, '👍', { limit: 4 })) {
    names.push(...users.map(({ name }) => name))
  }
  expect(names).toEqual(['a', 'b', 'c', 'd', 'e'])
  const first = { channel: 'general', seq: 7, emoji: '👍', limit: 4 }
  expect(peer.asked('message.reactors')).toEqual([first, { ...first, after: 'u-d' }])
})

test('[SEARCH-1] what is found comes in pages, each from where the one before says', async () => {
  const { client, peer } = await signedInClient({
    answers: {
      'message.search': ({ before = 9 }) => ({
        messages: [messageAt(before - 1), messageAt(before - 2)],
        ...(before > 5 ? { next: before - 2 } : {}),
      }),
    },
  })
  const seqs: number[] = []
  for await (const { messages } of client.search({ query: 'text', author: 'u2' }))
    seqs.push(...messages.map(({ seq }) => seq))
  expect(seqs).toEqual([8, 7, 6, 5, 4, 3])
  const first = { query: 'text', author: 'u2' }
  expect(peer.asked('message.search')).toEqual([first, { ...first, before: 7 }, { ...first, before: 5 }])
})

test('[LIMIT-5] a page that comes too often, or is cut off by a drop, is asked for again', async () => {
  const made = await signedInClient({ answers: { 'user.list': () => undefined } })
  const { client, peer, clock } = made
  const first = outcomeOf(client.users.list().next())
  await settle()
  let refusals = 1
  peer.answers['user.list'] = () =>
    refusals-- > 0 ? new Refusal('rate_limited', { retryable: true, retryAfterMs: 300 }) : behind(undefined, 9)
  await reconnect(made)
  expect(first.status).toBe('pending')
  clock.advance(300)
  await settle()
  expect(first.value).toMatchObject({ done: false, value: { users: USERS } })
})

test('a page is given up with its signal', async () => {
  const { client } = await signedInClient({ answers: { 'user.list': () => undefined } })
  const given = new AbortController()
  const first = outcomeOf(client.users.list({ signal: given.signal }).next())
  await settle()
  given.abort('enough')
  await settle()
  expect([first.status, first.error]).toEqual(['rejected', 'enough'])
})
