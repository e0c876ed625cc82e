import { ManualClock } from '@arclight/core/testing'
import { createServer } from '@arclight/server'
import { expect, test } from 'vitest'
import { type EntryBlock, joinEntries } from '../../src/delivery/entry-block.ts'
import { Outgoing } from '../../src/delivery/outgoing.ts'
import { binaryFrame, textFrame } from '../../src/delivery/websocket-frame.ts'
import { InProcessClient } from '../in-process-client.ts'
import { ManualTurn } from '../manual-turn.ts'
import { mediaFrame, OPUS } from '../media-frame.ts'
import { framesOf, parsed, RecordingSocket } from '../recording-socket.ts'
import { nextTurn } from '../turns.ts'

function connection(clock = new ManualClock()): {
  turn: ManualTurn
  socket: RecordingSocket
  outgoing: Outgoing
  slow: { count: number }
} {
  const turn = new ManualTurn()
  const socket = new RecordingSocket()
  const slow = { count: 0 }
  const outgoing = new Outgoing({ socket, turn: turn.turn, clock, tooSlow: () => slow.count++ })
  return { turn, socket, outgoing, slow }
}

function entry(seq: number, text: string): EntryBlock {
  return joinEntries([textFrame(JSON.stringify({ entry: text }))], seq)
}

/** Text frames by their content, binary ones by their kind and length. */
function contents(bytes: Buffer): unknown[] {
  return framesOf(bytes).map((frame) => (frame.opcode === 1 ? parsed(frame) : `binary ${frame.payload.length}`))
}

test('[TURN-1] what comes in one turn leaves in one write: control, state, durable, media', () => {
  const { turn, socket, outgoing } = connection()
  outgoing.probe()
  turn.end()
  socket.writes.splice(0)
  outgoing.media({ bytes: binaryFrame(mediaFrame({ track: 1 }, 9)), track: 1 })
  outgoing.durable('general', entry(1, 'one'))
  outgoing.state('voice:a', () => ({ state: 'a' }))
  outgoing.control({ reply: 1 })
  outgoing.afterMedia({ unpublished: 1 })
  outgoing.durable('general', entry(2, 'two'))
  outgoing.media({ bytes: binaryFrame(mediaFrame({ track: 2 }, 8)), track: 2 })
  outgoing.state('voice:b', () => ({ state: 'b' }))
  outgoing.control({ reply: 2 })
  expect(socket.writes).toEqual([])
  turn.end()
  expect(socket.writes.map(contents)).toEqual([
    [
      { reply: 1 },
      { reply: 2 },
      { state: 'a' },
      { state: 'b' },
      { entry: 'one' },
      { entry: 'two' },
      'binary 25',
      { unpublished: 1 },
      'binary 24',
    ],
  ])
  turn.end()
  expect(socket.writes).toHaveLength(1)
})

test('[TURN-1] one write holds a turn of any size', () => {
  const { turn, socket, outgoing } = connection()
  for (let count = 0; count < 50; count++) outgoing.control({ filler: 'x'.repeat(10_000) })
  turn.end()
  expect(socket.writes.map((bytes) => framesOf(bytes).length)).toEqual([50])
})

test('[TURN-1] of one key the newest state leaves, made when it leaves; a key of its own is its own', () => {
  const { turn, socket, outgoing } = connection()
  let muted = false
  outgoing.state('voice:a', () => ({ a: 'older' }))
  outgoing.state('voice:b', () => ({ b: muted }))
  outgoing.state('voice:a', () => ({ a: 'newest' }))
  muted = true
  turn.end()
  expect(socket.writes.map(contents)).toEqual([[{ b: true }, { a: 'newest' }]])
})

test('a connection that is closed writes nothing more', () => {
  const { turn, socket, outgoing } = connection()
  outgoing.control({ reply: 1 })
  outgoing.close()
  outgoing.control({ reply: 2 })
  turn.end()
  expect(socket.writes).toEqual([])
})

test('rooms flush before connections, each member once a turn, and what comes meanwhile has the next', () => {
  const manual = new ManualTurn()
  const ran: string[] = []
  const late = { flushTurn: () => ran.push('late') }
  const connectionMember = {
    flushTurn: () => {
      ran.push('connection')
      manual.turn.addConnection(late)
    },
  }
  const room = {
    flushTurn: () => {
      ran.push('room')
      manual.turn.addConnection(connectionMember)
    },
  }
  manual.turn.addConnection(connectionMember)
  manual.turn.addRoom(room)
  manual.turn.addConnection(connectionMember)
  expect(manual.armed).toBe(1)
  manual.end()
  expect(ran).toEqual(['room', 'connection'])
  expect(manual.armed).toBe(1)
  manual.end()
  expect(ran).toEqual(['room', 'connection', 'late'])
  expect(manual.armed).toBe(0)
})

test('a room that gets frames while connections flush has a turn of its own', () => {
  const manual = new ManualTurn()
  let flushed = 0
  const room = { flushTurn: () => flushed++ }
  manual.turn.addConnection({ flushTurn: () => manual.turn.addRoom(room) })
  manual.end()
  expect([flushed, manual.armed]).toEqual([0, 1])
  manual.end()
  expect(flushed).toBe(1)
})

test('[TURN-1] on a server: replies, roster, entries and the frames of two speakers are one write', async () => {
  const clock = new ManualClock()
  await using server = createServer({ clock })
  await server.open()
  const listener = await InProcessClient.signIn(server, 'li')
  const speakers = [await InProcessClient.signIn(server, 'mei'), await InProcessClient.signIn(server, 'zoe')]
  await listener.ask('channel.join', { channel: 'general' })
  await listener.ask('voice.join', { channel: 'lounge', device: 'd', muted: false, deafened: false })
  const tracks: number[] = []
  for (const speaker of speakers) {
    await speaker.ask('voice.join', { channel: 'lounge', device: 'd', muted: false, deafened: false })
    const to = { channel: 'lounge' }
    tracks.push((await speaker.ask('track.publish', { key: 'microphone', format: OPUS, to })).track)
  }
  clock.advance(100)
  await nextTurn()
  for (const { probe } of listener.takeWrites().flat()) if (probe !== undefined) listener.answer(probe)
  for (let seq = 0; seq < 3; seq++) {
    for (const [at, speaker] of speakers.entries()) speaker.handler.binary(mediaFrame({ track: tracks[at] ?? 0, seq }))
  }
  speakers[0]?.post('voice.update', { channel: 'lounge', muted: true, deafened: false })
  const reply = listener.post('channel.leave', { channel: 'general' })
  await nextTurn()
  const [write = [], ...more] = listener.takeWrites()
  expect(more).toEqual([])
  expect(write.map(({ text, media }) => (media ? 'media' : (text?.['type'] ?? text?.['re'])))).toEqual([
    reply,
    'voice.changed',
    ...Array.from({ length: 6 }, () => 'media'),
  ])
})
