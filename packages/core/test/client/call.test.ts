import { expect, test } from 'vitest'
import type { Call } from '../../src/client/voice/call.ts'
import type { Speaker } from '../../src/client/voice/speaker.ts'
import { MediaFlag } from '../../src/codec/media-header.ts'
import { FakeSink } from './fake-sink.ts'
import { audioFrame } from './media-frames.ts'
import { settle } from './settle.ts'
import { reconnect, signedInClient } from './signed-in-client.ts'
import type { TestClient } from './test-client.ts'
import { memberNamed, SIGNED_IN, TOKEN, trackNumbered } from './wire-data.ts'

/** Mei and ben in the lounge; ben's microphone is track 9. */
async function callWithBen(options: Parameters<typeof signedInClient>[0] = {}): Promise<TestClient & { call: Call }> {
  const made = await signedInClient(options)
  const call = await made.client.voice.join('lounge')
  const track = { channel: 'lounge', member: 'm-ben', track: trackNumbered(9) }
  made.peer.connection.send({ type: 'track.published', data: track })
  return { ...made, call }
}

/** The speakers that there are now. */
async function takeSpeakers(call: Call): Promise<Speaker[]> {
  const speakers: Speaker[] = []
  void (async () => {
    for await (const speaker of call.speakers()) speakers.push(speaker)
  })()
  await settle()
  return speakers
}

test('[VOICE-1] a join gives everybody in the channel, and who of them this client is', async () => {
  const { client, peer } = await signedInClient()
  const call = await client.voice.join('lounge', { deafened: true })
  expect(peer.asked('voice.join')).toEqual([
    { channel: 'lounge', device: 'device-of-mei', muted: false, deafened: true },
  ])
  expect([...call.members].map(([id, { user }]) => [id, user.name])).toEqual([
    ['m-mei', 'mei'],
    ['m-ben', 'ben'],
  ])
  expect(call.self?.user.name).toBe('mei')
  expect([call.channel, call.muted, call.deafened]).toEqual(['lounge', false, true])
  expect(client.voice.call).toBe(call)
})

test('[VOICE-1][VOICE-5] members come, change and go', async () => {
  const { peer, call } = await callWithBen()
  const told: string[] = []
  call.on('joined', ({ member }) => told.push(`joined ${member.user.name}`))
  call.on('changed', ({ member }) => told.push(`changed ${member.user.name} ${member.muted} ${member.deafened}`))
  call.on('left', ({ member }) => told.push(`left ${member.user.name}`))
  const changed = (member: object): void =>
    peer.connection.send({ type: 'voice.changed', data: { channel: 'lounge', member } })
  changed(memberNamed('zoe', { muted: true }))
  changed(memberNamed('ben', { muted: true, deafened: true }))
  peer.connection.send({ type: 'voice.left', data: { channel: 'lounge', member: 'm-zoe' } })
  peer.connection.send({ type: 'voice.left', data: { channel: 'lounge', member: 'm-zoe' } })
  expect(told).toEqual(['joined zoe', 'changed ben true true', 'left zoe'])
  expect([...call.members.keys()]).toEqual(['m-mei', 'm-ben'])
})

test('[VOICE-1][TRACK-2] what comes in one write with the reply to the join is not lost', async () => {
  const { client, peer } = await signedInClient({ answers: { 'voice.join': () => undefined } })
  const joined = client.voice.join('lounge')
  await settle()
  peer.reply('voice.join', { channel: 'lounge', member: 'm-mei', members: [memberNamed('mei'), memberNamed('ben')] })
  const published = { channel: 'lounge', member: 'm-ben', track: trackNumbered(9) }
  peer.connection.send({ type: 'track.published', data: published })
  peer.connection.send({ type: 'voice.changed', data: { channel: 'lounge', member: memberNamed('zoe') } })
  const call = await joined
  expect([...call.members.keys()]).toEqual(['m-mei', 'm-ben', 'm-zoe'])
  const [speaker] = await takeSpeakers(call)
  expect(speaker?.track).toEqual(trackNumbered(9))
})

