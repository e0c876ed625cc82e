import { expect, test } from 'vitest'
import { MediaFlag, MediaKind } from '../../src/codec/media-header.ts'
import { MediaError } from '../../src/errors/media-error.ts'
import { audioLevel } from '../../src/media/level.ts'
import { FakeSource, FRAME_SAMPLES } from './fake-source.ts'
import { answerProbe, mediaSent } from './media-frames.ts'
import { outcomeOf } from './outcome.ts'
import { Refusal } from './refusal.ts'
import { settle } from './settle.ts'
import { reconnect, signedInClient } from './signed-in-client.ts'
import { FORMAT, memberNamed } from './wire-data.ts'

const { talkSpurtStart, discontinuity } = MediaFlag

test('[TRACK-1] a microphone is published to the channel of the call before it is opened', async () => {
  const microphone = new FakeSource()
  const { client, peer } = await signedInClient({ answers: { 'track.publish': () => undefined } })
  const joined = outcomeOf(client.voice.join('lounge', { microphone }))
  await settle()
  expect(peer.asked('track.publish')).toEqual([{ key: 'microphone', format: FORMAT, to: { channel: 'lounge' } }])
  expect(microphone.opened).toBe(0)
  peer.reply('track.publish', { track: 7 })
  await settle()
  expect(joined.status).toBe('fulfilled')
  expect(microphone.opened).toBe(1)
})

test('[TRACK-1][MEDIA-1] frames carry the number of the reply, count from 0 and open a talk spurt', async () => {
  const microphone = new FakeSource()
  const { client, peer, clock } = await signedInClient({ answers: { 'track.publish': () => ({ track: 513 }) } })
  await client.voice.join('lounge', { microphone })
  clock.advance(1_000)
  answerProbe(peer.connection)
  microphone.frame(0.5, 1_000)
  microphone.frame(0.25, 1_020)
  const frame = { kind: MediaKind.audio, track: 513 }
  expect(mediaSent(peer.connection)).toEqual([
    { ...frame, flags: talkSpurtStart, seq: 0, level: 6, timestamp: 1_000_000, payload: [50] },
    { ...frame, flags: 0, seq: 1, level: 12, timestamp: 1_020_000, payload: [25] },
  ])
})

test('a frame carries the level of its own samples, though the encoder hands it out later', async () => {
  const microphone = new FakeSource()
  const { client, peer, codec } = await signedInClient()
  codec.holds = true
  await client.voice.join('lounge', { microphone })
  const values = [1, 0.5, 0.01]
  values.forEach((value, index) => void microphone.frame(value, index * 20))
  expect(mediaSent(peer.connection)).toEqual([])
  codec.release()
  const levels = values.map((value) => audioLevel(new Float32Array(FRAME_SAMPLES).fill(value)))
  expect(levels).toEqual([0, 6, 40])
  expect(mediaSent(peer.connection).map(({ level, payload }) => [level, payload[0]])).toEqual([
    [0, 100],
    [6, 50],
    [40, 1],
  ])
})

test('[MEDIA-4] chunks of any size become frames of 20 ms, stamped where their first sample was taken', async () => {
  const microphone = new FakeSource()
  const { client, peer } = await signedInClient()
  await client.voice.join('lounge', { microphone })
  for (let chunk = 0; chunk < 15; chunk++) microphone.samples(128, 0.1, 500 + (chunk * 128) / 48)
  const sent = mediaSent(peer.connection).map(({ timestamp, flags }) => [timestamp, flags & discontinuity])
  expect(sent).toEqual([
    [500_000, 0],
    [520_000, 0],
  ])
})

test('[MEDIA-4] a device that lost 50 ms moves the timestamps, with the discontinuity flag, once', async () => {
  const microphone = new FakeSource()
  const { client, peer } = await signedInClient()
  await client.voice.join('lounge', { microphone })
  for (const at of [0, 20, 90, 110]) microphone.frame(0.1, at)
  const sent = mediaSent(peer.connection).map(({ timestamp, flags }) => [timestamp, flags & discontinuity])
  expect(sent).toEqual([
    [0, 0],
    [20_000, 0],
    [90_000, discontinuity],
    [110_000, 0],
  ])
})

test('[MEDIA-4] an anchor that moved while muted is told by the first frame after it', async () => {
  const microphone = new FakeSource()
  const { client, peer } = await signedInClient()
  const call = await client.voice.join('lounge', { microphone })
  microphone.frame(0.1, 0)
  call.mute()
  microphone.frame(0.1, 75)
  call.unmute()
  microphone.frame(0.1, 95)
  const sent = mediaSent(peer.connection).map(({ timestamp, flags }) => [timestamp, flags & discontinuity])
  expect(sent).toEqual([
    [0, 0],
    [95_000, discontinuity],
  ])
})

