import { checkEqual, checkHas, checkThat } from '../../check.ts'
import { OWN_CHANNELS, orderOf, requestsOf, withChannel } from '../own-channel.ts'
import { type ServerCase, serverCase } from '../server-case.ts'

/** Channels that are made and changed: by the server's owner, who deletes them in the end. */
export const ownChannelCases: readonly ServerCase[] = [
  serverCase(
    'CHAN-5.create',
    'channel.create makes a channel, last in the order, for everybody',
    OWN_CHANNELS,
    async (context) => {
      const [owner, member] = [await context.signInOwner(), await context.signInMember()]
      await withChannel({ context, owner }, { topic: 'conformance', slowModeMs: 100 }, async (channel) => {
        checkHas(channel, { kind: 'text', topic: 'conformance', slowModeMs: 100, head: 0 }, 'the channel that was made')
        checkEqual(
          [channel.private, channel.archived].filter((value) => value !== undefined),
          [],
          'what an ordinary channel has of private and archived',
        )
        for (const peer of [owner, member]) {
          const listed = (await peer.ask('channel.list', {})).channels.filter(({ kind }) => kind !== 'direct').at(-1)
          checkHas(listed, { ...channel }, 'the last channel of the list')
        }
        const [said] = await context.say(member, 1, channel.id)
        checkEqual(said?.seq, 1, 'the seq of its first message')
      })
    },
  ),
  serverCase(
    'CHAN-5.update',
    'channel.update changes what is given and leaves the rest',
    OWN_CHANNELS,
    async (context) => {
      const owner = await context.signInOwner()
      await withChannel({ context, owner }, { topic: 'conformance', slowModeMs: 100 }, async ({ id, name, epoch }) => {
        const update = async (change: object) => (await owner.ask('channel.update', { channel: id, ...change })).channel
        const topic = await update({ topic: 'another' })
        checkHas(topic, { id, name, epoch, topic: 'another', slowModeMs: 100 }, 'the channel with another topic')
        const rest = { topic: 'another', slowModeMs: 100 }
        const renamed = await update({ name: `${name} 2`, archived: true })
        checkHas(renamed, { ...rest, name: `${name} 2`, archived: true }, 'the channel that was renamed and archived')
        const plain = await update({ topic: '', slowModeMs: 0 })
        checkEqual(
          [plain.name, plain.topic, plain.slowModeMs],
          [`${name} 2`, undefined, undefined],
          'what is left without topic and slow mode',
        )
        checkEqual((await update({ archived: false })).archived, undefined, 'archived, taken back')
        checkHas(
          (await owner.ask('channel.list', {})).channels.find((one) => one.id === id),
          { name: `${name} 2` },
          'the channel of the list',
        )
      })
    },
  ),
  serverCase(
    'CHAN-5.order',
    'before puts a channel before another, null puts it last',
    OWN_CHANNELS,
    async (context) => {
      const [owner, member] = [await context.signInOwner(), await context.signInMember()]
      await withChannel({ context, owner }, {}, async ({ id: first }) => {
        await withChannel({ context, owner }, {}, async ({ id: second }) => {
          const order = async (): Promise<string[]> =>
            (await orderOf(member)).filter((id) => id === first || id === second || id === context.text.id)
          const all = await orderOf(owner)
          checkEqual((await order()).slice(-2), [first, second], 'two channels as they were made')
          await owner.ask('channel.update', { channel: second, before: first })
          checkEqual(await order(), [context.text.id, second, first], 'the order with the second before the first')
          await owner.ask('channel.update', { channel: first, before: context.text.id })
          checkEqual(await order(), [first, context.text.id, second], 'the order with the first before all')
          await owner.ask('channel.update', { channel: first, before: null })
          checkEqual((await order()).at(-1), first, 'the last one')
          checkEqual((await orderOf(owner)).slice(0, -2), all.slice(0, -2), 'the order of the others')
          await owner.refused(
            'channel.update',
            { channel: first, before: 'conformance-no-channel' },
            'not_found',
            'before a channel that there is not',
          )
        })
      })
    },
  ),
  serverCase(
    'CHAN-5.delete',
    'a deleted channel is gone in every request, and its name is free',
    OWN_CHANNELS,
    async (context) => {
      const owner = await context.signInOwner()
      let gone = { id: '', name: '' }
      await withChannel({ context, owner }, {}, async (channel) => {
        gone = channel
        await context.say(owner, 2, channel.id)
        await owner.ask('channel.delete', { channel: channel.id })
        for (const [type, data] of requestsOf(context, channel.id)) {
          await owner.refused(type, data, 'not_found', 'of a channel that was deleted')
        }
        checkThat(!(await orderOf(owner)).includes(channel.id), 'a list without the channel', channel.id)
      })
      const { channel } = await owner.ask('channel.create', { kind: 'text', name: gone.name })
      await owner.ask('channel.delete', { channel: channel.id })
      checkThat(channel.id !== gone.id && channel.head === 0, 'another channel of that name', channel)
    },
  ),
  serverCase('CHAN-5.forbidden', 'all of it is the owner’s', OWN_CHANNELS, async (context) => {
    const [owner, member] = [await context.signInOwner(), await context.signInMember()]
    const name = context.unique()
    await member.refused('channel.create', { kind: 'text', name }, 'forbidden', 'by somebody else')
    await withChannel({ context, owner }, {}, async ({ id: channel }) => {
      await member.refused('channel.update', { channel, name }, 'forbidden', 'by somebody else')
      await member.refused('channel.update', { channel, before: null }, 'forbidden', 'by somebody else')
      await member.refused('channel.delete', { channel }, 'forbidden', 'by somebody else')
    })
  }),
  serverCase('CHAN-6.names', 'two names that are alike as names of users are one', OWN_CHANNELS, async (context) => {
    const owner = await context.signInOwner()
    await withChannel({ context, owner }, {}, async ({ id, name }) => {
      await withChannel({ context, owner }, {}, async (other) => {
        for (const alike of [name, name.toUpperCase(), name.replace(' ', '  '), `ｋｉｔ${name.slice(3)}`]) {
          await owner.refused(
            'channel.create',
            { kind: 'text', name: alike },
            'conflict',
            `as ${JSON.stringify(alike)}`,
          )
          await owner.refused(
            'channel.update',
            { channel: other.id, name: alike },
            'conflict',
            `as ${JSON.stringify(alike)}`,
          )
        }
      })
      const { channel } = await owner.ask('channel.update', { channel: id, name: name.toUpperCase() })
      checkEqual(channel.name, name.toUpperCase(), 'a name of its own in another case')
    })
    for (const name of ['', ' a', 'a ', 'a\u0007b', 'x'.repeat(65)]) {
      await owner.refused('channel.create', { kind: 'text', name }, 'bad_request', `as ${JSON.stringify(name)}`)
    }
  }),
]
