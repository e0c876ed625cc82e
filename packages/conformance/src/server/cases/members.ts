import { checkEqual, checkHas } from '../../check.ts'
import { OWN_CHANNELS, orderOf, requestsOf, withChannel } from '../own-channel.ts'
import { type ServerCase, serverCase } from '../server-case.ts'

/** Private channels. */
export const memberCases: readonly ServerCase[] = [
  serverCase(
    'MEMB-1.hidden',
    'for whoever is not in it a private channel does not exist',
    { ...OWN_CHANNELS, also: ['CHAN-3', 'CHAN-7'] },
    async (context) => {
      const [owner, stranger] = [await context.signInOwner(), await context.signInMember()]
      await withChannel({ context, owner }, { private: true }, async (channel) => {
        checkEqual(channel.private, true, 'private, of the channel that was made')
        for (const [type, data] of requestsOf(context, channel.id)) {
          await stranger.refused(type, data, 'not_found', 'of a private channel')
        }
        checkEqual((await orderOf(stranger)).includes(channel.id), false, 'whether channel.list has it')
        const back = await context.connect()
        const cursors = { [channel.id]: { epoch: channel.epoch, seq: 0 } }
        const { channels } = await back.ask('session.resume', { token: context.member().token, cursors })
        checkEqual(channels, { [channel.id]: 'gone' }, 'the channels of a resume')
        await stranger.settle()
        const heard = stranger.events('channel.changed').filter((data) => data.channel.id === channel.id)
        checkEqual(heard, [], 'events about it')
      })
    },
  ),
  serverCase(
    'MEMB-1.members',
    'its maker is its first member, and its members read and write it',
    OWN_CHANNELS,
    async (context) => {
      const [owner, member] = [await context.signInOwner(), await context.signInMember()]
      await withChannel({ context, owner }, { private: true }, async ({ id: channel }) => {
        const { members } = await owner.ask('member.list', { channel })
        checkEqual(
          members.map(({ id }) => id),
          [context.owner.id],
          'the members of a new private channel',
        )
        await owner.ask('member.add', { channel, user: context.member().id })
        await member.ask('channel.join', { channel })
        const [said] = await context.say(member, 1, channel)
        await member.event('message.created', ({ message }) => message.channel === channel)
        checkEqual((await owner.ask('history.page', { channel })).messages, [said], 'its history')
      })
    },
  ),
  serverCase(
    'MEMB-2.rights',
    'adding and removing is the owner’s; a member may leave',
    OWN_CHANNELS,
    async (context) => {
      const [owner, member] = [await context.signInOwner(), await context.signInMember()]
      const [self, other] = [context.member().id, context.member(2).id]
      await withChannel({ context, owner }, { private: true }, async ({ id: channel }) => {
        for (let round = 0; round < 2; round++) await owner.ask('member.add', { channel, user: self })
        await owner.ask('member.remove', { channel, user: other })
        await owner.refused(
          'member.add',
          { channel, user: 'conformance-nobody' },
          'not_found',
          'of a user that does not exist',
        )
        await member.refused('member.add', { channel, user: other }, 'forbidden', 'by a member')
        await member.refused('member.remove', { channel, user: context.owner.id }, 'forbidden', 'by a member')
        await member.ask('member.remove', { channel, user: self })
        await member.refused('member.list', { channel }, 'not_found', 'by whoever has left')
        const { members } = await owner.ask('member.list', { channel })
        checkEqual(
          members.map(({ id }) => id),
          [context.owner.id],
          'the members that are left',
        )
      })
    },
  ),
  serverCase('MEMB-2.list', 'member.list gives pages in the order of the ids', OWN_CHANNELS, async (context) => {
    const owner = await context.signInOwner()
    // In another order than the one that is to come.
    const users = [context.member().id, context.member(2).id].sort().reverse()
    await withChannel({ context, owner }, { private: true }, async ({ id: channel }) => {
      for (const user of users) await owner.ask('member.add', { channel, user })
      const ids = [context.owner.id, ...users].sort()
      const all = await owner.ask('member.list', { channel })
      checkEqual([all.members.map(({ id }) => id), all.hasMore], [ids, false], 'all members')
      const page = await owner.ask('member.list', { channel, after: ids[0] ?? '', limit: 1 })
      checkEqual([page.members.map(({ id }) => id), page.hasMore], [[ids[1]], true], 'a page of one behind the first')
      const named = all.members.find(({ id }) => id === context.member().id)
      checkHas(named, { name: context.member().name }, 'a member')
    })
  }),
  serverCase('MEMB-2.public', 'a channel that is for everybody has no members', OWN_CHANNELS, async (context) => {
    const owner = await context.signInOwner()
    const channel = context.text.id
    const user = context.member().id
    await owner.refused('member.list', { channel }, 'conflict', 'of a channel for everybody')
    await owner.refused('member.add', { channel, user }, 'conflict', 'of a channel for everybody')
    await owner.refused('member.remove', { channel, user }, 'conflict', 'of a channel for everybody')
  }),
  serverCase(
    'MEMB-3.told',
    'who is added gets the channel, who is removed its removal',
    OWN_CHANNELS,
    async (context) => {
      const owner = await context.signInOwner()
      const [one, another, bystander] = [
        await context.signInMember(),
        await context.signInMember(),
        await context.signInMember(2),
      ]
      await withChannel({ context, owner }, { private: true }, async (channel) => {
        const membership = { channel: channel.id, user: context.member().id }
        await owner.ask('member.add', membership)
        for (const peer of [one, another]) {
          checkHas(
            (await peer.event('channel.changed', (data) => data.channel.id === channel.id)).channel,
            { ...channel },
            'channel.changed',
          )
        }
        await owner.ask('member.remove', membership)
        for (const peer of [one, another]) await peer.event('channel.removed', (data) => data.channel === channel.id)
        await bystander.settle()
        const heard = bystander.texts.takeAll(({ type }) => String(type).startsWith('channel.'))
        checkEqual(heard, [], 'events for whoever is not in it')
      })
    },
  ),
]
