import { MediaFlag, readFlags, readSeq, readTrack } from '@arclight/core/codec'
import { LIMITS } from '@arclight/core/protocol'
import { ManualClock } from '@arclight/core/testing'
import { expect, test } from 'vitest'
import { Outgoing } from '../../src/delivery/outgoing.ts'
import { Turn } from '../../src/delivery/turn.ts'
import { binaryFrame } from '../../src/delivery/websocket-frame.ts'
import { mediaFrame } from '../media-frame.ts'
import type { RawClient } from '../raw-client.ts'
import { RecordingSocket } from '../recording-socket.ts'
import { RunningServer } from '../running-server.ts'
import { enter, publish, talk } from '../voice.ts'

const TICK_MS = 100

/** Somebody talks; somebody listens whose path is known to take no time, and who answers no probe from here on. */
class Path {
  readonly clock: ManualClock
  readonly running: RunningServer
  readonly speaker: RawClient
  readonly listener: RawClient
  readonly track: number
  #seq = 0

  private constructor(parts: Pick<Path, 'clock' | 'running' | 'speaker' | 'listener' | 'track'>) {
    this.clock = parts.clock
    this.running = parts.running
    this.speaker = parts.speaker
    this.listener = parts.listener
    this.track = parts.track
  }

  static async open(): Promise<Path> {
    const clock = new ManualClock()
    const running = await RunningServer.start({ clock })
    const speaker = await running.signIn('mei')
    const listener = await running.signIn('li')
    await enter(listener)
    const { track } = await talk(speaker)
    clock.advance(TICK_MS)
    await listener.settle()
    await listener.settle()
    listener.ignoreProbes()
    clock.advance(LIMITS.probeMediaMs)
    return new Path({ clock, running, speaker, listener, track })
  }

