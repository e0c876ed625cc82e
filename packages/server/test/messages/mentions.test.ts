import { expect, test } from 'vitest'
import { say } from '../chat.ts'
import { idOf, outcome, ownedServer, signInOwner, startOwned } from '../owned-server.ts'
import type { RawClient } from '../raw-client.ts'
import { RunningServer } from '../running-server.ts'

const CHANNEL = 'general'

async function mentionsOf(client: RawClient, mentions: readonly string[], channel = CHANNEL): Promise<unknown> {
  const clientId = `${Math.random()}`
  const { message } = await client.ask('message.send', { channel, clientId, text: 'hello', mentions: [...mentions] })
  const { messages } = await client.ask('history.page', { channel, limit: 1 })
  expect(messages).toEqual([message])
  return message.mentions
}

test('[SEND-9] an answer names a message of its channel, the newest, an edited and a deleted one too', async () => {
  await using running = await RunningServer.start()
  const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
  await li.ask('channel.join', { channel: CHANNEL })
  await say(mei, ['one', 'two', 'three'])
  await mei.ask('message.edit', { channel: CHANNEL, seq: 2, text: 'two again' })
  await mei.ask('message.delete', { channel: CHANNEL, seq: 3 })
  for (const replyTo of [1, 2, 3, 6]) {
    const send = { channel: CHANNEL, clientId: `to ${replyTo}`, text: 'an answer', replyTo }
    const { message } = await li.ask('message.send', send)
    expect(message.replyTo).toBe(replyTo)
    expect((await mei.ask('history.page', { channel: CHANNEL, limit: 1 })).messages).toEqual([message])
  }
})

test('[SEND-9] a seq that is no message of the channel gets not_found, and nothing is stored', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  await say(mei, ['one'])
  await say(mei, ['1', '2', '3', '4'], 'lounge')
  // Entry 2 is a change of message 1, and no message.
  await mei.ask('message.edit', { channel: CHANNEL, seq: 1, text: 'one again' })
  for (const replyTo of [0, 2, 3, 4, Number.MAX_SAFE_INTEGER]) {
    const send = { channel: CHANNEL, clientId: 'a', text: 'an answer', replyTo }
    expect([replyTo, await outcome(mei, 'message.send', send)]).toEqual([replyTo, 'not_found'])
  }
  expect((await mei.ask('log.read', { channel: CHANNEL, after: 0 })).head).toBe(2)
})

test('[SEND-9] an answer may name a message that is stored in the same batch, and a repeat gets the first', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const posted = ['a', 'b', 'c'].map((clientId, at) => {
    const answer = at === 0 ? {} : { replyTo: at }
    return mei.post('message.send', { channel: CHANNEL, clientId, text: clientId, ...answer })
  })
  const replies = await Promise.all(posted.map((id) => mei.reply(id)))
  expect(replies.map((reply) => 'data' in reply && (reply.data as { message: object }).message)).toMatchObject([
    { seq: 1 },
    { seq: 2, replyTo: 1 },
    { seq: 3, replyTo: 2 },
  ])
  const again = { channel: CHANNEL, clientId: 'b', text: 'b', replyTo: 99 }
  expect((await mei.ask('message.send', again)).message).toMatchObject({ seq: 2, replyTo: 1 })
})

test('[SEND-10] who is mentioned stands once, in the order of naming; who does not exist is left out', async () => {
  await using running = await RunningServer.start()
  const people = [await running.signIn('mei'), await running.signIn('li'), await running.signIn('zoe')]
  const [mei, li, zoe] = people.map(idOf) as [string, string, string]
  const [writer] = people as [RawClient]
  expect(await mentionsOf(writer, [zoe, li, zoe, 'nobody', li, mei])).toEqual([zoe, li, mei])
  expect(await mentionsOf(writer, ['nobody', li.slice(0, -1), li.toUpperCase()])).toBeUndefined()
  expect(await mentionsOf(writer, [])).toBeUndefined()
  expect(await mentionsOf(writer, [mei])).toEqual([mei])
  expect(await mentionsOf(writer, [...Array.from({ length: 49 }, (_, at) => `nobody ${at}`), li])).toEqual([li])
})

test('[SEND-10] fifty mentions fit and one more gets bad_request, and so does an id that cannot be one', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const send = { channel: CHANNEL, clientId: 'a', text: 'hello' }
  const mentions = Array.from({ length: 51 }, () => idOf(mei))
  expect(await mei.refusal('message.send', { ...send, mentions })).toMatchObject({
    code: 'bad_request',
    issues: [{ path: 'mentions' }],
  })
  expect(await mei.refusal('message.send', { ...send, mentions: [idOf(mei), 'a\u0000b'] })).toMatchObject({
    code: 'bad_request',
    issues: [{ path: 'mentions.1' }],
  })
  expect(await mentionsOf(mei, mentions.slice(1))).toEqual([idOf(mei)])
})

test('[SEND-10] who may not read the channel is left out: of a private one all but its members and the owner', async () => {
  await using running = await startOwned()
  const owner = await signInOwner(running)
  const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
  const everybody = [owner, mei, li].map(idOf)
  const create = { kind: 'text', name: 'garden', private: true } as const
  const channel = (await owner.ask('channel.create', create)).channel.id
  await owner.ask('member.add', { channel, user: idOf(mei) })
  expect(await mentionsOf(mei, everybody, channel)).toEqual([idOf(owner), idOf(mei)])
  // The owner reads it without being in it.
  await owner.ask('member.remove', { channel, user: idOf(owner) })
  expect(await mentionsOf(mei, everybody, channel)).toEqual([idOf(owner), idOf(mei)])
  await owner.ask('member.add', { channel, user: idOf(li) })
  expect(await mentionsOf(mei, everybody, channel)).toEqual(everybody)
})

test('[SEND-10] of a direct channel nobody but the two, the owner neither', async () => {
  const { running, owner } = await ownedServer()
  await using _ = running
  const [mei, li, zoe] = [await running.signIn('mei'), await running.signIn('li'), await running.signIn('zoe')]
  const { channel } = await mei.ask('direct.open', { users: [idOf(li)] })
  expect(await mentionsOf(mei, [owner, zoe, li, mei].map(idOf), channel.id)).toEqual([idOf(li), idOf(mei)])
})

test('[SEND-10] messages with mentions keep their place among those without, sent in one write', async () => {
  await using running = await RunningServer.start()
  const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
  const posted = Array.from({ length: 20 }, (_, at) => {
    const mentions = at % 3 === 0 ? { mentions: [idOf(li), 'nobody'] } : {}
    const after = at === 0 ? {} : { after: `c${at - 1}` }
    return mei.post('message.send', { channel: CHANNEL, clientId: `c${at}`, text: `${at}`, ...mentions, ...after })
  })
  for (const id of posted) expect(await mei.reply(id)).toHaveProperty('data')
  const { messages } = await mei.ask('history.page', { channel: CHANNEL })
  expect(messages.map(({ text }) => text)).toEqual(posted.map((_, at) => `${at}`))
})