test('[RES-4] what comes in one write with the reply to the resume is not lost', async () => {
  const { client, peer, clock, call } = await callWithBen({ answers: { 'session.resume': () => undefined } })
  peer.connection.close(1006)
  clock.advance(500)
  await settle()
  const members = [memberNamed('mei'), memberNamed('ben')]
  const voice = { channel: 'lounge', member: 'm-mei', members, tracks: {} }
  peer.reply('session.resume', { ...SIGNED_IN, channels: {}, voice })
  peer.connection.send({ type: 'voice.changed', data: { channel: 'lounge', member: memberNamed('zoe') } })
  const published = { channel: 'lounge', member: 'm-zoe', track: trackNumbered(21) }
  peer.connection.send({ type: 'track.published', data: published })
  await settle()
  expect(client.voice.call).toBe(call)
  expect([...call.members.keys()]).toEqual(['m-mei', 'm-ben', 'm-zoe'])
  const [speaker] = await takeSpeakers(call)
  expect(speaker?.track).toEqual(trackNumbered(21))
})

test('what happens in another voice channel is not of this call', async () => {
  const { peer, call } = await callWithBen()
  const told: unknown[] = []
  for (const name of ['joined', 'changed', 'left'] as const) call.on(name, ({ member }) => told.push(member.id))
  const elsewhere = { channel: 'kitchen', member: memberNamed('zoe') }
  peer.connection.send({ type: 'voice.changed', data: elsewhere })
  peer.connection.send({ type: 'voice.left', data: { channel: 'kitchen', member: 'm-ben' } })
  expect(told).toEqual([])
})

test('a member speaks with the first loud frame, and stops 200 ms after the last', async () => {
  const { peer, clock, call } = await callWithBen()
  const told: [string, boolean, number][] = []
  call.on('speaking', ({ member, speaking }) => told.push([member.user.name, speaking, clock.now()]))
  peer.connection.sendBinary(audioFrame({ track: 9, level: 80 }))
  expect(call.members.get('m-ben')?.speaking).toBe(false)
  peer.connection.sendBinary(audioFrame({ track: 9, seq: 1, level: 20 }))
  expect(call.members.get('m-ben')).toMatchObject({ speaking: true, level: 20 })
  clock.advance(200)
  expect(told).toEqual([
    ['ben', true, 0],
    ['ben', false, 200],
  ])
})

test('a member stops speaking with the end of a talk spurt, with a mute and with leaving', async () => {
  const { peer, clock, call } = await callWithBen()
  const told: [boolean, number][] = []
  call.on('speaking', ({ speaking }) => told.push([speaking, clock.now()]))
  const loud = (seq: number, flags = 0): void =>
    peer.connection.sendBinary(audioFrame({ track: 9, seq, flags, level: 10 }))
  loud(0)
  clock.advance(20)
  loud(1, MediaFlag.talkSpurtEnd)
  clock.advance(20)
  loud(2)
  clock.advance(20)
  const muted = memberNamed('ben', { muted: true, tracks: [trackNumbered(9)] })
  peer.connection.send({ type: 'voice.changed', data: { channel: 'lounge', member: muted } })
  clock.advance(20)
  loud(3)
  clock.advance(20)
  peer.connection.send({ type: 'voice.left', data: { channel: 'lounge', member: 'm-ben' } })
  expect(told).toEqual([
    [true, 0],
    [false, 20],
    [true, 40],
    [false, 60],
    [true, 80],
    [false, 100],
  ])
})

