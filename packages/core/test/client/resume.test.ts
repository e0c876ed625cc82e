import { expect, test } from 'vitest'
import type { Client } from '../../src/client/client.ts'
import { memoryTokenStore } from '../../src/client/memory-token-store.ts'
import { FakeSource } from './fake-source.ts'
import { Refusal } from './refusal.ts'
import { settle } from './settle.ts'
import { reconnect, signedInClient } from './signed-in-client.ts'
import { channelAt, entriesOf, entryAt, FORMAT, HELLO, memberNamed, SIGNED_IN, TOKEN } from './wire-data.ts'

/** What the channel tells, in order. */
function follow(client: Client, id = 'general'): unknown[] {
  const told: unknown[] = []
  const channel = client.channels.get(id)
  channel.on('message', ({ seq }) => told.push(seq))
  channel.on('reset', (reset) => told.push(reset))
  channel.on('gone', (gone) => told.push({ gone }))
  channel.on('stalled', (stalled) => told.push({ stalled }))
  return told
}

const account = SIGNED_IN

test('[RES-1] a resume declares how far each joined channel got, and nothing else', async () => {
  const made = await signedInClient()
  const { client, peer } = made
  follow(client, 'general')
  follow(client, 'lounge')
  await client.channels.get('left').join()
  await client.channels.get('left').leave()
  client.channels.get('never used')
  await settle()
  peer.connection.send(entryAt(42, 'lounge'))
  await reconnect(made)
  const cursors = { general: { epoch: 'e1', seq: 41 }, lounge: { epoch: 'e1', seq: 42 } }
  expect(peer.types).toEqual(['session.resume'])
  expect(peer.asked('session.resume')).toEqual([{ token: TOKEN, cursors }])
  expect(client.state.name).toBe('live')
})

test('[RES-1] live traffic goes on at once after a resume', async () => {
  const made = await signedInClient()
  const told = follow(made.client)
  await settle()
  await reconnect(made)
  made.peer.connection.send(entryAt(42))
  expect(told).toEqual([42])
})

test('[RES-2] a head past the cursor is read from the log, live entries are held, each comes once', async () => {
  const made = await signedInClient()
  const { client, peer } = made
  const told = follow(client)
  await settle()
  peer.answers['session.resume'] = () => ({ ...account, channels: { general: { epoch: 'e1', head: 44 } } })
  await reconnect(made)
  expect(peer.asked('log.read')).toEqual([{ channel: 'general', after: 41, limit: 100 }])
  peer.connection.send(entryAt(45))
  expect(told).toEqual([])
  peer.reply('log.read', { entries: entriesOf(42, 45), epoch: 'e1', head: 45 })
  await settle()
  expect(told).toEqual([42, 43, 44, 45])
  expect(peer.types).toEqual(['session.resume', 'log.read'])
})

test('[RES-2] an entry that comes with the reply to the resume waits for those before it', async () => {
  const made = await signedInClient()
  const { client, peer, clock } = made
  const told = follow(client)
  await settle()
  peer.answers['session.resume'] = () => undefined
  peer.answers['log.read'] = ({ after }) => ({ entries: entriesOf(after + 1, 45), epoch: 'e1', head: 45 })
  peer.connection.close(1006)
  clock.advance(500)
  await settle()
  peer.reply('session.resume', { ...account, channels: { general: { epoch: 'e1', head: 44 } } })
  peer.connection.send(entryAt(45))
  await settle()
  expect(told).toEqual([42, 43, 44, 45])
})

test('[RES-2] a read that the next drop cut off is made again', async () => {
  const made = await signedInClient()
  const { client, peer } = made
  const told = follow(client)
  await settle()
  peer.answers['session.resume'] = () => ({ ...account, channels: { general: { epoch: 'e1', head: 43 } } })
  await reconnect(made)
  expect(peer.asked('log.read')).toHaveLength(1)
  await reconnect(made)
  expect(peer.asked('log.read')).toEqual([{ channel: 'general', after: 41, limit: 100 }])
  peer.reply('log.read', { entries: entriesOf(42, 43), epoch: 'e1', head: 43 })
  await settle()
  expect(told).toMatchObject([{ stalled: { reason: 'unknown' } }, 42, 43])
})

test('[RES-3] another epoch is another log: the cursor is dropped, and reset says where it starts', async () => {
  const made = await signedInClient()
  const { client, peer } = made
  const told = follow(client)
  await settle()
  peer.answers['session.resume'] = () => ({ ...account, channels: { general: { epoch: 'e2', head: 3 } } })
  await reconnect(made)
  expect(told).toEqual([{ epoch: 'e2', head: 3 }])
  peer.connection.send(entryAt(4))
  expect(told).toEqual([{ epoch: 'e2', head: 3 }, 4])
  expect(peer.types).toEqual(['session.resume'])
  await reconnect(made)
  expect(peer.asked('session.resume')[0]?.cursors).toEqual({ general: { epoch: 'e2', seq: 4 } })
})