test('[MEDIA-5] a muted client sends no frame, and after it a talk spurt starts', async () => {
  const microphone = new FakeSource()
  const { client, peer } = await signedInClient()
  const call = await client.voice.join('lounge', { microphone })
  microphone.frame(0.1, 0)
  call.mute()
  for (const at of [20, 40, 60]) microphone.frame(0.2, at)
  expect(mediaSent(peer.connection)).toHaveLength(1)
  call.unmute()
  microphone.frame(0.3, 80)
  microphone.frame(0.3, 100)
  expect(mediaSent(peer.connection).map(({ seq, flags, timestamp }) => [seq, flags, timestamp])).toEqual([
    [0, talkSpurtStart, 0],
    [1, talkSpurtStart, 80_000],
    [2, 0, 100_000],
  ])
})

test('[MEDIA-5] what the encoder still holds does not leave after a mute', async () => {
  const microphone = new FakeSource()
  const { client, peer, codec } = await signedInClient()
  codec.holds = true
  const call = await client.voice.join('lounge', { microphone })
  microphone.frame(0.1, 0)
  call.mute()
  codec.release()
  expect(mediaSent(peer.connection)).toEqual([])
  call.unmute()
  microphone.frame(0.2, 20)
  codec.release()
  expect(mediaSent(peer.connection).map(({ payload, timestamp }) => [payload[0], timestamp])).toEqual([[20, 20_000]])
})

test('[MEDIA-5] what waits at the gate does not leave after a mute', async () => {
  const microphone = new FakeSource()
  const { client, peer, clock } = await signedInClient()
  const call = await client.voice.join('lounge', { microphone })
  clock.advance(40)
  answerProbe(peer.connection)
  clock.advance(10)
  microphone.frame(0.1, 50) // a probe leaves with it
  clock.advance(141)
  microphone.frame(0.2, 191) // kept: the probe waits 141 ms
  expect(mediaSent(peer.connection).map(({ payload }) => payload[0])).toEqual([10])
  call.mute()
  answerProbe(peer.connection)
  expect(mediaSent(peer.connection).map(({ payload }) => payload[0])).toEqual([10])
})

test('[MEDIA-5] a microphone of a call that was entered muted sends nothing, even while it opens', async () => {
  const microphone = new FakeSource((consumer) => consumer.samples(new Float32Array(FRAME_SAMPLES).fill(0.5), 0))
  const { client, peer } = await signedInClient()
  const call = await client.voice.join('lounge', { microphone, muted: true })
  microphone.frame(0.5, 20)
  expect(peer.asked('voice.join')).toEqual([
    { channel: 'lounge', device: 'device-of-mei', muted: true, deafened: false },
  ])
  expect(mediaSent(peer.connection)).toEqual([])
  call.unmute()
  microphone.frame(0.5, 40)
  expect(mediaSent(peer.connection)).toHaveLength(1)
})

test('[VOICE-4] mute and deafen are told to the others', async () => {
  const { client, peer } = await signedInClient()
  const call = await client.voice.join('lounge')
  call.mute()
  call.deafen()
  call.unmute()
  call.undeafen()
  await settle()
  expect(peer.asked('voice.update')).toEqual([
    { channel: 'lounge', muted: true, deafened: false },
    { channel: 'lounge', muted: true, deafened: true },
    { channel: 'lounge', muted: false, deafened: true },
    { channel: 'lounge', muted: false, deafened: false },
  ])
  expect([call.muted, call.deafened]).toEqual([false, false])
})

test('[VOICE-4] a mute while away is declared by the resume', async () => {
  const made = await signedInClient()
  const call = await made.client.voice.join('lounge')
  made.peer.connection.close(1006)
  await settle()
  call.mute()
  made.clock.advance(500)
  await settle()
  expect(made.peer.asked('session.resume')[0]?.voice).toMatchObject({ muted: true, deafened: false })
  expect(made.peer.types).toEqual(['session.resume'])
})

test('[VOICE-4] a mute while the resume is under way reaches the server', async () => {
  const made = await signedInClient()
  const { client, peer, clock } = made
  const call = await client.voice.join('lounge')
  const yes = peer.answers['session.resume']
  peer.answers['session.resume'] = () => undefined
  peer.connection.close(1006)
  clock.advance(500)
  await settle()
  const [declared] = peer.asked('session.resume')
  expect(declared?.voice?.muted).toBe(false)
  call.mute()
  const reply = declared && yes?.(declared)
  if (reply && !(reply instanceof Refusal)) peer.reply('session.resume', reply)
  await settle()
  expect(client.state.name).toBe('live')
  expect(peer.asked('voice.update')).toEqual([{ channel: 'lounge', muted: true, deafened: false }])
})

test('[RES-4] a microphone goes on after a reconnect with its new number, and sends nothing meanwhile', async () => {
  const microphone = new FakeSource()
  const made = await signedInClient()
  await made.client.voice.join('lounge', { microphone })
  microphone.frame(0.1, 0)
  const [old] = made.peer.connections
  made.peer.connection.close(1006)
  await settle()
  microphone.frame(0.2, 20)
  made.clock.advance(500)
  await settle()
  microphone.frame(0.3, 520)
  expect(microphone.opened).toBe(1)
  expect(old && mediaSent(old).map(({ track, payload }) => [track, payload[0]])).toEqual([[7, 10]])
  const sent = mediaSent(made.peer.connection).map(({ track, payload }) => [track, payload[0]])
  expect(sent).toEqual([[101, 30]])
})

