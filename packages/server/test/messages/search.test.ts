import { expect, test } from 'vitest'
import { entriesOf, numbered, say } from '../chat.ts'
import { idOf, outcome, ownedServer } from '../owned-server.ts'
import type { RawClient } from '../raw-client.ts'
import { RunningServer } from '../running-server.ts'

const CHANNEL = 'general'

/** The texts that a query finds. */
async function found(client: RawClient, query: string, more: object = {}): Promise<string[]> {
  return (await client.ask('message.search', { query, ...more })).messages.map(({ text }) => text)
}

test('[SEARCH-1] messages that hold every word are found, the newest first, whatever stands between', async () => {
  await using running = await RunningServer.start({ rateLimits: 'off' })
  const mei = await running.signIn('mei')
  const texts = ['Green tea, please', 'tea: black', 'please: no coffee', 'Tea? Please, green', 'teapot']
  for (const text of texts) await say(mei, [text])
  expect(await found(mei, 'tea')).toEqual([texts[3], texts[1], texts[0]])
  expect(await found(mei, 'please GREEN')).toEqual([texts[3], texts[0]])
  expect(await found(mei, 'tea coffee')).toEqual([])
  expect(await found(mei, 'te')).toEqual([])
  const { messages } = await mei.ask('message.search', { query: 'black' })
  expect(messages).toEqual((await mei.ask('history.page', { channel: CHANNEL, around: 2, limit: 1 })).messages)
})

test('[SEARCH-1] no character is an operator, and a query without a word finds nothing', async () => {
  await using running = await RunningServer.start({ rateLimits: 'off' })
  const mei = await running.signIn('mei')
  const texts = ['say "hello" AND bye', 'foo:bar', 'near here', 'words - not these', 'place c67656e6572616c']
  for (const text of texts) await say(mei, [text])
  const queries: Record<string, number[]> = {
    '"': [],
    '""': [],
    '*': [],
    '(': [],
    '? !': [],
    '\u200b': [],
    'hello"': [0],
    '"hello bye"': [0],
    'hello AND': [0],
    'hello AND foo': [],
    'hello OR foo': [],
    'foo:bar': [1],
    'bar:foo': [1],
    'words:foo': [],
    'fo*': [],
    'NEAR(here)': [2],
    'NEAR(here near, 3)': [],
    '-these words': [3],
    'NOT these': [3],
    '^words': [3],
    '{words} these': [3],
    "these'; drop table message; --": [],
    // What the index keeps of a message's channel is no word of it.
    'place : c67656e6572616c': [4],
    c67656e6572616c: [4],
  }
  for (const [query, hits] of Object.entries(queries)) {
    expect(await found(mei, query), JSON.stringify(query)).toEqual(hits.map((at) => texts[at]))
  }
})

test('[SEARCH-1] pages of a search give each message once, and the last has no next', async () => {
  await using running = await RunningServer.start({ rateLimits: 'off' })
  const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
  for (const text of numbered(23)) {
    await say(Number(text) % 3 === 0 ? li : mei, [`tea ${text}`], Number(text) % 2 === 0 ? 'lounge' : CHANNEL)
    await say(mei, [`coffee ${text}`])
  }
  const walked: string[] = []
  let before: number | undefined
  for (let pages = 1; pages <= 5; pages++) {
    const more = before === undefined ? {} : { before }
    const { messages, next } = await li.ask('message.search', { query: 'TEA', limit: 5, ...more })
    walked.push(...messages.map(({ text }) => text))
    before = next
    expect([messages.length, next === undefined]).toEqual([pages < 5 ? 5 : 3, pages === 5])
  }
  const all = numbered(23).map((text) => `tea ${text}`)
  expect(walked).toEqual(all.toReversed())
  expect(await found(li, 'tea', { limit: 23 })).toEqual(walked)
  expect(await li.ask('message.search', { query: 'tea', limit: 23 })).not.toHaveProperty('next')
  expect(await li.ask('message.search', { query: 'tea', limit: 22 })).toHaveProperty('next')
  const narrow = { channel: 'lounge', author: idOf(li) }
  expect(await found(mei, 'tea', narrow)).toEqual(['tea 18', 'tea 12', 'tea 6'])
  expect(await found(mei, 'tea', { author: 'nobody' })).toEqual([])
  expect(await found(mei, 'tea', { author: idOf(mei).toUpperCase() })).toEqual([])
})

test('[SEARCH-1] without a limit a page has fifty; the longest query is answered', async () => {
  await using running = await RunningServer.start({ rateLimits: 'off' })
  const mei = await running.signIn('mei')
  await say(
    mei,
    numbered(51).map((text) => `tea ${text}`),
  )
  expect(await found(mei, 'tea')).toHaveLength(50)
  // Two hundred code units; the last ones become four words each.
  for (const query of ['a '.repeat(100), '天'.repeat(200), '天 '.repeat(100), '\ufdfa'.repeat(200), '😀'.repeat(100)]) {
    expect(await found(mei, query)).toEqual([])
  }
  for (const bad of [{ query: '' }, { query: 'x'.repeat(201) }, { query: 'x', limit: 0 }, { query: 'x', limit: 101 }]) {
    expect(await outcome(mei, 'message.search', bad)).toBe('bad_request')
  }
})