test('[RES-3] a head below the cursor is another log too: reset says where it starts', async () => {
  const made = await signedInClient()
  const { client, peer } = made
  const told = follow(client)
  await settle()
  for (const seq of [42, 43]) peer.connection.send(entryAt(seq))
  peer.answers['session.resume'] = () => ({ ...account, channels: { general: { epoch: 'e1', head: 30 } } })
  await reconnect(made)
  for (const seq of [31, 32]) peer.connection.send(entryAt(seq))
  expect(told).toEqual([42, 43, { epoch: 'e1', head: 30 }, 31, 32])
  expect(peer.types).toEqual(['session.resume'])
})

test('[RES-3] a head below the cursor at the join after a new log-in resets too', async () => {
  const { client, peer } = await signedInClient()
  const told = follow(client)
  await settle()
  peer.connection.close(4501)
  await settle()
  peer.answers['channel.join'] = ({ channel }) => ({ channel: channelAt(30, channel) })
  await client.login({ name: 'mei', password: 'long enough' })
  await settle()
  peer.connection.send(entryAt(31))
  expect(told).toEqual([{ epoch: 'e1', head: 30 }, 31])
})

test('[RES-3] an entry that comes with the reply to the resume belongs to the new log', async () => {
  const made = await signedInClient()
  const { client, peer, clock } = made
  const told = follow(client)
  await settle()
  peer.answers['session.resume'] = () => undefined
  peer.connection.close(1006)
  clock.advance(500)
  await settle()
  peer.reply('session.resume', { ...account, channels: { general: { epoch: 'e2', head: 3 } } })
  peer.connection.send(entryAt(4))
  await settle()
  expect(told).toEqual([{ epoch: 'e2', head: 3 }, 4])
})

test('[RES-2] an entry that overtakes the reply to the resume is held until the reply says where the log stands', async () => {
  const made = await signedInClient()
  const { client, peer, clock } = made
  const told = follow(client)
  await settle()
  peer.answers['session.resume'] = () => undefined
  for (const seq of [42, 43]) {
    peer.connection.close(1006)
    await settle()
    clock.advance(1_000)
    await settle()
    peer.connection.send(entryAt(seq))
  }
  expect(told).toEqual([])
  peer.reply('session.resume', { ...account, channels: { general: { epoch: 'e1', head: 41 } } })
  await settle()
  // Of the two connections only the newer one's entry counts: the older one's is read again.
  expect([told, peer.asked('log.read')]).toEqual([[], [{ channel: 'general', after: 41, limit: 100 }]])
  peer.reply('log.read', { entries: entriesOf(42, 43), epoch: 'e1', head: 43 })
  await settle()
  expect(told).toEqual([42, 43])
})

test('[RES-3] another epoch in a page of the log resets too, even where the numbers agree', async () => {
  const { client, peer } = await signedInClient()
  const told = follow(client)
  await settle()
  peer.answers['log.read'] = () => ({ entries: [], epoch: 'e2', head: 41 })
  peer.connection.send(entryAt(43))
  await settle()
  expect(told).toEqual([{ epoch: 'e2', head: 41 }])
})

test('[RES-3] history starts anew from where the new log began', async () => {
  const made = await signedInClient()
  const { client, peer } = made
  follow(client)
  await settle()
  peer.answers['session.resume'] = () => ({ ...account, channels: { general: { epoch: 'e2', head: 3 } } })
  await reconnect(made)
  const history = client.channels.get('general').history()
  const page = { messages: [], epoch: 'e2', asOf: 3, hasMoreBefore: false, hasMoreAfter: false }
  peer.answers['history.page'] = () => page
  await history.next()
  expect(peer.asked('history.page')).toEqual([{ channel: 'general', before: 4 }])
})

test('[RES-1] a channel that is gone says so, once, and is not asked for again', async () => {
  const made = await signedInClient()
  const { client, peer } = made
  const told = follow(client)
  await settle()
  peer.answers['session.resume'] = () => ({ ...account, channels: { general: 'gone' } })
  await reconnect(made)
  await reconnect(made)
  expect(told).toEqual([{ gone: { channel: 'general' } }])
  expect(peer.asked('session.resume')[0]?.cursors).toEqual({})
  expect(peer.types).toEqual(['session.resume'])
})

test('[RES-2] a token store that fails does not keep the channels from catching up', async () => {
  let full = false
  const tokens = {
    ...memoryTokenStore(),
    save: async (): Promise<void> => {
      if (full) throw new Error('the disk is full')
    },
  }
  const made = await signedInClient({ runtime: { tokens } })
  const { client, peer } = made
  const told = follow(client)
  await settle()
  full = true
  peer.answers['session.resume'] = () => ({ ...account, channels: { general: { epoch: 'e1', head: 43 } } })
  peer.answers['log.read'] = () => ({ entries: entriesOf(42, 43), epoch: 'e1', head: 43 })
  await reconnect(made)
  expect(client.state.name).toBe('live')
  expect(told).toEqual([42, 43])
})

