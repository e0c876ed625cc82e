import {
  type Account,
  type Channel,
  type ChannelSummary,
  createClient,
  defineFamily,
  type HistoryPage,
  type ListedChannel,
  type Message,
  type PresenceStatus,
  type Reaction,
  RequestError,
  type UnreadCount,
  type UserPresence,
  type UserSummary,
} from '@arclight/client-node'
import { describe, expectTypeOf, test } from 'vitest'
import * as z from 'zod/mini'

const client = createClient({ url: 'wss://talk.example.org/arclight' })
const general = client.channels.get('general')

describe('a channel', () => {
  test('each event has its own data', () => {
    expectTypeOf(general).toEqualTypeOf<Channel>()
    general.on('message', (message) => expectTypeOf(message).toEqualTypeOf<Message>())
    general.on('changed', (message) => expectTypeOf(message.reactions).toEqualTypeOf<Reaction[] | undefined>())
    general.on('deleted', (message) => expectTypeOf(message.deleted).toEqualTypeOf<true | undefined>())
    general.on('typing', (users) => expectTypeOf(users).toEqualTypeOf<readonly UserSummary[]>())
    general.on('unread', (count) => expectTypeOf(count).toEqualTypeOf<UnreadCount>())
    general.on('reset', ({ epoch, head }) =>
      expectTypeOf([epoch, head] as const).toEqualTypeOf<readonly [string, number]>(),
    )
    general.on('gone', ({ channel }) => expectTypeOf(channel).toBeString())
    expectTypeOf(general.on('stalled', () => {})).toEqualTypeOf<() => void>()
    // @ts-expect-error there is no such event
    general.on('massage', () => {})
  })

  test('messages are written as text or with more, and come back as messages', () => {
    expectTypeOf(general.send('hello')).resolves.toEqualTypeOf<Message>()
    expectTypeOf(general.send({ text: 'yes', replyTo: 7, mentions: ['u2'] })).resolves.toEqualTypeOf<Message>()
    expectTypeOf(general.edit(7, { text: 'no', mentions: [] })).resolves.toEqualTypeOf<Message>()
    expectTypeOf(general.react(7, '👍')).resolves.toEqualTypeOf<Message>()
    expectTypeOf(general.pins()).resolves.toEqualTypeOf<readonly Message[]>()
    expectTypeOf(general.markRead()).resolves.toBeVoid()
    expectTypeOf(general.typing()).toBeVoid()
    expectTypeOf(general.unread).toEqualTypeOf<UnreadCount | undefined>()
    // @ts-expect-error a message has a text
    general.send({ replyTo: 7 })
    // @ts-expect-error an edit does not answer another message
    general.edit(7, { text: 'no', replyTo: 3 })
  })

  test('the past comes in pages, back or on', () => {
    expectTypeOf(general.history()).toExtend<AsyncIterable<HistoryPage>>()
    expectTypeOf(general.page({ around: 7 })).resolves.toEqualTypeOf<HistoryPage>()
    general.history({ before: 'live', limit: 20, signal: new AbortController().signal })
    general.history({ after: 7, before: 'live' })
    // @ts-expect-error both ends of a walk on cannot be told
    general.history({ after: 7, before: 90 })
    // @ts-expect-error a walk begins somewhere and goes one way
    general.history({ around: 7 })
  })

  test('members come in pages', () => {
    expectTypeOf(
      general
        .members()
        .next()
        .then(({ value }) => value?.members),
    ).resolves.toEqualTypeOf<UserSummary[] | undefined>()
    expectTypeOf(general.update({ name: 'news', before: null })).resolves.toEqualTypeOf<ChannelSummary>()
  })
})

describe('a client', () => {
  test('the list of channels is kept current', () => {
    expectTypeOf(client.channels.list()).resolves.toEqualTypeOf<readonly ListedChannel[]>()
    client.channels.on('changed', (channel) => expectTypeOf(channel).toEqualTypeOf<ChannelSummary>())
    client.channels.on('removed', ({ channel }) => expectTypeOf(channel).toBeString())
    client.channels.on('ordered', ({ channels }) => expectTypeOf(channels).toEqualTypeOf<readonly string[]>())
    expectTypeOf(client.channels.create({ kind: 'text', name: 'news' })).resolves.toEqualTypeOf<Channel>()
    expectTypeOf(client.channels.direct(['u2'])).resolves.toEqualTypeOf<Channel>()
    // @ts-expect-error a direct channel is opened, not created
    client.channels.create({ kind: 'direct', name: 'us' })
  })

  test('what is found, and who there is, comes in pages', () => {
    const found = client.search({ query: 'hello', channel: 'general', author: 'u2' })
    expectTypeOf(found.next().then(({ value }) => value?.messages)).resolves.toEqualTypeOf<Message[] | undefined>()
    const users = client.users.list({ prefix: 'm' })
    expectTypeOf(users.next().then(({ value }) => value?.users)).resolves.toEqualTypeOf<Account[] | undefined>()
    // @ts-expect-error a search looks for something
    client.search({ channel: 'general' })
  })

  test('who is there is watched through a handle that is closed', async () => {
    const presence = await client.presence.watch()
    presence.on('changed', (one) => expectTypeOf(one).toEqualTypeOf<UserPresence>())
    expectTypeOf(presence.get('u2')).toEqualTypeOf<PresenceStatus>()
    expectTypeOf(presence).toExtend<AsyncDisposable>()
    client.presence.set('away')
    // @ts-expect-error there is no such status
    client.presence.set('asleep')
  })

  test('any request of the protocol has its own data and reply', () => {
    const reply = client.request('message.send', { channel: 'general', clientId: 'c1', text: 'hello' })
    expectTypeOf(reply).resolves.toEqualTypeOf<{ message: Message }>()
    expectTypeOf(client.request('presence.watch', {})).resolves.toEqualTypeOf<{
      present: UserPresence[]
      count: number
    }>()
    // @ts-expect-error a message has a channel
    client.request('message.send', { clientId: 'c1', text: 'hello' })
    // @ts-expect-error there is no such request
    client.request('message.shout', {})
  })

  test('an error is decided by its reason and its code', () => {
    const error: unknown = undefined
    if (!(error instanceof RequestError)) return
    expectTypeOf(error.reason).toEqualTypeOf<'failed' | 'unknown' | 'unsent'>()
    expectTypeOf(error.retryAfterMs).toEqualTypeOf<number | undefined>()
    expectTypeOf('rate_limited' as const).toExtend<NonNullable<typeof error.code>>()
  })
})

describe('an application’s own messages', () => {
  const polls = defineFamily('poll', {
    requests: { vote: { data: z.object({ option: z.number() }), reply: z.object({ counts: z.array(z.number()) }) } },
    events: { changed: z.object({ counts: z.array(z.number()) }) },
  })
  const voter = createClient({ url: 'wss://talk.example.org/arclight', families: [polls] })

  test('their requests and events are typed as the protocol’s are', () => {
    expectTypeOf(voter.request('poll.vote', { option: 2 })).resolves.toEqualTypeOf<{ counts: number[] }>()
    voter.on('poll.changed', ({ counts }) => expectTypeOf(counts).toEqualTypeOf<number[]>())
    expectTypeOf(voter.request('channel.list', {})).resolves.toEqualTypeOf<{ channels: ListedChannel[] }>()
    // @ts-expect-error an option is a number
    voter.request('poll.vote', { option: 'two' })
    // @ts-expect-error there is no such event
    voter.on('poll.closed', () => {})
  })

  test('a client without the family does not know them', () => {
    // @ts-expect-error it was not given the family
    client.request('poll.vote', { option: 2 })
  })
})
