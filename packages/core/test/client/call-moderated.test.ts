import { expect, test } from 'vitest'
import { FakeSource } from './fake-source.ts'
import { answerProbe, mediaSent } from './media-frames.ts'
import { Refusal } from './refusal.ts'
import { settle } from './settle.ts'
import { reconnect, signedInClient } from './signed-in-client.ts'
import { memberNamed, SIGNED_IN, trackNumbered } from './wire-data.ts'

const zoe = memberNamed('zoe', { tracks: [trackNumbered(21)] })
const sent = (change: object = {}) => ({
  type: 'voice.sent',
  data: { from: 'lounge', to: 'attic', member: 'm-mei', members: [memberNamed('mei'), zoe], ...change },
})
const own = (change: object) => ({
  type: 'voice.changed',
  data: { channel: 'lounge', member: memberNamed('mei', change) },
})

test('[VOICE-8] a silenced client says so, and sends nothing until it may again', async () => {
  const microphone = new FakeSource()
  const { client, peer, clock } = await signedInClient({ answers: { 'track.publish': () => ({ track: 7 }) } })
  const call = await client.voice.join('lounge', { microphone })
  const told: object[] = []
  call.on('moderated', (state) => told.push(state))
  clock.advance(1_000)
  answerProbe(peer.connection)
  peer.connection.send(own({ serverMuted: true }))
  microphone.frame(0.5, 1_000)
  expect(mediaSent(peer.connection)).toEqual([])
  expect([call.serverMuted, call.serverDeafened, call.muted, call.self?.serverMuted]).toEqual([
    true,
    false,
    false,
    true,
  ])
  call.mute()
  peer.connection.send(own({ muted: true }))
  microphone.frame(0.5, 1_020)
  expect(mediaSent(peer.connection)).toEqual([])
  call.unmute()
  peer.connection.send(own({ muted: false }))
  microphone.frame(0.5, 1_040)
  expect(mediaSent(peer.connection)).toHaveLength(1)
  peer.connection.send(own({ serverDeafened: true }))
  expect(call.serverDeafened).toBe(true)
  expect(told).toEqual([
    { serverMuted: true, serverDeafened: false },
    { serverMuted: false, serverDeafened: false },
    { serverMuted: false, serverDeafened: true },
  ])
})

test('[VOICE-9] a call goes on in the channel that it was moved to, with its tracks', async () => {
  const microphone = new FakeSource()
  const { client, peer, clock } = await signedInClient({ answers: { 'track.publish': () => ({ track: 7 }) } })
  const call = await client.voice.join('lounge', { microphone })
  const told: unknown[] = []
  call.on('moved', (move) => told.push(move))
  call.on('ended', (end) => told.push(end))
  peer.connection.send(sent())
  expect(told).toEqual([{ from: 'lounge', to: 'attic' }])
  expect([call.channel, client.voice.call === call]).toEqual(['attic', true])
  expect([...call.members.keys()]).toEqual(['m-mei', 'm-zoe'])
  clock.advance(1_000)
  answerProbe(peer.connection)
  microphone.frame(0.5, 1_000)
  expect(mediaSent(peer.connection)).toMatchObject([{ track: 7 }])
  // What comes late of the channel before is not of this call.
  peer.connection.send({ type: 'voice.left', data: { channel: 'lounge', member: 'm-zoe' } })
  peer.connection.send({ type: 'voice.left', data: { channel: 'attic', member: 'm-zoe' } })
  expect([...call.members.keys()]).toEqual(['m-mei'])
  await call.leave()
  expect(peer.asked('voice.leave')).toEqual([{ channel: 'attic' }])
})

test('[VOICE-9] what was said of the channel before is said again of the one where the call is', async () => {
  const { client, peer } = await signedInClient({
    answers: { 'voice.update': ({ channel }) => (channel === 'lounge' ? new Refusal('not_found') : {}) },
  })
  const call = await client.voice.join('lounge')
  const failures: unknown[] = []
  call.on('failed', (error) => failures.push(error))
  call.mute()
  peer.connection.send(sent())
  await settle()
  expect(peer.asked('voice.update').at(-1)).toEqual({ channel: 'attic', muted: true, deafened: false })
  expect(failures).toEqual([])
})

test('[VOICE-9] whoever has hung up meanwhile leaves the other channel, too', async () => {
  const { client, peer } = await signedInClient()
  const call = await client.voice.join('lounge')
  await call.leave()
  peer.connection.send(sent())
  await settle()
  expect(peer.asked('voice.leave')).toEqual([{ channel: 'lounge' }, { channel: 'attic' }])
  expect(client.voice.call).toBeUndefined()
})

test('[VOICE-9] a call that was moved while it was away is where the resume says', async () => {
  const voice = { channel: 'attic', member: 'm-mei', members: [memberNamed('mei'), zoe], tracks: {} }
  const answers = { 'session.resume': () => ({ ...SIGNED_IN, channels: {}, voice }) }
  const made = await signedInClient({ answers })
  const call = await made.client.voice.join('lounge')
  const moves: unknown[] = []
  call.on('moved', (move) => moves.push(move))
  await reconnect(made)
  expect([call.channel, moves]).toEqual(['attic', [{ from: 'lounge', to: 'attic' }]])
})
