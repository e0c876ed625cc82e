import type { EventData } from '@arclight/core/protocol'
import { sqliteStorage } from '@arclight/server/storage/sqlite'
import { expect, test } from 'vitest'
import { mediaFrame } from '../media-frame.ts'
import { again, idOf, outcome } from '../owned-server.ts'
import type { RawClient } from '../raw-client.ts'
import { startCrew } from '../roles/crew.ts'
import { RunningServer } from '../running-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { enter, talk } from '../voice.ts'

const lounge = { channel: 'lounge' }

/** Sends a frame of the track; resolves with how many of it each of the others has got. */
async function heard(speaker: RawClient, track: number, others: readonly RawClient[]): Promise<number[]> {
  for (const other of others) other.frames.takeAll()
  speaker.sendBinary(mediaFrame({ track }))
  for (const client of [speaker, ...others, ...others]) await client.settle()
  return others.map(({ frames }) => frames.takeAll().length)
}

test('[VOICE-8] nothing of who was silenced is relayed, whatever they declare, until it is taken back', async () => {
  await using crew = await startCrew()
  const { moderator, owner, member } = crew
  const user = idOf(member)
  for (const client of [moderator, owner]) await enter(client)
  const { member: place, track } = await talk(member)
  expect(await heard(member, track, [moderator, owner])).toEqual([1, 1])
  expect(await moderator.ask('voice.moderate', { ...lounge, user, muted: true })).toEqual({})
  for (const client of [member, owner]) {
    const isSo = (data: EventData<'voice.changed'>) => data.member.serverMuted === true
    const { member: seen } = await client.event('voice.changed', isSo)
    expect(seen).toMatchObject({ member: place, muted: false, deafened: false, tracks: [{ track }] })
    expect(seen).not.toHaveProperty('serverDeafened')
  }
  await member.ask('voice.update', { ...lounge, muted: false, deafened: false })
  expect(await heard(member, track, [moderator, owner])).toEqual([0, 0])
  await moderator.ask('voice.moderate', { ...lounge, user, muted: false })
  expect(await heard(member, track, [moderator, owner])).toEqual([1, 1])
  const { members } = await member.ask('voice.join', { ...lounge, device: 'd', muted: false, deafened: false })
  for (const one of members) expect(one).not.toHaveProperty('serverMuted')
})

test('[VOICE-8] who was made deaf gets no audio, whatever they declare', async () => {
  await using crew = await startCrew()
  const { moderator, owner, member } = crew
  const { track } = await talk(owner)
  await enter(moderator)
  await enter(member)
  await moderator.ask('voice.moderate', { ...lounge, user: idOf(member), deafened: true })
  await member.ask('voice.update', { ...lounge, muted: false, deafened: false })
  expect(await heard(owner, track, [moderator, member])).toEqual([1, 0])
  await moderator.ask('voice.moderate', { ...lounge, user: idOf(member), deafened: false })
  expect(await heard(owner, track, [moderator, member])).toEqual([1, 1])
})

test('[VOICE-8] it is the user’s: on every device, through leaving, reconnects, resumes and restarts', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  let [token, ears] = ['', '']
  const stateOf = async (client: RawClient, device: string) => {
    const reply = await client.ask('voice.join', { ...lounge, device, muted: false, deafened: false })
    const own = reply.members.find(({ member }) => member === reply.member)
    return [own?.serverMuted, own?.serverDeafened]
  }
  {
    await using crew = await startCrew({ storage: sqliteStorage({ file }) })
    const { running, moderator, member } = crew
    const user = idOf(member)
    token = member.authenticated.token
    ears = moderator.authenticated.token
    // Nobody is there yet.
    await moderator.ask('voice.moderate', { ...lounge, user, muted: true })
    await moderator.ask('voice.moderate', { ...lounge, user, deafened: true })
    expect(await stateOf(member, 'd')).toEqual([true, true])
    await member.ask('voice.leave', lounge)
    expect(await stateOf(member, 'd')).toEqual([true, true])
    expect(await stateOf(await again(running, member), 'e')).toEqual([true, true])
    const back = await running.connect()
    const voice = { ...lounge, device: 'f', muted: false, deafened: false, tracks: [] }
    const resumed = await back.authenticate('session.resume', { token, cursors: {}, voice })
    expect(resumed).toMatchObject({ voice: { members: expect.arrayContaining([]) } })
    expect(JSON.stringify(resumed)).toContain('"serverMuted":true')
  }
  await using running = await RunningServer.start({ storage: sqliteStorage({ file }) })
  const moderator = await running.withToken(ears)
  const member = await running.withToken(token)
  await enter(moderator)
  const { track } = await talk(member)
  expect(await heard(member, track, [moderator])).toEqual([0])
  await moderator.ask('voice.moderate', { ...lounge, user: idOf(member), muted: false, deafened: false })
  expect(await heard(member, track, [moderator])).toEqual([1])
})

test('[VOICE-8] it needs a voice channel that one may read, a user, and something to change', async () => {
  await using crew = await startCrew()
  const { moderator, owner, member } = crew
  const user = idOf(member)
  const refused = (data: object) => outcome(moderator, 'voice.moderate', { ...lounge, user, muted: true, ...data })
  expect(await refused({ channel: 'general' })).toBe('forbidden')
  expect(await refused({ channel: 'nowhere' })).toBe('not_found')
  expect(await refused({ user: 'nobody' })).toBe('not_found')
  expect(await outcome(moderator, 'voice.moderate', { ...lounge, user })).toBe('bad_request')
  await owner.ask('permit.set', { ...lounge, role: 'moderator', allow: [], deny: ['read'] })
  expect(await refused({})).toBe('not_found')
})

test('[MOD-3] nobody silences or moves whoever stands as high as they do, or without the permission', async () => {
  await using crew = await startCrew()
  const { running, owner, admin, moderator, member } = crew
  const { channel: attic } = await owner.ask('channel.create', { kind: 'voice', name: 'attic' })
  const guest = await running.signIn('li')
  await owner.ask('role.give', { user: idOf(guest), role: 'guest' })
  const both = async (client: RawClient, user: RawClient): Promise<string[]> => {
    const place = await enter(user)
    return [
      await outcome(client, 'voice.moderate', { ...lounge, user: idOf(user), muted: true }),
      await outcome(client, 'voice.move', { ...lounge, member: place, to: attic.id }),
    ]
  }
  expect(await both(member, guest)).toEqual(['forbidden', 'forbidden'])
  for (const client of [owner, admin, moderator]) {
    expect(await both(moderator, client)).toEqual(['forbidden', 'forbidden'])
  }
  expect(await both(admin, owner)).toEqual(['forbidden', 'forbidden'])
  expect(await both(moderator, guest)).toEqual(['ok', 'ok'])
})

test('[AUDIT-1] who was silenced and who was moved is recorded', async () => {
  await using crew = await startCrew()
  const { owner, moderator, member } = crew
  const { channel: attic } = await owner.ask('channel.create', { kind: 'voice', name: 'attic' })
  const user = idOf(member)
  const place = await enter(member)
  await moderator.ask('voice.moderate', { ...lounge, user, muted: true })
  await moderator.ask('voice.move', { ...lounge, member: place, to: attic.id })
  const { entries } = await owner.ask('audit.list', { limit: 2 })
  expect(entries.map(({ by, action, target, detail }) => [by.name, action, target, detail])).toEqual([
    ['mod', 'voice.move', user, { channel: 'lounge', to: attic.id }],
    ['mod', 'voice.moderate', user, { channel: 'lounge', muted: true }],
  ])
})