test('[RES-4][MEDIA-1] a track that is published again counts its frames from 0 and opens a talk spurt', async () => {
  const microphone = new FakeSource()
  const made = await signedInClient()
  await made.client.voice.join('lounge', { microphone })
  for (const at of [0, 20, 40]) microphone.frame(0.1, at)
  await reconnect(made)
  microphone.frame(0.1, 540)
  microphone.frame(0.1, 560)
  const sent = mediaSent(made.peer.connection)
  expect(sent.map(({ seq, flags }) => [seq, flags & talkSpurtStart])).toEqual([
    [0, talkSpurtStart],
    [1, 0],
  ])
})

test('[RES-4] a mute outlives a reconnect', async () => {
  const microphone = new FakeSource()
  const made = await signedInClient()
  const call = await made.client.voice.join('lounge', { microphone })
  call.mute()
  await reconnect(made)
  microphone.frame(0.1, 540)
  expect(mediaSent(made.peer.connection)).toEqual([])
})

test('[TRACK-4] a second microphone takes the place of the first, which is released', async () => {
  const first = new FakeSource()
  const second = new FakeSource()
  const { client, peer } = await signedInClient()
  const call = await client.voice.join('lounge', { microphone: first })
  peer.answers['track.publish'] = () => ({ track: 8 })
  await call.speak(second)
  first.frame(0.1, 0)
  second.frame(0.2, 0)
  expect(first.closed).toBe(1)
  expect(mediaSent(peer.connection).map(({ track, payload }) => [track, payload[0]])).toEqual([[8, 20]])
})

test('a microphone that does not open is told, and the call is left', async () => {
  const refused = new MediaError('permission-denied', 'allow the microphone in the page’s settings')
  const microphone = new FakeSource(() => {
    throw refused
  })
  const { client, peer, codec } = await signedInClient()
  await expect(client.voice.join('lounge', { microphone })).rejects.toBe(refused)
  await settle()
  expect(peer.types).toEqual(['auth.login', 'voice.join', 'track.publish', 'track.unpublish', 'voice.leave'])
  expect(client.voice.call).toBeUndefined()
  expect(codec.encoders.map(({ closed }) => closed)).toEqual([true])
})

test('a microphone whose publishing is answered after the call was left is not opened, or is closed', async () => {
  const microphone = new FakeSource()
  const { client, peer } = await signedInClient({ answers: { 'track.publish': () => undefined } })
  const call = await client.voice.join('lounge')
  void outcomeOf(call.speak(microphone))
  await settle()
  await call.leave()
  peer.reply('track.publish', { track: 7 })
  await settle()
  expect(microphone.opened === 0 || microphone.closed === 1).toBe(true)
})

test('a device that is gone is told, and the call goes on', async () => {
  const microphone = new FakeSource()
  const { client } = await signedInClient()
  const call = await client.voice.join('lounge', { microphone })
  const failed: unknown[] = []
  call.on('failed', (why) => failed.push(why))
  const gone = new MediaError('not-found', 'the microphone was unplugged')
  microphone.end(gone)
  expect(failed).toEqual([gone])
  expect(client.voice.call).toBe(call)
})

test('[VOICE-5] leaving closes the microphone and its encoder, then tells the server', async () => {
  const microphone = new FakeSource()
  const { client, peer, codec } = await signedInClient()
  const call = await client.voice.join('lounge', { microphone })
  await call.leave()
  await call.leave()
  expect(microphone.closed).toBe(1)
  expect(codec.encoders.map(({ closed }) => closed)).toEqual([true])
  expect(peer.asked('voice.leave')).toEqual([{ channel: 'lounge' }])
  microphone.frame(0.1, 0)
  expect(mediaSent(peer.connection)).toEqual([])
})

test('[VOICE-2] joining another channel leaves the first', async () => {
  const microphone = new FakeSource()
  const { client, peer } = await signedInClient({
    answers: { 'voice.join': ({ channel }) => ({ channel, member: 'm-mei', members: [memberNamed('mei')] }) },
  })
  await client.voice.join('lounge', { microphone })
  const second = await client.voice.join('kitchen')
  expect(client.voice.call).toBe(second)
  expect(microphone.closed).toBe(1)
  const voice = peer.types.filter((type) => type.startsWith('voice.'))
  expect(voice).toEqual(['voice.join', 'voice.leave', 'voice.join'])
})

test('[VOICE-3] a join that is refused rejects with the refusal of the join', async () => {
  const { client } = await signedInClient({
    answers: {
      'voice.join': () => new Refusal('forbidden'),
      'voice.leave': () => new Refusal('not_found'),
    },
  })
  await expect(client.voice.join('general')).rejects.toMatchObject({ reason: 'failed', code: 'forbidden' })
  expect(client.voice.call).toBeUndefined()
})
