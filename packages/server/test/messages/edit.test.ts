import type { LogEntry } from '@arclight/core/protocol'
import { expect, test } from 'vitest'
import { entriesOf, say } from '../chat.ts'
import { again, idOf, outcome, ownedServer, quiet } from '../owned-server.ts'
import type { RawClient } from '../raw-client.ts'
import { RunningServer } from '../running-server.ts'

const CHANNEL = 'general'

async function logOf(client: RawClient, channel = CHANNEL): Promise<LogEntry[]> {
  return (await client.ask('log.read', { channel, after: 0 })).entries as LogEntry[]
}

test('[EDIT-1] the author gives a message another text and other mentions, told to all as an entry', async () => {
  await using running = await RunningServer.start()
  const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
  await li.ask('channel.join', { channel: CHANNEL })
  const send = { channel: CHANNEL, clientId: 'a', text: 'hello', mentions: [idOf(li)] }
  const { message: first } = await mei.ask('message.send', send)
  await say(li, ['between'])
  const before = Date.now()
  const edit = { channel: CHANNEL, seq: 1, text: 'hello again', mentions: [idOf(mei), 'nobody', idOf(mei)] }
  const { message } = await mei.ask('message.edit', edit)
  const { editedAt = 0 } = message
  expect(message).toEqual({ ...first, text: 'hello again', mentions: [idOf(mei)], rev: 3, editedAt })
  expect(editedAt).toBeGreaterThanOrEqual(before)
  expect(editedAt).toBeLessThanOrEqual(Date.now())
  const heard = [await li.entry(), await li.entry(), await li.entry()]
  expect(heard[2]).toEqual({ type: 'message.changed', channel: CHANNEL, seq: 3, data: { message } })
  // Without mentions it has none.
  const { message: plain } = await mei.ask('message.edit', { channel: CHANNEL, seq: 1, text: 'hello again' })
  expect(plain).not.toHaveProperty('mentions')
  expect(plain.rev).toBe(4)
})

test('[EDIT-1] another author’s message gets forbidden, the owner’s request too; one that is not there not_found', async () => {
  const { running, owner } = await ownedServer()
  await using _ = running
  const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
  await say(mei, ['of mei', 'gone'])
  await mei.ask('message.delete', { channel: CHANNEL, seq: 2 })
  const edit = { channel: CHANNEL, text: 'another' }
  for (const other of [li, owner]) expect(await outcome(other, 'message.edit', { ...edit, seq: 1 })).toBe('forbidden')
  for (const seq of [0, 2, 3, 4]) expect(await outcome(mei, 'message.edit', { ...edit, seq })).toBe('not_found')
  expect(await outcome(li, 'message.edit', { ...edit, seq: 2 })).toBe('not_found')
  expect(await outcome(mei, 'message.edit', { ...edit, channel: 'nowhere', seq: 1 })).toBe('not_found')
  expect((await logOf(mei)).map(({ type }) => type)).toEqual(['message.created', 'message.created', 'message.deleted'])
})

test('[EDIT-1] the same text and mentions again add nothing and tell nobody', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const other = await again(running, mei)
  await other.ask('channel.join', { channel: CHANNEL })
  const send = { channel: CHANNEL, clientId: 'a', text: 'hello', mentions: [idOf(mei)] }
  const { message: first } = await mei.ask('message.send', send)
  const edit = { channel: CHANNEL, seq: 1, text: 'hello' }
  const same = await mei.ask('message.edit', { ...edit, mentions: [idOf(mei), 'nobody', idOf(mei)] })
  expect(same.message).toEqual(first)
  const { message } = await mei.ask('message.edit', edit)
  expect(message.rev).toBe(2)
  expect((await mei.ask('message.edit', edit)).message).toEqual(message)
  await quiet(other)
  expect(entriesOf(other).map(({ seq }) => seq)).toEqual([1, 2])
})

test('[EDIT-1] a text that message.send does not take, message.edit does not take either', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  await say(mei, ['hello'])
  for (const text of ['', ' \n', 'x'.repeat(4_001), '😀'.repeat(2_001), 'a\u0000b', 'a\ud83d']) {
    const { code, issues } = await mei.refusal('message.edit', { channel: CHANNEL, seq: 1, text })
    expect([code, issues?.[0]?.path]).toEqual(['bad_request', 'text'])
  }
  expect((await logOf(mei))[0]?.data.message.text).toBe('hello')
})

test('[EDIT-3] an entry, live or read later, and a page have the whole message as it is then', async () => {
  await using running = await RunningServer.start()
  const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
  await li.ask('channel.join', { channel: CHANNEL })
  await say(mei, ['one', 'two'])
  await mei.ask('message.edit', { channel: CHANNEL, seq: 1, text: 'one, edited' })
  await li.ask('message.react', { channel: CHANNEL, seq: 1, emoji: '👍', on: true })
  await mei.ask('message.edit', { channel: CHANNEL, seq: 1, text: 'one, edited twice' })
  const live = []
  for (let seq = 1; seq <= 5; seq++) live.push(await li.entry())
  expect(live.map(({ type, data }) => [type, data.message.text, data.message.rev])).toEqual([
    ['message.created', 'one', 1],
    ['message.created', 'two', 2],
    ['message.changed', 'one, edited', 3],
    ['message.changed', 'one, edited', 4],
    ['message.changed', 'one, edited twice', 5],
  ])
  const now = live[4]?.data.message
  expect(now).toMatchObject({ seq: 1, ordinal: 1, reactions: [{ emoji: '👍', count: 1 }] })
  const entries = await logOf(mei)
  expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5])
  for (const at of [0, 2, 3, 4]) expect(entries[at]?.data.message).toEqual(now)
  const page = await mei.ask('history.page', { channel: CHANNEL })
  expect(page).toMatchObject({ messages: [now, { text: 'two', rev: 2 }], asOf: 5 })
})

test('[EDIT-3] changes that come at once are each in the log, and the newest rev is what everybody is left with', async () => {
  await using running = await RunningServer.start()
  const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
  await li.ask('channel.join', { channel: CHANNEL })
  await say(mei, ['hello'])
  const posted = Array.from({ length: 10 }, (_, at) => [
    mei.ask('message.edit', { channel: CHANNEL, seq: 1, text: `text ${at}` }),
    li.ask('message.react', { channel: CHANNEL, seq: 1, emoji: '👍', on: at % 2 === 0 }),
  ]).flat()
  const revs = (await Promise.all(posted)).map(({ message }) => message.rev)
  await quiet(li)
  const entries = entriesOf(li)
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, at) => at + 1))
  for (const { seq, data } of entries) expect(data.message.rev).toBe(seq)
  expect(Math.max(...revs)).toBe(entries.length)
  expect((await mei.ask('history.page', { channel: CHANNEL })).messages).toEqual([entries.at(-1)?.data.message])
})
