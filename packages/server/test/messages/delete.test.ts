import { expect, test } from 'vitest'
import { entriesOf, numbered, say } from '../chat.ts'
import { idOf, outcome, ownedServer, quiet } from '../owned-server.ts'
import { RunningServer } from '../running-server.ts'

const CHANNEL = 'general'

test('[EDIT-2] of a deleted message nothing but its place is left, in the reply, the entry, the log and the page', async () => {
  const { running, owner } = await ownedServer()
  await using _ = running
  const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
  await li.ask('channel.join', { channel: CHANNEL })
  const send = { channel: CHANNEL, clientId: 'a', text: 'secret', mentions: [idOf(li)] }
  const { message: first } = await mei.ask('message.send', send)
  await mei.ask('message.edit', { channel: CHANNEL, seq: 1, text: 'secret still', mentions: [idOf(li)] })
  await li.ask('message.react', { channel: CHANNEL, seq: 1, emoji: '👍', on: true })
  await owner.ask('message.pin', { channel: CHANNEL, seq: 1, on: true })
  const { message } = await mei.ask('message.delete', { channel: CHANNEL, seq: 1 })
  const { mentions, ...place } = first
  expect(message).toEqual({ ...place, text: '', deleted: true, rev: 5 })
  for (let seq = 1; seq <= 4; seq++) await li.entry()
  expect(await li.entry()).toEqual({ type: 'message.deleted', channel: CHANNEL, seq: 5, data: { message } })
  expect((await li.ask('history.page', { channel: CHANNEL })).messages).toEqual([message])
  expect((await li.ask('message.pins', { channel: CHANNEL })).messages).toEqual([])
  expect(await li.ask('message.reactors', { channel: CHANNEL, seq: 1, emoji: '👍' })).toEqual({
    users: [],
    hasMore: false,
  })
  const { entries } = await li.ask('log.read', { channel: CHANNEL, after: 0 })
  expect(entries.map(({ type, seq }) => [type, seq])).toEqual([
    ['message.created', 1],
    ['message.changed', 2],
    ['message.changed', 3],
    ['message.changed', 4],
    ['message.deleted', 5],
  ])
  for (const entry of entries) expect(entry).toMatchObject({ data: { message } })
  expect(JSON.stringify(entries)).not.toContain('secret')
})

test('[EDIT-2] the author and the owner may, anybody else gets forbidden', async () => {
  const { running, owner } = await ownedServer()
  await using _ = running
  const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
  await say(mei, ['one', 'two'])
  await say(owner, ['three'])
  expect(await outcome(li, 'message.delete', { channel: CHANNEL, seq: 1 })).toBe('forbidden')
  expect(await outcome(mei, 'message.delete', { channel: CHANNEL, seq: 3 })).toBe('forbidden')
  expect(await outcome(mei, 'message.delete', { channel: CHANNEL, seq: 1 })).toBe('ok')
  expect(await outcome(owner, 'message.delete', { channel: CHANNEL, seq: 2 })).toBe('ok')
  // Nor is it anybody else's to see that again.
  expect(await outcome(li, 'message.delete', { channel: CHANNEL, seq: 1 })).toBe('forbidden')
  for (const seq of [0, 4, 6]) expect(await outcome(mei, 'message.delete', { channel: CHANNEL, seq })).toBe('not_found')
})

test('[EDIT-2] in a direct channel the author alone may, its other member and the owner may not', async () => {
  const { running, owner } = await ownedServer()
  await using _ = running
  const mei = await running.signIn('mei')
  const { channel } = await mei.ask('direct.open', { users: [idOf(owner)] })
  await say(mei, ['one'], channel.id)
  await say(owner, ['two'], channel.id)
  expect(await outcome(owner, 'message.delete', { channel: channel.id, seq: 1 })).toBe('forbidden')
  expect(await outcome(mei, 'message.delete', { channel: channel.id, seq: 2 })).toBe('forbidden')
  expect(await outcome(mei, 'message.delete', { channel: channel.id, seq: 1 })).toBe('ok')
  expect(await outcome(owner, 'message.delete', { channel: channel.id, seq: 2 })).toBe('ok')
})

test('[EDIT-2] a repeat gets the tombstone and adds nothing', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  await mei.ask('channel.join', { channel: CHANNEL })
  await say(mei, ['one'])
  const deletions = Array.from({ length: 3 }, () => mei.ask('message.delete', { channel: CHANNEL, seq: 1 }))
  const [first, ...others] = await Promise.all(deletions)
  expect(first?.message).toMatchObject({ deleted: true, rev: 2 })
  for (const other of others) expect(other).toEqual(first)
  await quiet(mei)
  expect(entriesOf(mei).map(({ type }) => type)).toEqual(['message.created', 'message.deleted'])
  // Its client id stays taken: a send that is repeated late brings nothing back.
  const send = { channel: CHANNEL, clientId: 'general one', text: 'one' }
  expect(await mei.ask('message.send', send)).toEqual(first)
})

test('[HIST-6] a deleted message stays in its place, in pages of every kind', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  await say(mei, numbered(9))
  for (const seq of [1, 5, 9]) await mei.ask('message.delete', { channel: CHANNEL, seq })
  const seqs = async (anchor: object): Promise<[number, string][]> => {
    const { messages } = await mei.ask('history.page', { channel: CHANNEL, ...anchor })
    return messages.map(({ seq, deleted, text }) => [seq, deleted ? 'deleted' : text])
  }
  const all = numbered(9).map((text, at) => [at + 1, [0, 4, 8].includes(at) ? 'deleted' : text])
  expect(await seqs({})).toEqual(all)
  expect(await seqs({ before: 6, limit: 2 })).toEqual(all.slice(3, 5))
  expect(await seqs({ after: 0, limit: 1 })).toEqual(all.slice(0, 1))
  expect(await seqs({ around: 5, limit: 3 })).toEqual(all.slice(3, 6))
  const { hasMoreAfter, messages } = await mei.ask('history.page', { channel: CHANNEL, after: 8 })
  expect([messages.map(({ ordinal }) => ordinal), hasMoreAfter]).toEqual([[9], false])
  await say(mei, ['ten'])
  expect((await mei.ask('history.page', { channel: CHANNEL, limit: 1 })).messages[0]?.ordinal).toBe(10)
})
