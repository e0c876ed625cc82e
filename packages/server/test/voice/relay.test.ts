import { MediaFlag, MediaKind, readSeq, readTrack } from '@arclight/core/codec'
import { seededRandom } from '@arclight/core/testing'
import { expect, test } from 'vitest'
import { mediaFrame } from '../media-frame.ts'
import { RunningServer } from '../running-server.ts'
import { enter, publish, talk } from '../voice.ts'

/** Payload lengths on both sides of each form of a WebSocket header, and of the server's own buffers. */
const LENGTHS = [0, 1, 108, 109, 110, 65_518, 65_519, 65_520, 262_143, 262_144, 600_000]

test('[MEDIA-3] a frame of any length, kind and flags is passed on unchanged', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  await enter(li)
  const { track } = await talk(mei)
  const seed = 7
  const random = seededRandom(seed)
  const frames = LENGTHS.map((length, seq) => {
    const payload = Uint8Array.from({ length }, () => Math.floor(random() * 256))
    const timestamp = Math.floor(random() * 2 ** 48)
    const kind = seq % 2 === 0 ? MediaKind.audio : MediaKind.video
    return mediaFrame({ track, seq, kind, timestamp, flags: seq % 64, level: seq * 12 }, payload)
  })
  const flags = Object.values(MediaFlag).map((flag, at) => mediaFrame({ track, seq: 2 ** 32 - 1 - at, flags: flag }))
  for (const frame of [...frames, ...flags]) {
    mei.sendBinary(frame)
    expect(Buffer.compare(await li.frames.take(), frame), `seed ${seed}, ${frame.length} bytes`).toBe(0)
  }
})

test('[MEDIA-3] a frame goes to every member but its publisher', async () => {
  await using running = await RunningServer.start()
  const people = await Promise.all(['mei', 'li', 'zoe', 'ada'].map((name) => running.signIn(name)))
  const outside = await running.signIn('bea')
  const tracks: number[] = []
  for (const person of people) tracks.push((await talk(person)).track)
  for (let seq = 0; seq < 10; seq++) {
    for (const [at, person] of people.entries()) person.sendBinary(mediaFrame({ track: tracks[at] ?? 0, seq }))
  }
  for (const person of [...people, outside]) await person.settle()
  for (const person of [...people, outside]) await person.settle()
  const all = Array.from({ length: 10 }, (_, seq) => seq)
  for (const [at, person] of people.entries()) {
    for (const track of tracks) {
      const heard = person.frames.all.filter((frame) => readTrack(frame) === track).map(readSeq)
      expect(heard).toEqual(track === tracks[at] ? [] : all)
    }
  }
  expect(outside.frames.all).toEqual([])
})

test('[MEDIA-3] two tracks of one publisher and frames of two publishers in one turn keep their order', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  const { track: microphone } = await talk(mei)
  const screen = await publish(mei, 'screen')
  const { track: other } = await talk(li)
  for (let seq = 0; seq < 20; seq++) {
    mei.sendBinary(mediaFrame({ track: seq % 2 ? screen : microphone, seq }))
    li.sendBinary(mediaFrame({ track: other, seq }))
  }
  await Promise.all([mei.settle(), li.settle()])
  await Promise.all([mei.settle(), li.settle()])
  expect(li.frames.all.map((frame) => [readTrack(frame), readSeq(frame)])).toEqual(
    Array.from({ length: 20 }, (_, seq) => [seq % 2 ? screen : microphone, seq]),
  )
  expect(mei.frames.all.map((frame) => [readTrack(frame), readSeq(frame)])).toEqual(
    Array.from({ length: 20 }, (_, seq) => [other, seq]),
  )
})

test('[MEDIA-3] what one listener was sent does not change with what comes later', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  await enter(li)
  const { track } = await talk(mei)
  const frames = Array.from({ length: 400 }, (_, seq) =>
    mediaFrame({ track, seq }, new Uint8Array(3_000).fill(seq % 251)),
  )
  for (const frame of frames) mei.sendBinary(frame)
  await mei.settle()
  await li.settle()
  expect(Buffer.compare(Buffer.concat(li.frames.all), Buffer.concat(frames))).toBe(0)
})