test('a channel whose join the drop cut off is joined after the resume', async () => {
  const made = await signedInClient({ answers: { 'channel.join': () => undefined } })
  const told = follow(made.client)
  await settle()
  made.peer.answers['channel.join'] = ({ channel }) => ({ channel: channelAt(50, channel) })
  await reconnect(made)
  expect(made.peer.types).toEqual(['session.resume', 'channel.join'])
  made.peer.connection.send(entryAt(51))
  expect(told).toEqual([51])
})

test('a channel is joined again after a new log-in', async () => {
  const { client, peer } = await signedInClient()
  const told = follow(client)
  await settle()
  peer.connection.close(4501)
  await settle()
  peer.answers['channel.join'] = ({ channel }) => ({ channel: channelAt(43, channel) })
  peer.answers['log.read'] = ({ after }) => ({ entries: entriesOf(after + 1, 43), epoch: 'e1', head: 43 })
  await client.login({ name: 'mei', password: 'long enough' })
  await settle()
  expect(peer.types).toContain('channel.join')
  peer.connection.send(entryAt(44))
  await settle()
  expect(told.at(-1)).toBe(44)
})

test('[RES-4] a resume declares the call, and the tracks go on with their new numbers', async () => {
  const made = await signedInClient()
  const { client, peer } = made
  const call = await client.voice.join('lounge', { microphone: new FakeSource() })
  call.deafen()
  await settle()
  await reconnect(made)
  const tracks = [{ key: 'microphone', format: FORMAT }]
  expect(peer.asked('session.resume')).toEqual([
    {
      token: TOKEN,
      cursors: {},
      voice: { channel: 'lounge', device: 'device-of-mei', muted: false, deafened: true, tracks },
    },
  ])
  expect(peer.types).toEqual(['session.resume'])
  expect(client.voice.call).toBe(call)
})

test('[RES-4] after a resume the members are those that the server names', async () => {
  const made = await signedInClient()
  const { client, peer } = made
  const call = await client.voice.join('lounge')
  const told: string[] = []
  call.on('joined', ({ member }) => told.push(`joined ${member.user.name}`))
  call.on('left', ({ member }) => told.push(`left ${member.user.name}`))
  peer.answers['session.resume'] = () => ({
    ...account,
    channels: {},
    voice: {
      channel: 'lounge',
      member: 'm-9',
      members: [memberNamed('mei', { member: 'm-9' }), memberNamed('zoe')],
      tracks: {},
    },
  })
  await reconnect(made)
  expect([...call.members.keys()]).toEqual(['m-9', 'm-zoe'])
  expect(call.self?.id).toBe('m-9')
  expect(told).toEqual(['left mei', 'left ben', 'joined mei', 'joined zoe'])
})

test('[RES-4] a voice channel that is gone ends the call', async () => {
  const made = await signedInClient()
  const { client, peer } = made
  const source = new FakeSource()
  const call = await client.voice.join('lounge', { microphone: source })
  const ended: string[] = []
  call.on('ended', ({ reason }) => ended.push(reason))
  peer.answers['session.resume'] = () => ({ ...account, channels: {}, voice: 'gone' })
  await reconnect(made)
  expect(ended).toEqual(['gone'])
  expect(client.voice.call).toBeUndefined()
  expect(source.closed).toBe(1)
  await reconnect(made)
  expect(peer.asked('session.resume')).toEqual([{ token: TOKEN, cursors: {} }])
})

test('a call that was left is not declared', async () => {
  const made = await signedInClient()
  const call = await made.client.voice.join('lounge')
  await call.leave()
  await reconnect(made)
  expect(made.peer.asked('session.resume')).toEqual([{ token: TOKEN, cursors: {} }])
})

test('[AUTH-4] a token that the server no longer knows ends the client while it reconnects', async () => {
  const made = await signedInClient()
  made.peer.answers['session.resume'] = () => new Refusal('unauthenticated')
  await reconnect(made)
  expect(made.client.state).toMatchObject({ name: 'closed', error: { reason: 'signed-out' } })
  expect(made.clock.waiting).toBe(0)
})

test('[RES-1] a resume that gets no answer is made again over a new connection', async () => {
  const made = await signedInClient({ answers: { 'session.resume': () => undefined } })
  const { client, peer, clock } = made
  await reconnect(made)
  expect(peer.connections).toHaveLength(2)
  clock.advance(10_000)
  await settle()
  expect(client.state.name).toBe('waiting')
  expect(peer.connections[1]?.closedByClient).toEqual({ code: 1000, reason: 'the resume got no answer' })
  clock.advance(1_000)
  await settle()
  expect(peer.asked('session.resume')).toHaveLength(1)
  expect(peer.connections).toHaveLength(3)
})

test('a greeting that comes twice is heard once', async () => {
  const made = await signedInClient()
  await reconnect(made)
  made.peer.connection.send({ type: 'session.hello', data: HELLO })
  await settle()
  expect(made.peer.types).toEqual(['session.resume'])
  expect(made.client.state.name).toBe('live')
})
