import { checkEqual, checkHas, checkThat } from '../../check.ts'
import { OPUS } from '../media.ts'
import { OWN_CHANNELS, orderOf, withChannel } from '../own-channel.ts'
import { type ServerCase, serverCase } from '../server-case.ts'
import { wait } from '../wait.ts'

const SLOW_MS = 1_500
const VOICE = { needs: ['channels', 'voice'], pace: 'alone' } as const

/** What becomes of channels, and who hears of it. */
export const channelChangeCases: readonly ServerCase[] = [
  serverCase(
    'CHAN-7.changed',
    'everybody hears of a channel that is made, changed or deleted',
    OWN_CHANNELS,
    async (context) => {
      const [owner, member, stranger] = [
        await context.signInOwner(),
        await context.signInMember(),
        await context.connect(),
      ]
      await withChannel({ context, owner }, {}, async (channel) => {
        for (const peer of [owner, member]) {
          checkHas(
            (await peer.event('channel.changed', (data) => data.channel.id === channel.id)).channel,
            { ...channel },
            'channel.changed',
          )
        }
        await owner.ask('channel.update', { channel: channel.id, topic: 'conformance' })
        for (const peer of [owner, member]) {
          const changed = await peer.event('channel.changed', (data) => data.channel.id === channel.id)
          checkHas(changed.channel, { ...channel, topic: 'conformance' }, 'channel.changed')
        }
        await owner.ask('channel.delete', { channel: channel.id })
        for (const peer of [owner, member]) await peer.event('channel.removed', (data) => data.channel === channel.id)
        await stranger.settle()
        checkEqual(stranger.texts.takeAll(), [], 'events for whoever has not authenticated')
      })
    },
  ),
  serverCase(
    'CHAN-7.removed',
    'after channel.removed no entry of the channel comes',
    { ...OWN_CHANNELS, also: ['MEMB-3'] },
    async (context) => {
      const [owner, member] = [await context.signInOwner(), await context.signInMember()]
      await withChannel({ context, owner }, { private: true }, async ({ id: channel }) => {
        const membership = { channel, user: context.member().id }
        await owner.ask('member.add', membership)
        await member.ask('channel.join', { channel })
        await context.say(owner, 1, channel)
        await member.event('message.created', ({ message }) => message.channel === channel)
        await owner.ask('member.remove', membership)
        await member.event('channel.removed', (data) => data.channel === channel)
        await member.settle()
        member.texts.takeAll()
        await context.say(owner, 1, channel)
        await owner.ask('channel.update', { channel, topic: 'conformance' })
        await owner.ask('member.add', membership)
        await member.event('channel.changed', (data) => data.channel.id === channel)
        await context.say(owner, 1, channel)
        await member.settle()
        checkEqual(
          member.texts.takeAll(({ seq }) => seq !== undefined),
          [],
          'entries after channel.removed',
        )
      })
    },
  ),
  serverCase('CHAN-7.voice', 'whose channel is taken away is in its voice no more', VOICE, async (context) => {
    const [owner, member] = [await context.signInOwner(), await context.signInMember()]
    await withChannel({ context, owner }, { kind: 'voice', private: true }, async ({ id: channel }) => {
      const [membership, state] = [
        { channel, user: context.member().id },
        { channel, muted: false, deafened: false },
      ]
      await owner.ask('member.add', membership)
      await owner.ask('voice.join', { ...state, device: 'd' })
      const place = await member.ask('voice.join', { ...state, device: 'd' })
      await owner.ask('member.remove', membership)
      await owner.event('voice.left', (data) => data.member === place.member)
      await member.event('channel.removed', (data) => data.channel === channel)
      await member.refused('voice.update', state, 'not_found', 'of a place that is gone')
    })
  }),
  serverCase(
    'CHAN-7.ordered',
    'where a place in the order changed, everybody gets the order',
    OWN_CHANNELS,
    async (context) => {
      const [owner, member] = [await context.signInOwner(), await context.signInMember()]
      await withChannel({ context, owner }, { private: true }, async ({ id: hidden }) => {
        await withChannel({ context, owner }, {}, async ({ id: channel }) => {
          await owner.ask('channel.update', { channel, before: context.text.id })
          for (const peer of [owner, member]) {
            checkEqual(
              (await peer.event('channel.ordered')).channels,
              await orderOf(peer),
              'the ids of channel.ordered',
            )
          }
          await owner.ask('member.add', { channel: hidden, user: context.member().id })
          const { channels } = await member.event('channel.ordered')
          checkEqual(channels, await orderOf(member), 'the ids of channel.ordered, with one that is new to the user')
        })
      })
    },
  ),
  serverCase('CHAN-8.archived', 'an archived channel is read, and not written to', OWN_CHANNELS, async (context) => {
    const [owner, member] = [await context.signInOwner(), await context.signInMember()]
    await withChannel({ context, owner }, {}, async ({ id: channel }) => {
      const said = await context.say(member, 2, channel)
      await owner.ask('channel.update', { channel, archived: true })
      const message = { channel, clientId: context.unique(), text: 'conformance: late' }
      for (const peer of [member, owner]) {
        await peer.refused('message.send', message, 'forbidden', 'to an archived channel')
        checkEqual((await peer.ask('history.page', { channel })).messages, said, 'the history of an archived channel')
      }
      await member.ask('channel.join', { channel })
      checkEqual((await member.ask('log.read', { channel, after: 0 })).head, 2, 'its head')
      await owner.ask('channel.update', { channel, archived: false })
      await member.ask('message.send', message)
    })
  }),
  serverCase('CHAN-8.voice', 'who was in its voice when it was archived has left', VOICE, async (context) => {
    const [owner, member] = [await context.signInOwner(), await context.signInMember()]
    await withChannel({ context, owner }, { kind: 'voice' }, async ({ id: channel }) => {
      const state = { channel, muted: false, deafened: false }
      await member.ask('voice.join', { ...state, device: 'd' })
      await owner.ask('channel.update', { channel, archived: true })
      await member.event('channel.changed', (data) => data.channel.id === channel && data.channel.archived === true)
      await member.refused('voice.update', state, 'not_found', 'of a place that is gone')
      await member.refused('voice.join', { ...state, device: 'd' }, 'forbidden', 'of an archived channel')
      await member.refused(
        'track.publish',
        { key: 'k', format: OPUS, to: { channel } },
        'forbidden',
        'to an archived channel',
      )
      const back = await context.connect()
      const voice = { ...state, device: 'd', tracks: [] }
      const reply = await back.ask('session.resume', { token: context.member().token, cursors: {}, voice })
      checkEqual(reply.voice, 'gone', 'the voice of a resume')
    })
  }),
  serverCase(
    'CHAN-9.waits',
    'an author waits; a repeat, the owner and other authors do not',
    OWN_CHANNELS,
    async (context) => {
      const [owner, member, other] = [
        await context.signInOwner(),
        await context.signInMember(),
        await context.signInMember(2),
      ]
      await withChannel({ context, owner }, { slowModeMs: SLOW_MS }, async ({ id: channel }) => {
        const first = { channel, clientId: context.unique(), text: 'conformance: the first' }
        const { message } = await member.ask('message.send', first)
        const from = performance.now()
        const next = { channel, clientId: context.unique(), text: 'conformance: too early' }
        const early = await member.once('message.send', next)
        checkThat(
          'error' in early && early.error.code === 'rate_limited',
          'an early message to be refused with rate_limited',
          early,
        )
        const { retryAfterMs = 0 } = early.error
        checkThat(retryAfterMs > 0 && retryAfterMs <= SLOW_MS, `a retryAfterMs of at most ${SLOW_MS}`, retryAfterMs)
        const repeated = await member.once('message.send', first)
        checkHas(repeated, { data: { message } }, 'the reply to a repeat')
        await context.say(other, 1, channel)
        await context.say(owner, 3, channel)
        await wait(retryAfterMs + 1)
        const later = await member.once('message.send', next)
        checkThat('data' in later, `the message to pass after ${Math.round(performance.now() - from)} ms`, later)
      })
    },
  ),
  serverCase('CHAN-9.at-once', 'of messages that come at once one is stored', OWN_CHANNELS, async (context) => {
    const [owner, member] = [await context.signInOwner(), await context.signInMember()]
    await withChannel({ context, owner }, { slowModeMs: 60_000 }, async ({ id: channel }) => {
      const ids = Array.from({ length: 5 }, () => {
        return member.post('message.send', { channel, clientId: context.unique(), text: 'conformance: at once' })
      })
      const replies = await Promise.all(ids.map((id) => member.reply(id)))
      const refused = replies.flatMap((reply) => ('error' in reply ? [reply.error.code] : []))
      checkEqual(
        refused,
        Array.from({ length: 4 }, () => 'rate_limited'),
        'the refusals of five messages at once',
      )
      checkEqual((await member.ask('log.read', { channel, after: 0 })).head, 1, 'the head')
    })
  }),
]
