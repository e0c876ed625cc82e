import { readSeq, readTrack } from '@arclight/core/codec'
import { expect, test } from 'vitest'
import { mediaFrame, OPUS } from '../media-frame.ts'
import { again, idOf, outcome, quiet } from '../owned-server.ts'
import { type Crew, startCrew } from '../roles/crew.ts'
import { enter, talk } from '../voice.ts'

const lounge = { channel: 'lounge' }

/** Another voice channel; its id. */
async function makeAttic({ owner }: Crew): Promise<string> {
  return (await owner.ask('channel.create', { kind: 'voice', name: 'attic' })).channel.id
}

test('[VOICE-9] who was moved is in the other channel with the same tracks, and everybody is told', async () => {
  await using crew = await startCrew()
  const { moderator, owner, admin, member } = crew
  const attic = await makeAttic(crew)
  await enter(owner)
  const above = await admin.ask('voice.join', { channel: attic, device: 'd', muted: false, deafened: false })
  const { member: place, track } = await talk(member)
  await quiet(member)
  expect(await moderator.ask('voice.move', { ...lounge, member: place, to: attic })).toEqual({})
  const sent = await member.event('voice.sent')
  const summary = {
    member: place,
    user: { id: idOf(member), name: 'mei' },
    muted: false,
    deafened: false,
    reconnecting: false,
    tracks: [{ track, key: 'microphone', format: OPUS }],
  }
  expect(sent).toEqual({
    from: 'lounge',
    to: attic,
    member: place,
    members: [expect.objectContaining({ member: above.member }), summary],
  })
  expect(await owner.event('voice.left')).toEqual({ channel: 'lounge', member: place })
  expect(await admin.event('voice.changed')).toEqual({ channel: attic, member: summary })
  for (const seq of [0, 1]) member.sendBinary(mediaFrame({ track, seq }))
  for (const client of [member, owner, admin, admin]) await client.settle()
  expect(owner.frames.all).toEqual([])
  expect(admin.frames.all.map((frame) => [readTrack(frame), readSeq(frame)])).toEqual([
    [track, 0],
    [track, 1],
  ])
  expect(await outcome(member, 'voice.update', { ...lounge, muted: true, deafened: false })).toBe('not_found')
  expect(await outcome(member, 'voice.update', { channel: attic, muted: true, deafened: false })).toBe('ok')
  await member.ask('track.unpublish', { track })
  await admin.event('track.unpublished')
})

test('[VOICE-9] those there learn of the member before its first frame', async () => {
  await using crew = await startCrew()
  const { moderator, admin, member } = crew
  const attic = await makeAttic(crew)
  await admin.ask('voice.join', { channel: attic, device: 'd', muted: false, deafened: false })
  const { member: place, track } = await talk(member)
  const before = admin.received.length
  const moved = moderator.ask('voice.move', { ...lounge, member: place, to: attic })
  for (let seq = 0; seq < 200; seq++) {
    member.sendBinary(mediaFrame({ track, seq }))
    await member.settle()
    if (admin.frames.all.length > 0) break
  }
  await moved
  await quiet(admin)
  const [first] = admin.received.slice(before).filter((one) => !('type' in one) || one['type'] === 'voice.changed')
  expect(first).toMatchObject({ type: 'voice.changed' })
})

test('[VOICE-9] nobody is sent where they may not talk, or by whoever does not see it', async () => {
  await using crew = await startCrew()
  const { moderator, owner, member } = crew
  const attic = await makeAttic(crew)
  const place = await enter(member)
  const move = (data: object) => outcome(moderator, 'voice.move', { ...lounge, member: place, to: attic, ...data })
  expect(await move({ to: 'general' })).toBe('forbidden')
  expect(await move({ to: 'nowhere' })).toBe('not_found')
  expect(await move({ member: 'nobody' })).toBe('not_found')
  await owner.ask('permit.set', { channel: attic, role: 'member', allow: [], deny: ['talk'] })
  expect(await move({})).toBe('forbidden')
  await owner.ask('permit.set', { channel: attic, role: 'member', allow: [], deny: ['read'] })
  expect(await move({})).toBe('forbidden')
  await owner.ask('permit.set', { channel: attic, role: 'member', allow: [], deny: [] })
  await owner.ask('permit.set', { channel: attic, role: 'moderator', allow: [], deny: ['read'] })
  expect(await move({})).toBe('not_found')
  await owner.ask('permit.set', { channel: attic, role: 'moderator', allow: [], deny: [] })
  expect(await move({ to: 'lounge' })).toBe('ok')
  await quiet(member)
  expect(member.texts.all.filter(({ type }) => type === 'voice.sent')).toEqual([])
  expect(await move({})).toBe('ok')
})

test('[VOICE-9] a silence is of one channel: it is not taken along, and one there is found', async () => {
  await using crew = await startCrew()
  const { moderator, member } = crew
  const attic = await makeAttic(crew)
  const user = idOf(member)
  await moderator.ask('voice.moderate', { ...lounge, user, muted: true })
  await moderator.ask('voice.moderate', { channel: attic, user, deafened: true })
  const place = await enter(member)
  await moderator.ask('voice.move', { ...lounge, member: place, to: attic })
  const { members } = await member.event('voice.sent')
  expect(members).toMatchObject([{ member: place, serverDeafened: true }])
  expect(members[0]).not.toHaveProperty('serverMuted')
})

test('[VOICE-9] a resume that names the channel before finds the place where it is', async () => {
  await using crew = await startCrew()
  const { running, moderator, member } = crew
  const attic = await makeAttic(crew)
  const { member: place } = await talk(member)
  const { token } = member.authenticated
  await moderator.ask('voice.move', { ...lounge, member: place, to: attic })
  await member[Symbol.asyncDispose]()
  const back = await running.connect()
  const tracks = [{ key: 'microphone', format: OPUS }]
  const voice = { ...lounge, device: 'd', muted: false, deafened: false, tracks }
  const { voice: resumed } = await back.ask('session.resume', { token, cursors: {}, voice })
  expect(resumed).toMatchObject({ channel: attic, member: place, tracks: { microphone: expect.any(Number) } })
  // Who goes back by themselves is where they want to be.
  await back.ask('voice.join', { ...lounge, device: 'd', muted: false, deafened: false })
  const third = await running.connect()
  const { voice: second } = await third.ask('session.resume', { token, cursors: {}, voice })
  expect(second).toMatchObject({ channel: 'lounge' })
})

test('[VOICE-9] the device’s place that is there already is taken over', async () => {
  await using crew = await startCrew()
  const { running, moderator, member } = crew
  const attic = await makeAttic(crew)
  const other = await again(running, member)
  const there = await other.ask('voice.join', { channel: attic, device: 'd', muted: false, deafened: false })
  const place = await enter(member)
  await moderator.ask('voice.move', { ...lounge, member: place, to: attic })
  expect(await other.event('voice.moved')).toEqual({ channel: attic, member: there.member })
  const { members } = await member.event('voice.sent')
  expect(members.map((one) => one.member)).toEqual([place])
  expect(running.server.stats.rooms).toBe(1)
})
