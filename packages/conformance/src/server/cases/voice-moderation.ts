import type { ReplyData } from '@arclight/core/protocol'
import { checkEqual, checkHas } from '../../check.ts'
import type { ServerContext } from '../context.ts'
import { OPUS, sound } from '../media.ts'
import { withChannel } from '../own-channel.ts'
import { MIDDLE, withHolder } from '../own-role.ts'
import type { Peer } from '../peer.ts'
import { type ServerCase, serverCase } from '../server-case.ts'

const VOICE = { needs: ['roles', 'channels', 'voice'], pace: 'alone' } as const

/** Enters a channel on a device. */
function enter(peer: Peer, channel: string, device = 'd'): Promise<ReplyData<'voice.join'>> {
  return peer.ask('voice.join', { channel, device, muted: false, deafened: false })
}

/** Enters a channel to talk. */
async function talk(peer: Peer, channel: string): Promise<{ member: string; track: number }> {
  const { member } = await enter(peer, channel)
  const { track } = await peer.ask('track.publish', { key: 'microphone', format: OPUS, to: { channel } })
  return { member, track }
}

/** How many of some frames of a track a listener gets. */
async function heard(speaker: Peer, track: number, listener: Peer): Promise<number> {
  const before = listener.framesOf(track).length
  for (let seq = 0; seq < 3; seq++) speaker.sendBinary(sound(track, seq))
  await speaker.settle()
  for (let turn = 0; turn < 2; turn++) await listener.settle()
  return listener.framesOf(track).length - before
}

interface VoiceScene {
  readonly owner: Peer
  /** Of a member of the server, and their user. */
  readonly peer: Peer
  readonly user: string
  readonly token: string
  /** Two voice channels. */
  readonly channel: string
  readonly other: string
}

async function withScene(context: ServerContext, use: (scene: VoiceScene) => Promise<void>): Promise<void> {
  const owner = await context.signInOwner()
  const { peer, account } = await context.register()
  await withChannel({ context, owner }, { kind: 'voice' }, async ({ id: channel }) => {
    await withChannel({ context, owner }, { kind: 'voice' }, async ({ id: other }) => {
      await use({ owner, peer, user: account.id, token: account.token, channel, other })
    })
  })
}