test('[SEARCH-2] runs without spaces by any part, words without case and form, emoji', async () => {
  await using running = await RunningServer.start({ rateLimits: 'off' })
  const mei = await running.signIn('mei')
  const texts = [
    '今天天气很好',
    'iPhone手机壳',
    'ＦＵＬＬ width Straße',
    '한국어 검색',
    'ที่นี่ हिन्दी',
    '👍🏽 nice',
    '👩‍💻 🇨🇳',
    'ｶﾞｷﾞ',
  ]
  for (const text of texts) await say(mei, [text])
  const queries: Record<string, number[]> = {
    天气: [0],
    天: [0],
    好: [0],
    天天气: [0],
    今天气: [],
    手机: [1],
    壳: [1],
    'IPHONE 手': [1],
    'full WIDTH': [2],
    STRASSE: [2],
    국어: [3],
    색: [3],
    ที่นี่: [4],
    हिन्दी: [4],
    '👍': [5],
    '👍🏿': [5],
    '💻': [6],
    '👩‍💻': [6],
    '🇨🇳': [6],
    '🇳🇨': [],
    ガギ: [7],
    ギ: [7],
  }
  for (const [query, hits] of Object.entries(queries)) {
    expect(await found(mei, query), query).toEqual(hits.map((at) => texts[at]))
  }
})

test('[SEARCH-3] only what the caller may read at that time is found, and a channel that they may not is not_found', async () => {
  const { running, owner } = await ownedServer()
  await using _ = running
  const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
  const garden = { kind: 'text', name: 'garden', private: true } as const
  const closed = (await owner.ask('channel.create', garden)).channel.id
  const direct = (await mei.ask('direct.open', { users: [idOf(li)] })).channel.id
  await say(owner, ['tea in private'], closed)
  await say(mei, ['tea between us'], direct)
  await say(owner, ['tea for all'])
  expect(await found(mei, 'tea')).toEqual(['tea for all', 'tea between us'])
  expect(await found(owner, 'tea')).toEqual(['tea for all', 'tea in private'])
  for (const [client, channel] of [[mei, closed] as const, [owner, direct] as const, [mei, 'nowhere'] as const]) {
    expect(await outcome(client, 'message.search', { query: 'tea', channel })).toBe('not_found')
  }
  await owner.ask('member.add', { channel: closed, user: idOf(li) })
  expect(await found(li, 'tea')).toEqual(['tea for all', 'tea between us', 'tea in private'])
  expect(await found(li, 'tea', { channel: closed })).toEqual(['tea in private'])
  await owner.ask('member.remove', { channel: closed, user: idOf(li) })
  expect(await found(li, 'tea')).toEqual(['tea for all', 'tea between us'])
  await owner.ask('channel.delete', { channel: CHANNEL })
  expect(await found(li, 'tea')).toEqual(['tea between us'])
})

test('[SEARCH-3] a common word in many channels is found in those alone that may be read', async () => {
  const { running, owner } = await ownedServer({ rateLimits: 'off' })
  await using _ = running
  const mei = await running.signIn('mei')
  const open: string[] = []
  // More channels than are looked for in the index itself.
  for (const name of numbered(70)) {
    const create = { kind: 'text', name, private: Number(name) % 10 === 0 } as const
    const { channel } = await owner.ask('channel.create', create)
    await say(owner, [`tea ${name}`], channel.id)
    if (!create.private) open.push(`tea ${name}`)
  }
  expect(await found(mei, 'tea', { limit: 100 })).toEqual(open.toReversed())
  expect(await found(owner, 'tea', { limit: 100 })).toHaveLength(70)
})

test('[SEARCH-4] a message is found once its sender is answered, an edited one by its new text alone, a deleted one no more', async () => {
  await using running = await RunningServer.start({ rateLimits: 'off' })
  const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
  await li.ask('channel.join', { channel: CHANNEL })
  for (const text of numbered(10)) {
    const [message] = await say(mei, [`green tea ${text}`])
    expect(await found(li, `tea ${text}`)).toEqual([message?.text])
  }
  for (const text of numbered(5)) {
    const edited = `black tea ${text}`
    await mei.ask('message.edit', { channel: CHANNEL, seq: Number(text), text: edited })
    expect([await found(li, `green ${text}`), await found(li, `black ${text}`)]).toEqual([[], [edited]])
  }
  await mei.ask('message.delete', { channel: CHANNEL, seq: 3 })
  await mei.ask('message.delete', { channel: CHANNEL, seq: 7 })
  expect(await found(li, 'tea 3')).toEqual([])
  const left = [1, 2, 4, 5, 6, 8, 9, 10]
  const texts = left.map((at) => `${at <= 5 ? 'black' : 'green'} tea ${at}`)
  expect(await found(li, 'tea')).toEqual(texts.toReversed())
  // Reactions and pins change no word.
  await li.ask('message.react', { channel: CHANNEL, seq: 1, emoji: '👍', on: true })
  expect(await found(li, '👍')).toEqual([])
  expect(entriesOf(li).length).toBeGreaterThan(0)
})