test('[TRACK-2] a track is a speaker: told once, given to those who iterate, old and new', async () => {
  const { peer, call } = await callWithBen()
  const told: string[] = []
  call.on('speaker', ({ member, track }) => told.push(`${member.user.name} ${track.key}`))
  const seen: string[] = []
  const iterating = (async () => {
    for await (const { member, track } of call.speakers()) seen.push(`${member.user.name} ${track.key}`)
    seen.push('end')
  })()
  const published = { channel: 'lounge', member: 'm-ben', track: trackNumbered(10, 'playback-1') }
  peer.connection.send({ type: 'track.published', data: published })
  peer.connection.send({ type: 'track.published', data: published })
  await settle()
  expect(told).toEqual(['ben playback-1'])
  expect(seen).toEqual(['ben microphone', 'ben playback-1'])
  await call.leave()
  await iterating
  expect(seen).toEqual(['ben microphone', 'ben playback-1', 'end'])
})

test('the speakers of a call that is over end at once', async () => {
  const { call } = await callWithBen()
  await call.leave()
  const seen: Speaker[] = []
  for await (const speaker of call.speakers()) seen.push(speaker)
  expect(seen).toEqual([])
})

test('members that come with tracks have speakers, this client itself has none', async () => {
  const members = [
    memberNamed('mei', { tracks: [trackNumbered(7)] }),
    memberNamed('ben', { tracks: [trackNumbered(9), trackNumbered(10, 'playback-1')] }),
  ]
  const { client } = await signedInClient({
    answers: { 'voice.join': ({ channel }) => ({ channel, member: 'm-mei', members }) },
  })
  const call = await client.voice.join('lounge')
  const seen: number[] = []
  void (async () => {
    for await (const { track } of call.speakers()) seen.push(track.track)
  })()
  await settle()
  expect(seen).toEqual([9, 10])
})

test('what a member says goes to the runtime’s output, and stops with the track', async () => {
  const sinks: [string, FakeSink][] = []
  const output = ({ member, track }: Speaker): FakeSink => {
    const sink = new FakeSink()
    sinks.push([`${member.user.name} ${track.key}`, sink])
    return sink
  }
  const { peer } = await callWithBen({ runtime: { output } })
  await settle()
  peer.connection.sendBinary(audioFrame({ track: 9, timestamp: 5_000 }, 33))
  peer.connection.send({ type: 'track.unpublished', data: { channel: 'lounge', member: 'm-ben', track: 9 } })
  peer.connection.sendBinary(audioFrame({ track: 9, seq: 1, timestamp: 25_000 }, 34))
  await settle()
  expect(sinks.map(([name, { played, closed }]) => [name, played, closed])).toEqual([
    ['ben microphone', [[33, 5_000]], 1],
  ])
})

test('[VOICE-4] a deafened client hears nobody until it undeafens', async () => {
  const sink = new FakeSink()
  const { peer, call } = await callWithBen({ runtime: { output: () => sink } })
  await settle()
  call.deafen()
  peer.connection.sendBinary(audioFrame({ track: 9, level: 0 }, 1))
  expect(call.members.get('m-ben')?.speaking).toBe(false)
  call.undeafen()
  peer.connection.sendBinary(audioFrame({ track: 9, seq: 1 }, 2))
  expect(sink.played).toEqual([[2, 0]])
})

test('a frame of a track that nobody published is not heard, and hurts nobody', async () => {
  const sink = new FakeSink()
  const { peer, faults } = await callWithBen({ runtime: { output: () => sink } })
  await settle()
  peer.connection.sendBinary(audioFrame({ track: 4_711, level: 0 }))
  expect(sink.played).toEqual([])
  expect(faults).toEqual([])
})

test('a member’s volume goes to all that plays them, now and later, and never below 0', async () => {
  const sinks: FakeSink[] = []
  const output = (): FakeSink => {
    const sink = new FakeSink()
    sinks.push(sink)
    return sink
  }
  const { peer, call } = await callWithBen({ runtime: { output } })
  await settle()
  const ben = call.members.get('m-ben')
  expect(ben?.volume).toBe(1)
  ben?.setVolume(0.25)
  ben?.setVolume(-3)
  expect(ben?.volume).toBe(0)
  ben?.setVolume(2)
  const published = { channel: 'lounge', member: 'm-ben', track: trackNumbered(10, 'playback-1') }
  peer.connection.send({ type: 'track.published', data: published })
  await settle()
  expect(sinks.map(({ volumes }) => volumes)).toEqual([[1, 0.25, 0, 2], [2]])
})

