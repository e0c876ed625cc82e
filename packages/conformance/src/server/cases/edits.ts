import type { Message } from '@arclight/core/protocol'
import { checkEqual, checkHas, checkThat } from '../../check.ts'
import type { ServerContext } from '../context.ts'
import type { Peer } from '../peer.ts'
import { type ServerCase, serverCase } from '../server-case.ts'

const EDITS = { needs: ['edits'] } as const

/** A message of the peer's own in the text channel. */
async function written(context: ServerContext, peer: Peer): Promise<Message> {
  const [message] = await context.say(peer, 1)
  if (!message) throw new Error('expected the message that was sent')
  return message
}

function placeOf({ channel, seq }: Message): { channel: string; seq: number } {
  return { channel, seq }
}

/** Messages that are answered, edited, deleted, reacted to and pinned. */
export const editCases: readonly ServerCase[] = [
  serverCase('SEND-9.answer', 'an answer names a message of its channel, and no other seq', EDITS, async (context) => {
    const peer = await context.signIn()
    const { channel, seq } = await written(context, peer)
    const data = { channel, text: 'conformance: an answer' }
    const { message } = await peer.ask('message.send', { ...data, clientId: context.unique(), replyTo: seq })
    checkHas(message, { replyTo: seq }, 'the answer')
    const nowhere = { ...data, clientId: context.unique(), replyTo: seq + 1_000_000 }
    await peer.refused('message.send', nowhere, 'not_found', 'for an answer to no message')
  }),
  serverCase('SEND-10.mentions', 'mentions stand once, without who does not exist', EDITS, async (context) => {
    const peer = await context.signIn()
    const { id } = context.account()
    const data = { channel: context.text.id, clientId: context.unique(), text: 'conformance: you' }
    const { message } = await peer.ask('message.send', { ...data, mentions: [id, 'nobody at all', id] })
    checkEqual(message.mentions, [id], 'the mentions')
  }),
  serverCase('EDIT-1.author', 'the author gives a message another text, nobody else does', EDITS, async (context) => {
    const [author, other] = [await context.signIn(), await context.signIn(2)]
    const first = await written(context, author)
    const { message } = await author.ask('message.edit', { ...placeOf(first), text: 'conformance: edited' })
    checkHas(message, { ...placeOf(first), ordinal: first.ordinal, text: 'conformance: edited' }, 'the message')
    checkThat(message.rev > first.rev, 'its rev', 'one that is not higher')
    checkThat(message.editedAt !== undefined, 'editedAt', 'none')
    const again = await author.ask('message.edit', { ...placeOf(first), text: 'conformance: edited' })
    checkEqual(again.message.rev, message.rev, 'the rev after the same text')
    await other.refused(
      'message.edit',
      { ...placeOf(first), text: 'mine' },
      'forbidden',
      'for another author’s message',
    )
  }),
  serverCase('EDIT-2.tombstone', 'of a deleted message no text is left anywhere', EDITS, async (context) => {
    const peer = await context.signIn()
    const first = await written(context, peer)
    const { message } = await peer.ask('message.delete', placeOf(first))
    checkHas(message, { ...placeOf(first), deleted: true, text: '' }, 'the tombstone')
    const again = await peer.ask('message.delete', placeOf(first))
    checkEqual(again.message, message, 'the tombstone of a repeat')
    const { entries } = await peer.ask('log.read', { channel: first.channel, after: first.seq - 1, limit: 1 })
    checkHas(entries[0], { seq: first.seq, data: { message } }, 'the entry that made it')
    await peer.refused('message.edit', { ...placeOf(first), text: 'again' }, 'not_found', 'for a deleted message')
  }),
  serverCase('HIST-6.place', 'a deleted message stays in its place in the history', EDITS, async (context) => {
    const peer = await context.signIn()
    const first = await written(context, peer)
    const { message } = await peer.ask('message.delete', placeOf(first))
    const page = await peer.ask('history.page', { channel: first.channel, before: first.seq + 1, limit: 1 })
    checkEqual(page.messages, [message], 'the page')
  }),
  serverCase('EDIT-3.whole', 'a change comes live as the whole message', EDITS, async (context) => {
    const [author, reader] = [await context.signIn(), await context.signIn(2)]
    const first = await written(context, author)
    await reader.ask('channel.join', { channel: first.channel })
    const { message } = await author.ask('message.edit', { ...placeOf(first), text: 'conformance: whole' })
    checkEqual(
      (await reader.event('message.changed', (data) => data.message.seq === first.seq)).message,
      message,
      'the entry',
    )
  }),
  serverCase('REACT-1.once', 'a reaction counts once, goes again, and has its limit', EDITS, async (context) => {
    const peer = await context.signIn()
    const place = placeOf(await written(context, peer))
    const react = (emoji: string, on: boolean) => peer.ask('message.react', { ...place, emoji, on })
    await react('👍', true)
    const { message } = await react('👍', true)
    const own = context.account().id
    checkEqual(message.reactions, [{ emoji: '👍', count: 1, users: [own] }], 'the reactions')
    checkEqual((await react('👍', false)).message.reactions, undefined, 'the reactions after it is gone')
  }),
  serverCase('REACT-2.reactors', 'who reacted is listed, the earliest first, in pages', EDITS, async (context) => {
    const [one, two] = [await context.signIn(), await context.signIn(2)]
    const place = placeOf(await written(context, one))
    for (const peer of [two, one]) await peer.ask('message.react', { ...place, emoji: '🎙', on: true })
    const first = await one.ask('message.reactors', { ...place, emoji: '🎙', limit: 1 })
    checkHas(first, { hasMore: true }, 'the first page')
    checkEqual(
      first.users.map(({ id }) => id),
      [context.account(2).id],
      'who is on it',
    )
    const after = context.account(2).id
    const rest = await one.ask('message.reactors', { ...place, emoji: '🎙', after })
    checkEqual(
      rest.users.map(({ id }) => id),
      [context.account().id],
      'who is on the next',
    )
  }),
  serverCase('PIN-1.owner', 'the owner pins, the last one first; others may not', EDITS, async (context) => {
    const [owner, member] = [await context.signInOwner(), await context.signInMember()]
    const [one, two] = [await written(context, owner), await written(context, owner)]
    await member.refused('message.pin', { ...placeOf(one), on: true }, 'forbidden', 'for who is not the owner')
    for (const { channel, seq } of [one, two]) await owner.ask('message.pin', { channel, seq, on: true })
    const { messages } = await member.ask('message.pins', { channel: one.channel })
    checkEqual(
      messages.slice(0, 2).map(({ seq }) => seq),
      [two.seq, one.seq],
      'the pins',
    )
    for (const { channel, seq } of [one, two]) await owner.ask('message.pin', { channel, seq, on: false })
  }),
]
