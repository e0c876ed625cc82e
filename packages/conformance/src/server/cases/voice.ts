import { CLOSE } from '@arclight/core/protocol'
import { checkEqual, checkHas, checkThat } from '../../check.ts'
import { sound } from '../media.ts'
import { type ServerCase, serverCase } from '../server-case.ts'
import { enter, listen, publish, talk } from '../talk.ts'

const ABSENCE_MS = 15_000
const LATE_MS = 3_000
const EARLY_MS = 1_500
const NEEDS = { needs: ['voice'] } as const
const SLOW = { needs: ['voice'], pace: 'slow' } as const

/** Who is in a voice channel. */
export const voiceCases: readonly ServerCase[] = [
  serverCase(
    'VOICE-1.join',
    'voice.join gives everybody in the channel; the others are told of the whole member',
    NEEDS,
    async (context) => {
      const [one, two] = [await context.signIn(), await context.signIn(2)]
      const first = await enter(context, one, { muted: true })
      const second = await enter(context, two, { deafened: true })
      const members = second.members.map(({ member }) => member)
      checkThat(members.includes(first.member) && members.includes(second.member), 'both members in the reply', members)
      const changed = await one.event('voice.changed', ({ member }) => member.member === second.member)
      checkHas(
        changed,
        {
          channel: context.voice.id,
          member: {
            user: { id: context.account(2).id },
            muted: false,
            deafened: true,
            reconnecting: false,
            tracks: [],
          },
        },
        'voice.changed',
      )
      const seen = second.members.find(({ member }) => member === first.member)
      checkHas(seen, { user: { id: context.account(1).id }, muted: true, deafened: false }, 'the first member')
    },
  ),
  serverCase('VOICE-1.tracks', 'who joins is told the tracks of those who are there', NEEDS, async (context) => {
    const { member, track, peer } = await talk(context, 1)
    const { members } = await enter(context, await context.signIn(2))
    const seen = members.find((one) => one.member === member)
    checkEqual(
      seen?.tracks.map((one) => [one.track, one.key]),
      [[track, 'microphone']],
      'the tracks of who talks',
    )
    await peer.ask('voice.leave', { channel: context.voice.id })
  }),
  serverCase('VOICE-2.one-channel', 'joining another channel leaves the first', NEEDS, async (context) => {
    const voices = context.target.channels.filter(({ kind }) => kind === 'voice')
    const [first, other] = voices
    if (!first || !other) return context.skip('needs a second voice channel')
    const [listener, peer] = [await listen(context), await context.signIn(2)]
    const { member } = await enter(context, peer)
    await peer.ask('voice.join', { channel: other.id, device: context.unique(), muted: false, deafened: false })
    await listener.event('voice.left', (data) => data.member === member && data.channel === first.id)
  }),
  serverCase(
    'VOICE-2.one-place',
    'a connection has one place at a time: another device leaves the first',
    NEEDS,
    async (context) => {
      const [listener, peer] = [await listen(context), await context.signIn(2)]
      const first = await enter(context, peer)
      const second = await enter(context, peer)
      await listener.event('voice.left', ({ member }) => member === first.member)
      const members = second.members.map(({ member }) => member)
      checkThat(!members.includes(first.member), 'the first place not among the members', members)
    },
  ),
  serverCase('VOICE-3.text-channel', 'voice.join of a text channel gets forbidden', NEEDS, async (context) => {
    const peer = await context.signIn()
    const data = { channel: context.text.id, device: 'd', muted: false, deafened: false }
    await peer.refused('voice.join', data, 'forbidden', 'of a text channel')
  }),
  serverCase('VOICE-4.update', 'voice.update changes what the others see', NEEDS, async (context) => {
    const channel = context.voice.id
    const [listener, peer] = [await listen(context), await context.signIn(2)]
    const { member } = await enter(context, peer)
    await listener.settle()
    listener.texts.takeAll()
    for (const state of [
      { muted: true, deafened: false },
      { muted: true, deafened: true },
      { muted: false, deafened: false },
    ]) {
      await peer.ask('voice.update', { channel, ...state })
      const fits = (one: { muted: boolean; deafened: boolean }): boolean =>
        one.muted === state.muted && one.deafened === state.deafened
      await listener.event('voice.changed', (data) => data.member.member === member && fits(data.member))
    }
  }),
  serverCase('VOICE-4.deafened', 'a deafened member gets no audio', NEEDS, async (context) => {
    const { peer, track } = await talk(context, 1)
    const [hears, deaf] = [await listen(context), await context.signIn(2)]
    await enter(context, deaf, { deafened: true })
    for (let seq = 0; seq < 5; seq++) peer.sendBinary(sound(track, seq))
    for (let seq = 0; seq < 5; seq++) await hears.frame(track)
    await deaf.settle()
    checkEqual(deaf.framesOf(track).length, 0, 'frames for a deafened member')
    await deaf.ask('voice.update', { channel: context.voice.id, muted: false, deafened: false })
    peer.sendBinary(sound(track, 5))
    await deaf.frame(track)
  }),
  serverCase(
    'VOICE-5.leave',
    'voice.leave ends the membership and its tracks; the others are told',
    NEEDS,
    async (context) => {
      const channel = context.voice.id
      const listener = await listen(context)
      const { peer, member, track } = await talk(context, 2)
      await peer.ask('voice.leave', { channel })
      await listener.event('voice.left', (data) => data.member === member && data.channel === channel)
      peer.sendBinary(sound(track, 0))
      await peer.settle()
      await listener.settle()
      checkEqual(listener.framesOf(track).length, 0, 'frames of a member that left')
      await peer.refused('track.publish', publish(context), 'forbidden', 'of who left')
    },
  ),
  serverCase(
    'VOICE-6.kept',
    'a dropped connection’s place is kept, with reconnecting; the same device has it again',
    NEEDS,
    async (context) => {
      const listener = await listen(context)
      const { peer, member, track, device } = await talk(context, 2)
      await listener.event('track.published', (data) => data.track.track === track)
      peer.dispose()
      const away = await listener.event(
        'voice.changed',
        (data) => data.member.member === member && data.member.reconnecting,
      )
      checkEqual(away.member.tracks, [], 'the tracks of who is away')
      checkEqual(
        listener.events('voice.left').some((data) => data.member === member),
        false,
        'whether it has left',
      )
      const again = await context.signIn(2)
      const back = await enter(context, again, { device })
      checkEqual(back.member, member, 'the member of who came back')
      await listener.event('voice.changed', (data) => data.member.member === member && !data.member.reconnecting)
    },
  ),
  serverCase('VOICE-6.gone', 'nobody comes back: it is kept for 15 s', SLOW, async (context) => {
    const listener = await listen(context)
    const { peer, member } = await talk(context, 2)
    peer.dispose()
    await listener.event('voice.changed', (data) => data.member.member === member && data.member.reconnecting)
    const from = performance.now()
    await listener.event('voice.left', (data) => data.member === member, ABSENCE_MS + LATE_MS)
    const after = Math.round(performance.now() - from)
    checkThat(after > ABSENCE_MS - EARLY_MS, 'the place to be kept for 15 s', `${after} ms`)
  }),
  serverCase('VOICE-6.final', 'a connection that was closed for good leaves at once', NEEDS, async (context) => {
    const listener = await listen(context)
    const { account, peer: registered } = await context.session()
    registered.dispose()
    const peer = await context.withToken(account.token)
    const { member } = await enter(context, peer)
    await peer.ask('auth.logout', {})
    await peer.closedWith(CLOSE.revoked)
    await listener.event('voice.left', (data) => data.member === member)
  }),
  serverCase(
    'VOICE-7.moved',
    'a second connection of the device has the place; the first is told and stays',
    NEEDS,
    async (context) => {
      const listener = await listen(context)
      const { peer: first, member, track, device } = await talk(context, 2)
      const second = await context.signIn(2)
      const taken = await enter(context, second, { device })
      checkEqual(taken.member, member, 'the member of the second connection')
      const moved = await first.event('voice.moved')
      checkEqual(moved, { channel: context.voice.id, member }, 'voice.moved')
      await listener.event('track.unpublished', (data) => data.track === track)
      await first.ask('channel.list', {})
      await first.refused('track.publish', publish(context), 'forbidden', 'of who was moved')
      await second.ask('track.publish', publish(context))
      checkEqual(
        listener.events('voice.left').some((data) => data.member === member),
        false,
        'whether it has left',
      )
    },
  ),
]