test('a codec that cannot decode is told, and the call goes on', async () => {
  const sink = new FakeSink()
  const broken = new Error('no decoder')
  const runtime = { output: () => sink, audioCodec: () => Promise.reject(broken) }
  const { client, peer } = await signedInClient({ runtime })
  const call = await client.voice.join('lounge')
  const failed: unknown[] = []
  call.on('failed', (why) => failed.push(why))
  const published = { channel: 'lounge', member: 'm-ben', track: trackNumbered(9) }
  peer.connection.send({ type: 'track.published', data: published })
  await settle()
  expect(failed).toEqual([broken])
  expect(sink.closed).toBe(1)
  expect(client.voice.call).toBe(call)
})

test('[RES-4] after a reconnect the others are heard by their new tracks, into new sinks', async () => {
  const sinks: FakeSink[] = []
  const output = (): FakeSink => {
    const sink = new FakeSink()
    sinks.push(sink)
    return sink
  }
  const made = await callWithBen({ runtime: { output } })
  const { peer } = made
  await settle()
  const members = [memberNamed('mei'), memberNamed('ben', { tracks: [trackNumbered(20)] })]
  const voice = { channel: 'lounge', member: 'm-mei', members, tracks: {} }
  peer.answers['session.resume'] = () => ({ ...SIGNED_IN, channels: {}, voice })
  await reconnect(made)
  expect(sinks.map(({ closed }) => closed)).toEqual([1, 0])
  peer.connection.sendBinary(audioFrame({ track: 9 }, 1))
  peer.connection.sendBinary(audioFrame({ track: 20 }, 2))
  expect(sinks.map(({ played }) => played)).toEqual([[], [[2, 0]]])
})

test('[VOICE-7] a call whose place was taken by another tab is over, the client goes on, and a resume does not claim it back', async () => {
  const made = await signedInClient()
  const { client, peer } = made
  const call = await client.voice.join('lounge')
  const ended: string[] = []
  call.on('ended', ({ reason }) => ended.push(reason))
  peer.connection.send({ type: 'voice.moved', data: { channel: 'lounge', member: 'm-ben' } })
  expect(ended).toEqual([])
  peer.connection.send({ type: 'voice.moved', data: { channel: 'lounge', member: 'm-mei' } })
  await settle()
  expect(ended).toEqual(['moved'])
  expect([client.state.name, client.voice.call]).toEqual(['live', undefined])
  await reconnect(made)
  expect(peer.asked('session.resume')).toEqual([{ token: TOKEN, cursors: {} }])
})

test('[VOICE-6] a member who is reconnecting is shown so, and is silent', async () => {
  const { client, peer } = await signedInClient()
  const call = await client.voice.join('lounge')
  const changes: (boolean | undefined)[] = []
  call.on('changed', ({ member }) => changes.push(member.reconnecting))
  for (const reconnecting of [true, false]) {
    const member = memberNamed('ben', { reconnecting })
    peer.connection.send({ type: 'voice.changed', data: { channel: 'lounge', member } })
  }
  expect(changes).toEqual([true, false])
})

test('[VOICE-5] a client that closes leaves its call first, and does not wait for the word', async () => {
  const { client, peer } = await signedInClient({ answers: { 'voice.leave': () => undefined } })
  await client.voice.join('lounge')
  await client.close()
  expect(peer.types.at(-1)).toBe('voice.leave')
  expect(peer.connection.closedByClient).toMatchObject({ code: 1000 })
})