  /** The speaker sends a frame, and it came if it was let through. */
  async say(track = this.track): Promise<void> {
    this.speaker.sendBinary(mediaFrame({ track, seq: this.#seq++ }))
    await this.speaker.settle()
    await this.listener.settle()
  }

  async answer(): Promise<void> {
    this.listener.answerProbes()
    this.listener.ignoreProbes()
    await this.listener.settle()
    await this.listener.settle()
  }

  /** The numbers of what came, `!` behind those that carry the discontinuity flag. */
  get heard(): string[] {
    return this.listener.frames.all.map(
      (frame) => `${readSeq(frame)}${readFlags(frame) & MediaFlag.discontinuity ? '!' : ''}`,
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.running[Symbol.asyncDispose]()
  }
}

test('[GATE-1] media leaves while the oldest unanswered probe is no older than the least round trip plus 100 ms', async () => {
  await using path = await Path.open()
  await path.say()
  expect(path.listener.probes.all).toHaveLength(2)
  path.clock.advance(LIMITS.gateSlackMs)
  await path.say()
  expect(path.heard).toEqual(['0', '1'])
  path.clock.advance(1)
  await path.say()
  expect(path.heard).toEqual(['0', '1'])
})

test('[GATE-1] the gate of one listener is not another’s', async () => {
  await using path = await Path.open()
  const other = await path.running.signIn('zoe')
  await enter(other)
  await path.say()
  path.clock.advance(LIMITS.gateSlackMs + 1)
  await other.settle()
  await other.settle()
  await path.say()
  await other.settle()
  expect(path.heard).toEqual(['0'])
  expect(other.frames.all.map(readSeq)).toEqual([0, 1])
})

test('[GATE-1] the least round trip counts: a long path has longer', () => {
  const clock = new ManualClock()
  const { outgoing, sent, end } = outgoingOn(clock)
  outgoing.probe()
  clock.advance(40)
  outgoing.probeAnswered(0)
  outgoing.probe()
  clock.advance(90)
  outgoing.probeAnswered(1)
  outgoing.probe()
  clock.advance(140)
  outgoing.media(frame(1, 0))
  end()
  clock.advance(1)
  outgoing.media(frame(1, 1))
  end()
  expect(sent()).toEqual(['0'])
})

test('[GATE-2] at a shut gate the newest 100 ms are kept, in order, and the first of them tells of the loss', async () => {
  await using path = await Path.open()
  await path.say()
  path.clock.advance(LIMITS.gateSlackMs + 1)
  for (let count = 0; count < 8; count++) {
    await path.say()
    path.clock.advance(20)
  }
  expect(path.heard).toEqual(['0'])
  await path.answer()
  expect(path.heard).toEqual(['0', '4!', '5', '6', '7', '8'])
  await path.say()
  expect(path.heard).toEqual(['0', '4!', '5', '6', '7', '8', '9'])
})

test('[GATE-2] where nothing was dropped nothing carries the flag', async () => {
  await using path = await Path.open()
  await path.say()
  path.clock.advance(LIMITS.gateSlackMs + 1)
  for (let count = 0; count < 5; count++) {
    await path.say()
    path.clock.advance(20)
  }
  await path.answer()
  expect(path.heard).toEqual(['0', '1', '2', '3', '4', '5'])
})

test('[GATE-2] where all was dropped, the next frame of each track that lost some carries the flag, once', async () => {
  await using path = await Path.open()
  const screen = await publish(path.speaker, 'screen')
  const quiet = await publish(path.speaker, 'quiet')
  await path.say()
  path.clock.advance(LIMITS.gateSlackMs + 1)
  await path.say()
  await path.say(screen)
  path.clock.advance(LIMITS.gateKeepMs + 1)
  await path.answer()
  await path.say(quiet)
  await path.say(screen)
  await path.say()
  await path.say(screen)
  expect(path.heard).toEqual(['0', '3', '4!', '5!', '6'])
  expect(path.listener.frames.all.map(readTrack)).toEqual([path.track, quiet, screen, path.track, screen])
})

test('[GATE-2] a frame with the flag is changed in nothing else, and other listeners get it without', async () => {
  await using path = await Path.open()
  const other = await path.running.signIn('zoe')
  await enter(other)
  await path.say()
  path.clock.advance(LIMITS.gateSlackMs + 1)
  await other.settle()
  await other.settle()
  await path.say()
  path.clock.advance(LIMITS.gateKeepMs + 1)
  await other.settle()
  await other.settle()
  await path.answer()
  for (const length of [10, 200, 70_000]) {
    const flags = MediaFlag.talkSpurtStart
    const original = mediaFrame({ track: path.track, seq: 50, flags, timestamp: 2 ** 40 }, length)
    path.speaker.sendBinary(original)
    await path.speaker.settle()
    await path.listener.settle()
    await other.settle()
    const expected = Buffer.from(original)
    if (length === 10) expected[1] = flags | MediaFlag.discontinuity
    expect(Buffer.compare(path.listener.frames.all.at(-1) ?? Buffer.of(), expected)).toBe(0)
    expect(Buffer.compare(other.frames.all.at(-1) ?? Buffer.of(), original)).toBe(0)
  }
})

test('[GATE-2] what is dropped is counted', () => {
  const clock = new ManualClock()
  const { outgoing, sent, end } = outgoingOn(clock)
  outgoing.probe()
  outgoing.probeAnswered(0)
  outgoing.probe()
  clock.advance(LIMITS.gateSlackMs + 1)
  for (let seq = 0; seq < 10; seq++) {
    outgoing.media(frame(1, seq))
    clock.advance(30)
  }
  expect(outgoing.mediaDropped).toBe(6)
  outgoing.probeAnswered(1)
  end()
  expect([outgoing.mediaDropped, sent()]).toEqual([7, ['7!', '8', '9']])
})

test('[GATE-2] a flag on a frame of any WebSocket header length is on its media header', () => {
  for (const length of [0, 109, 110, 65_519, 65_520, 100_000]) {
    const clock = new ManualClock()
    const { outgoing, socket, end } = outgoingOn(clock)
    outgoing.probe()
    outgoing.probeAnswered(0)
    outgoing.probe()
    end()
    clock.advance(LIMITS.gateSlackMs + 1)
    outgoing.media({ bytes: binaryFrame(mediaFrame({ track: 1 }, length)), track: 1 })
    clock.advance(LIMITS.gateKeepMs + 1)
    outgoing.probeAnswered(1)
    end()
    socket.writes.splice(0)
    const original = mediaFrame({ track: 1, seq: 1 }, length)
    outgoing.media({ bytes: binaryFrame(original), track: 1 })
    end()
    const expected = Buffer.from(original)
    expected[1] = MediaFlag.discontinuity
    const media = socket.takeFrames().filter(({ payload }) => payload.length === expected.length && payload[0] === 0x10)
    expect(
      media.map(({ payload }) => Buffer.compare(payload, expected)),
      `${length}`,
    ).toEqual([0])
  }
})

test('[TRACK-2] no frame of a track leaves after track.unpublished, not even one that the gate kept', async () => {
  await using path = await Path.open()
  await path.say()
  path.clock.advance(LIMITS.gateSlackMs + 1)
  await path.say()
  await path.speaker.ask('track.unpublish', { track: path.track })
  expect(await path.listener.event('track.unpublished')).toMatchObject({ track: path.track })
  await path.answer()
  const next = await publish(path.speaker, 'screen')
  await path.say(next)
  expect(path.heard).toEqual(['0', '2'])
})

test('[VOICE-5] no frame leaves after voice.left, not even one that the gate kept', async () => {
  await using path = await Path.open()
  await path.say()
  path.clock.advance(LIMITS.gateSlackMs + 1)
  await path.say()
  await path.speaker.ask('voice.leave', { channel: 'lounge' })
  await path.listener.event('voice.left')
  await path.answer()
  const { track } = await talk(path.speaker)
  await path.say(track)
  expect(path.heard).toEqual(['0', '2'])
})

/** One connection's outgoing side, and what of media it wrote. */
function outgoingOn(clock: ManualClock): {
  outgoing: Outgoing
  socket: RecordingSocket
  end: () => void
  sent: () => string[]
} {
  const runs: (() => void)[] = []
  const socket = new RecordingSocket()
  const turn = new Turn((run) => runs.push(run))
  const outgoing = new Outgoing({ socket, turn, clock, tooSlow: () => {} })
  const end = (): void => {
    for (const run of runs.splice(0)) run()
  }
  const sent = (): string[] =>
    socket.takeFrames().flatMap(({ payload }) => {
      if (payload[0] !== 0x10) return []
      return [`${readSeq(payload)}${readFlags(payload) & MediaFlag.discontinuity ? '!' : ''}`]
    })
  return { outgoing, socket, end, sent }
}

function frame(track: number, seq: number): { bytes: Uint8Array; track: number } {
  return { bytes: binaryFrame(mediaFrame({ track, seq })), track }
}
