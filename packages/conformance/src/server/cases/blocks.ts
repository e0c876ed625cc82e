import { checkEqual, checkHas } from '../../check.ts'
import type { ServerContext } from '../context.ts'
import type { Peer } from '../peer.ts'
import { type ServerCase, serverCase } from '../server-case.ts'

const BLOCKS = { needs: ['blocks', 'channels'] } as const

interface Pair {
  readonly one: Peer
  readonly other: Peer
  /** Ids of the two. */
  readonly oneId: string
  readonly otherId: string
  readonly token: string
}

/** Two users of the case's own. */
async function pairOf(context: ServerContext): Promise<Pair> {
  const { peer: one, account } = await context.register()
  const { peer: other, account: second } = await context.register()
  return { one, other, oneId: account.id, otherId: second.id, token: account.token }
}

/** Of whom no direct messages are taken. */
export const blockCases: readonly ServerCase[] = [
  serverCase(
    'BLOCK-1.list',
    'whom one has blocked is listed, and told to one’s own devices',
    BLOCKS,
    async (context) => {
      const { one, oneId, otherId, token } = await pairOf(context)
      const second = await context.withToken(token)
      const third = context.account(2).id
      checkEqual((await one.ask('user.blocks', {})).users, [], 'whom a new user has blocked')
      for (const user of [otherId, third, otherId]) await one.ask('user.block', { user, on: true })
      const { users } = await one.ask('user.blocks', {})
      const both = [otherId, third].sort()
      checkEqual(
        users.map(({ id }) => id),
        both,
        'whom they have blocked, in the order of their ids',
      )
      for (const user of [otherId, third]) await second.event('user.blocked', (data) => data.user === user && data.on)
      const late = await context.connect()
      const { blocked } = await late.ask('auth.token', { token })
      checkEqual(blocked, both, 'blocked in the reply to auth.token')
      for (const user of both) await one.ask('user.block', { user, on: false })
      await second.event('user.blocked', (data) => data.user === otherId && !data.on)
      checkEqual((await one.ask('user.blocks', {})).users, [], 'whom they have blocked in the end')
      await one.refused('user.block', { user: oneId, on: true }, 'bad_request', 'of oneself')
      await one.refused('user.block', { user: 'nobody', on: true }, 'not_found', 'of nobody')
    },
  ),
  serverCase('BLOCK-2.pair', 'who is blocked writes nothing in the channel of the two', BLOCKS, async (context) => {
    const { one, other, oneId, otherId } = await pairOf(context)
    const { channel: pair } = await other.ask('direct.open', { users: [oneId] })
    const { id: channel } = pair
    const said = (text: string) => ({ channel, clientId: context.unique(), text })
    const { message } = await other.ask('message.send', said('conformance: before'))
    await one.ask('user.block', { user: otherId, on: true })
    const { seq } = message
    for (const [type, data] of [
      ['direct.open', { users: [oneId] }],
      ['message.send', said('conformance: blocked')],
      ...(context.target.capabilities.has('edits')
        ? ([
            ['message.edit', { channel, seq, text: 'conformance: changed' }],
            ['message.react', { channel, seq, emoji: '👍', on: true }],
          ] as const)
        : []),
      ...(context.target.capabilities.has('presence') ? ([['typing.set', { channel, typing: true }]] as const) : []),
    ] as const) {
      await other.refused(type, data, 'forbidden', 'of who is blocked')
    }
    await one.ask('message.send', said('conformance: of who blocks'))
    const { messages } = await other.ask('history.page', { channel })
    checkEqual(messages.length, 2, 'messages that who is blocked can read')
    await one.ask('user.block', { user: otherId, on: false })
    await other.ask('message.send', said('conformance: after'))
  }),
  serverCase('BLOCK-2.elsewhere', 'groups and other channels go on as before', BLOCKS, async (context) => {
    const { one, other, oneId, otherId } = await pairOf(context)
    await one.ask('user.block', { user: otherId, on: true })
    const group = { users: [oneId, context.account(2).id], clientId: context.unique() }
    const { channel } = await other.ask('direct.open', group)
    for (const id of [channel.id, context.text.id]) {
      await other.ask('message.send', { channel: id, clientId: context.unique(), text: 'conformance: elsewhere' })
    }
  }),
  serverCase(
    'BLOCK-3.mention',
    'who has blocked the author is not mentioned',
    { needs: ['blocks', 'edits'] },
    async (context) => {
      const { one, other, oneId, otherId } = await pairOf(context)
      const say = async (author: Peer, user: string) => {
        const data = {
          channel: context.text.id,
          clientId: context.unique(),
          text: 'conformance: you',
          mentions: [user],
        }
        return (await author.ask('message.send', data)).message
      }
      await one.ask('user.block', { user: otherId, on: true })
      checkEqual((await say(other, oneId)).mentions, undefined, 'mentions of who has blocked the author')
      checkHas(await say(one, otherId), { mentions: [otherId] }, 'of who was blocked by the author')
      await one.ask('user.block', { user: otherId, on: false })
      checkHas(await say(other, oneId), { mentions: [oneId] }, 'of who blocks nobody')
    },
  ),
]