/** Who is silenced, made deaf and moved in voice. */
export const voiceModerationCases: readonly ServerCase[] = [
  serverCase(
    'VOICE-8.muted',
    'nothing of who was silenced is relayed, whatever they declare',
    VOICE,
    async (context) => {
      await withScene(context, async ({ owner, peer, user, channel }) => {
        await enter(owner, channel)
        const { member, track } = await talk(peer, channel)
        checkEqual(await heard(peer, track, owner), 3, 'frames before')
        await owner.ask('voice.moderate', { channel, user, muted: true })
        for (const one of [owner, peer]) {
          await one.event('voice.changed', (data) => data.member.member === member && data.member.serverMuted === true)
        }
        await peer.ask('voice.update', { channel, muted: false, deafened: false })
        checkEqual(await heard(peer, track, owner), 0, 'frames of who was silenced')
        await owner.ask('voice.moderate', { channel, user, deafened: true })
        checkEqual(await heard(peer, track, owner), 0, 'frames of who was silenced, and made deaf besides')
        await owner.ask('voice.moderate', { channel, user, muted: false })
        checkEqual(await heard(peer, track, owner), 3, 'frames when it was taken back')
        const { members } = await enter(peer, channel)
        const own = members.find((one) => one.member === member)
        checkEqual([own?.serverMuted, own?.serverDeafened], [undefined, true], 'what is left')
      })
    },
  ),
  serverCase('VOICE-8.deafened', 'who was made deaf gets no audio, whatever they declare', VOICE, async (context) => {
    await withScene(context, async ({ owner, peer, user, channel }) => {
      const { track } = await talk(owner, channel)
      await enter(peer, channel)
      await owner.ask('voice.moderate', { channel, user, deafened: true })
      await peer.ask('voice.update', { channel, muted: false, deafened: false })
      checkEqual(await heard(owner, track, peer), 0, 'frames for who was made deaf')
      await owner.ask('voice.moderate', { channel, user, deafened: false })
      checkEqual(await heard(owner, track, peer), 3, 'frames when it was taken back')
    })
  }),
  serverCase('VOICE-8.user', 'it is the user’s, who comes and goes on any device', VOICE, async (context) => {
    await withScene(context, async ({ owner, peer, user, token, channel }) => {
      await owner.refused('voice.moderate', { channel, user }, 'bad_request', 'of neither')
      await owner.refused('voice.moderate', { channel, user: 'nobody', muted: true }, 'not_found', 'of nobody')
      const ofText = { channel: context.text.id, user, muted: true }
      await owner.refused('voice.moderate', ofText, 'forbidden', 'of a text channel')
      await owner.ask('voice.moderate', { channel, user, muted: true })
      const second = await context.withToken(token)
      for (const [one, device] of [
        [peer, 'd'],
        [second, 'e'],
      ] as const) {
        for (let time = 0; time < 2; time++) {
          const { member, members } = await enter(one, channel, device)
          checkHas(
            members.find((seen) => seen.member === member),
            { serverMuted: true, muted: false },
            'the member',
          )
          await one.ask('voice.leave', { channel })
        }
      }
    })
  }),
  serverCase('VOICE-9.move', 'who was moved is in the other channel, and its tracks go on', VOICE, async (context) => {
    await withScene(context, async ({ owner, peer, user, channel, other }) => {
      await enter(owner, channel)
      const above = await context.signIn(1)
      await enter(above, other)
      await owner.ask('voice.moderate', { channel: other, user, deafened: true })
      const { member, track } = await talk(peer, channel)
      await owner.ask('voice.move', { channel, member, to: other })
      const sent = await peer.event('voice.sent')
      checkHas(sent, { from: channel, to: other, member }, 'voice.sent')
      const own = sent.members.find((one) => one.member === member)
      checkHas(
        own,
        { serverDeafened: true, tracks: [{ track, key: 'microphone', format: OPUS }] },
        'the member among the members',
      )
      checkEqual(sent.members.length, 2, 'how many are there')
      await owner.event('voice.left', (data) => data.channel === channel && data.member === member)
      const came = await above.event('voice.changed', (data) => data.member.member === member)
      checkHas(
        came,
        { channel: other, member: { tracks: [{ track, key: 'microphone', format: OPUS }] } },
        'voice.changed',
      )
      checkEqual(await heard(peer, track, above), 3, 'frames for who is there')
      checkEqual(await heard(peer, track, owner), 0, 'frames for who is where it was')
      await peer.refused('voice.update', { channel, muted: true, deafened: false }, 'not_found', 'where it was')
      await peer.ask('voice.update', { channel: other, muted: true, deafened: false })
    })
  }),
  serverCase('VOICE-9.resume', 'a resume that names the channel before finds the place', VOICE, async (context) => {
    await withScene(context, async ({ owner, peer, token, channel, other }) => {
      const { member } = await talk(peer, channel)
      await owner.ask('voice.move', { channel, member, to: other })
      peer.dispose()
      const back = await context.connect()
      const voice = { channel, device: 'd', muted: false, deafened: false, tracks: [] }
      const { voice: resumed } = await back.ask('session.resume', { token, cursors: {}, voice })
      checkHas(resumed, { channel: other, member }, 'the place')
    })
  }),
  serverCase(
    'VOICE-9.where',
    'nobody is moved to where they may not talk, or what is not seen',
    VOICE,
    async (context) => {
      await withScene(context, async ({ owner, peer, user, channel, other }) => {
        const { member } = await enter(peer, channel)
        const data = { channel, member, to: other }
        await owner.refused('voice.move', { ...data, member: 'nobody' }, 'not_found', 'of nobody')
        await owner.refused('voice.move', { ...data, to: context.text.id }, 'forbidden', 'to a text channel')
        await owner.ask('permit.set', { channel: other, user, allow: [], deny: ['talk'] })
        await owner.refused('voice.move', data, 'forbidden', 'to where the user may not talk')
        await owner.ask('permit.set', { channel: other, user, allow: [], deny: [] })
        await withHolder({ context, owner }, { permissions: ['read', 'move'] }, async (holder, { id: role }) => {
          await owner.ask('permit.set', { channel: other, role, allow: [], deny: ['read'] })
          await holder.refused('voice.move', data, 'not_found', 'to where the caller does not see')
          await owner.ask('permit.set', { channel: other, role, allow: [], deny: [] })
          await holder.ask('voice.move', data)
        })
      })
    },
  ),
  serverCase('MOD-3.rank', 'mute and move are needed, and not for who stands as high', VOICE, async (context) => {
    await withScene(context, async ({ owner, peer, user, channel, other }) => {
      const { member } = await enter(peer, channel)
      const silence = { channel, user, muted: true }
      const move = { channel, member, to: other }
      await withHolder({ context, owner }, { permissions: ['read'], rank: MIDDLE }, async (holder, role) => {
        await holder.refused('voice.moderate', silence, 'forbidden', 'without `mute`')
        await holder.refused('voice.move', move, 'forbidden', 'without `move`')
        await owner.ask('role.update', { role: role.id, permissions: ['read', 'talk', 'mute', 'move'] })
        await owner.ask('role.give', { user, role: role.id })
        await holder.refused('voice.moderate', silence, 'forbidden', 'of who stands as high')
        await holder.refused('voice.move', move, 'forbidden', 'of who stands as high')
        await owner.ask('role.give', { user, role: 'member' })
        await holder.ask('voice.moderate', silence)
        await holder.ask('voice.move', move)
      })
    })
  }),
  serverCase('AUDIT-1.voice', 'who was silenced and moved is recorded', VOICE, async (context) => {
    await withScene(context, async ({ owner, peer, user, channel, other }) => {
      const { member } = await enter(peer, channel)
      await owner.ask('voice.moderate', { channel, user, muted: true })
      await owner.ask('voice.move', { channel, member, to: other })
      const { entries } = await owner.ask('audit.list', { limit: 20 })
      checkEqual(
        entries.filter(({ target }) => target === user).map(({ action, detail }) => [action, detail?.['channel']]),
        [
          ['voice.move', channel],
          ['voice.moderate', channel],
        ],
        'what was done to the user',
      )
    })
  }),
]
