import type { ChannelSummary } from '@arclight/core/protocol'
import { checkEqual, checkHas, checkThat } from '../../check.ts'
import type { ServerContext } from '../context.ts'
import { OWN_CHANNELS, requestsOf } from '../own-channel.ts'
import type { Peer } from '../peer.ts'
import { type ServerCase, serverCase } from '../server-case.ts'

/** A group of the first, the second and the third user, made by the first. */
async function makeGroup(context: ServerContext) {
  const peers: [Peer, Peer, Peer] = [await context.signIn(1), await context.signIn(2), await context.signIn(3)]
  const asked = { users: [context.account(2).id, context.account(3).id], clientId: context.unique() }
  const { channel: group } = await peers[0].ask('direct.open', asked)
  for (const peer of peers) await peer.event('channel.changed', (data) => data.channel.id === group.id)
  return { peers, group, asked }
}

function idsOf({ members = [] }: ChannelSummary): string[] {
  return members.map(({ id }) => id)
}

/** Direct channels of two, and groups. */
export const directCases: readonly ServerCase[] = [
  serverCase(
    'DIRECT-1.pair',
    'two users have one direct channel, whoever asks and how many at once',
    OWN_CHANNELS,
    async (context) => {
      const [one, two] = [await context.signIn(1), await context.signIn(2)]
      const ask = (peer: Peer, number: 1 | 2) => peer.ask('direct.open', { users: [context.account(number).id] })
      const opened = await Promise.all([ask(one, 2), ask(two, 1), ask(one, 2), ask(two, 1)])
      const ids = new Set(opened.map(({ channel }) => channel.id))
      checkEqual(ids.size, 1, 'how many channels four requests at once gave')
      const [id = ''] = ids
      const [said] = await context.say(one, 1, id)
      checkEqual(
        (await two.ask('history.page', { channel: id, limit: 1 })).messages,
        [said],
        'its history for the other',
      )
      checkEqual((await ask(two, 1)).channel.id, id, 'the channel, asked again')
    },
  ),
  serverCase('DIRECT-1.group', 'a group is one for each clientId of its maker’s', OWN_CHANNELS, async (context) => {
    const [one, two] = [await context.signIn(1), await context.signIn(2)]
    const [first, second, third] = [context.account(1).id, context.account(2).id, context.account(3).id]
    const [clientId, another] = [context.unique(), context.unique()]
    const group = async (peer: Peer, users: string[], named: string) =>
      (await peer.ask('direct.open', { users, clientId: named })).channel.id
    const made = await group(one, [second, third], clientId)
    checkEqual(await group(one, [third, second], clientId), made, 'the group of a repeat')
    const others = [await group(one, [second, third], another), await group(two, [first, third], clientId)]
    checkEqual(new Set([made, ...others]).size, 3, 'how many groups there are')
  }),
  serverCase('DIRECT-1.refused', 'who cannot be meant is refused', OWN_CHANNELS, async (context) => {
    const peer = await context.signIn()
    const [self, second, third] = [context.account().id, context.account(2).id, context.account(3).id]
    const nobody = 'conformance-nobody'
    await peer.refused('direct.open', { users: [nobody] }, 'not_found', 'with a user that does not exist')
    await peer.refused(
      'direct.open',
      { users: [second, nobody], clientId: context.unique() },
      'not_found',
      'with a user that does not exist',
    )
    await peer.refused('direct.open', { users: [self] }, 'bad_request', 'with oneself')
    await peer.refused(
      'direct.open',
      { users: [second, self], clientId: context.unique() },
      'bad_request',
      'with oneself',
    )
    await peer.refused('direct.open', { users: [second, third] }, 'bad_request', 'as a group without a clientId')
    await peer.refused(
      'direct.open',
      { users: Array.from({ length: 10 }, (_, at) => `u${at}`), clientId: context.unique() },
      'bad_request',
      'with ten others',
    )
  }),
  serverCase(
    'DIRECT-2.owner',
    'the server’s owner reads, lists and manages nobody’s direct channel',
    OWN_CHANNELS,
    async (context) => {
      const owner = await context.signInOwner()
      const [one, two] = [await context.signInMember(), await context.signInMember(2)]
      const { channel } = await one.ask('direct.open', { users: [context.member(2).id] })
      await two.event('channel.changed', (data) => data.channel.id === channel.id)
      await context.say(one, 1, channel.id)
      for (const [type, data] of requestsOf(context, channel.id)) {
        await owner.refused(type, data, 'not_found', 'of somebody’s direct channel')
      }
      const { channels } = await owner.ask('channel.list', {})
      checkThat(
        !channels.some(({ id }) => id === channel.id),
        'a list without it',
        channels.map(({ id }) => id),
      )
      await owner.settle()
      checkEqual(
        owner.texts.takeAll(({ type }) => String(type).startsWith('channel.')),
        [],
        'events for the owner',
      )
    },
  ),
  serverCase(
    'DIRECT-3.summary',
    'its summary has everybody in it, and it is never archived or deleted',
    OWN_CHANNELS,
    async (context) => {
      const { peers, group } = await makeGroup(context)
      const [one, two] = peers
      const everybody = [context.account(1), context.account(2), context.account(3)].map(({ id }) => id).sort()
      checkHas(group, { kind: 'direct', name: '' }, 'a new group')
      checkEqual(idsOf(group), everybody, 'its members')
      const { channel: pair } = await one.ask('direct.open', { users: [context.account(2).id] })
      checkEqual(idsOf(pair), [context.account(1).id, context.account(2).id].sort(), 'the members of a pair')
      for (const { id: channel } of [group, pair]) {
        for (const peer of [one, two]) {
          await peer.refused('channel.delete', { channel }, 'forbidden', 'of a direct channel')
          await peer.refused(
            'channel.update',
            { channel, archived: true },
            'forbidden',
            'that archives a direct channel',
          )
        }
      }
      const listed = (await two.ask('channel.list', {})).channels.find(({ id }) => id === group.id)
      checkEqual(listed && idsOf(listed), everybody, 'the members in channel.list')
    },
  ),
  serverCase('DIRECT-4.pair', 'of a pair nothing can be changed', OWN_CHANNELS, async (context) => {
    const peer = await context.signIn()
    const [self, other, third] = [context.account().id, context.account(2).id, context.account(3).id]
    const { channel } = await peer.ask('direct.open', { users: [other] })
    const { id } = channel
    await peer.refused('channel.update', { channel: id, name: 'conformance' }, 'forbidden', 'of a pair')
    await peer.refused('member.add', { channel: id, user: third }, 'forbidden', 'to a pair')
    await peer.refused('member.remove', { channel: id, user: other }, 'forbidden', 'of a pair')
    await peer.refused('member.remove', { channel: id, user: self }, 'forbidden', 'of a pair')
  }),
  serverCase(
    'DIRECT-4.group',
    'a group’s members rename it, let others in and leave; the last one ends it',
    OWN_CHANNELS,
    async (context) => {
      const { peers, group, asked } = await makeGroup(context)
      const [one, two, three] = peers
      const channel = group.id
      const name = context.unique()
      const changed = async (peer: Peer) =>
        (await peer.event('channel.changed', (data) => data.channel.id === channel)).channel
      await two.ask('channel.update', { channel, name, topic: 'conformance' })
      for (const peer of peers) checkHas(await changed(peer), { name, topic: 'conformance' }, 'the group with a name')
      await three.ask('member.remove', { channel, user: context.account(3).id })
      await three.event('channel.removed', (data) => data.channel === channel)
      const two_ = [context.account(1).id, context.account(2).id].sort()
      for (const peer of [one, two]) checkEqual(idsOf(await changed(peer)), two_, 'the members without the third')
      await three.refused('history.page', { channel }, 'not_found', 'by whoever has left')
      await one.ask('member.add', { channel, user: context.account(3).id })
      checkEqual(idsOf(await changed(three)).length, 3, 'how many members there are again')
      for (const [at, peer] of peers.entries()) {
        await peer.ask('member.remove', { channel, user: context.account((at + 1) as 1 | 2 | 3).id })
        await peer.event('channel.removed', (data) => data.channel === channel)
        await peer.refused('channel.join', { channel }, 'not_found', 'by whoever has left')
      }
      const next = await one.ask('direct.open', asked)
      checkThat(next.channel.id !== channel, 'another group, now that the first is gone', next.channel)
    },
  ),
]
