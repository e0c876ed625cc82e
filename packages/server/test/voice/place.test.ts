import type { ReplyData } from '@arclight/core/protocol'
import { LIMITS } from '@arclight/core/protocol'
import { ManualClock } from '@arclight/core/testing'
import { createServer, type Server } from '@arclight/server'
import { expect, test } from 'vitest'
import { InProcessClient } from '../in-process-client.ts'
import { mediaFrame, OPUS } from '../media-frame.ts'
import { nextTurn } from '../turns.ts'

const LOUNGE = { channel: 'lounge', device: 'laptop', muted: false, deafened: false }
const TICK_MS = 100

/** A server whose clock the test moves, with mei and li in the lounge. */
async function lounge() {
  const clock = new ManualClock()
  const server = createServer({ clock })
  await server.open()
  const [mei, li] = [await InProcessClient.signIn(server, 'mei'), await InProcessClient.signIn(server, 'li')]
  await mei.ask('voice.join', LOUNGE)
  const { member } = await li.ask('voice.join', LOUNGE)
  await nextTurn()
  mei.takeWrites()
  return { clock, server, mei, li, member }
}

/** Another connection of the user that `client` is. */
async function again(server: Server, client: InProcessClient): Promise<InProcessClient> {
  const other = new InProcessClient(server)
  await other.ask('auth.token', { token: client.token })
  return other
}

const heard = new WeakMap<InProcessClient, object[]>()

/** What a client was told since the last look; the server's probes are answered. */
async function told(client: InProcessClient): Promise<object[]> {
  const events = await listen(client)
  heard.delete(client)
  return events
}

async function listen(client: InProcessClient): Promise<object[]> {
  await nextTurn()
  const events = heard.get(client) ?? []
  heard.set(client, events)
  for (const { text, probe } of client.takeWrites().flat()) {
    if (probe !== undefined) client.answer(probe)
    if (text?.['type'] !== undefined) events.push(text)
  }
  return events
}

/** Time passes, and those who are still there answer. */
async function pass(clock: ManualClock, milliseconds: number, ...there: InProcessClient[]): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += TICK_MS) {
    clock.advance(TICK_MS)
    for (const client of there) await listen(client)
  }
}

test('[VOICE-6] a dropped connection’s place is kept, silent and reconnecting, and goes after 15 s', async () => {
  const { clock, server, mei, li, member } = await lounge()
  const { track } = await li.ask('track.publish', { key: 'microphone', format: OPUS, to: { channel: 'lounge' } })
  await told(mei)
  li.handler.closed()
  expect(await told(mei)).toMatchObject([
    { type: 'voice.changed', data: { member: { member, reconnecting: true, tracks: [] } } },
    { type: 'track.unpublished', data: { member, track } },
  ])
  await pass(clock, 15_000 - TICK_MS, mei)
  expect(await told(mei)).toEqual([])
  await pass(clock, TICK_MS, mei)
  expect(await told(mei)).toEqual([{ type: 'voice.left', data: { channel: 'lounge', member } }])
  await server.close()
})

test('[VOICE-6] whoever comes back in time with the device has the same place', async () => {
  const { clock, server, mei, li, member } = await lounge()
  li.handler.closed()
  await pass(clock, LIMITS.voiceAbsenceMs - TICK_MS, mei)
  await told(mei)
  const back = new InProcessClient(server)
  const voice = { ...LOUNGE, tracks: [{ key: 'microphone', format: OPUS }] }
  const reply: ReplyData<'session.resume'> = await back.ask('session.resume', { token: li.token, cursors: {}, voice })
  expect(reply.voice).toMatchObject({ member, members: [{}, { member, reconnecting: false }] })
  expect(await told(mei)).toMatchObject([
    { type: 'track.published', data: { member } },
    { type: 'voice.changed', data: { member: { member, reconnecting: false } } },
  ])
  await pass(clock, LIMITS.voiceAbsenceMs, mei, back)
  expect(await told(mei)).toEqual([])
  await server.close()
})

test('[VOICE-6] another device of the user has a place of its own', async () => {
  const { clock, server, mei, li, member } = await lounge()
  li.handler.closed()
  const phone = await again(server, li)
  const { member: other, members } = await phone.ask('voice.join', { ...LOUNGE, device: 'phone' })
  expect(other).not.toBe(member)
  expect(members).toHaveLength(3)
  await pass(clock, LIMITS.voiceAbsenceMs, mei, phone)
  expect((await phone.ask('voice.join', { ...LOUNGE, device: 'phone' })).members).toHaveLength(2)
  await server.close()
})

test('[VOICE-6] a connection that was closed for good, or signed out, leaves at once', async () => {
  const { server, mei, li, member } = await lounge()
  const left = { type: 'voice.left', data: { channel: 'lounge', member } }
  li.post('auth.logout')
  await li.closing()
  expect(await told(mei)).toEqual([left])
  const zoe = await InProcessClient.signIn(server, 'zoe')
  const place = await zoe.ask('voice.join', LOUNGE)
  await told(mei)
  for (let count = 0; count < LIMITS.malformedFrames; count++) zoe.handler.text('not JSON')
  expect(zoe.socket.closes).toMatchObject([{ code: 4500 }])
  expect(await told(mei)).toEqual([{ type: 'voice.left', data: { channel: 'lounge', member: place.member } }])
  await server.close()
})

test('[VOICE-7] a second connection that claims the place has it; the first is told and stays connected', async () => {
  const { server, mei, li, member } = await lounge()
  const { track } = await li.ask('track.publish', { key: 'microphone', format: OPUS, to: { channel: 'lounge' } })
  const tab = await again(server, li)
  const claimed = await tab.ask('voice.join', { ...LOUNGE, muted: true })
  expect(claimed).toMatchObject({ member, members: [{}, { member, muted: true, tracks: [] }] })
  await nextTurn()
  const toFirst = await told(li)
  expect(toFirst).toContainEqual({ type: 'voice.moved', data: { channel: 'lounge', member } })
  expect(li.socket.closes).toEqual([])
  await told(mei)
  li.handler.binary(mediaFrame({ track }))
  await nextTurn()
  expect(mei.takeWrites().flat()).toEqual([])
  expect((await li.ask('channel.list', {})).channels).toHaveLength(2)
  li.handler.closed()
  expect(await told(mei)).toEqual([])
  await server.close()
})

test('[VOICE-7] the first does not get the place back by talking: it joins again, and then has it', async () => {
  const { server, li, member } = await lounge()
  const tab = await again(server, li)
  await tab.ask('voice.join', LOUNGE)
  await expect(li.ask('voice.update', { channel: 'lounge', muted: true, deafened: false })).rejects.toThrow('not_found')
  await expect(li.ask('track.publish', { key: 'microphone', format: OPUS, to: { channel: 'lounge' } })).rejects.toThrow(
    'forbidden',
  )
  expect((await li.ask('voice.join', LOUNGE)).member).toBe(member)
  expect(await told(tab)).toContainEqual({ type: 'voice.moved', data: { channel: 'lounge', member } })
  await server.close()
})
