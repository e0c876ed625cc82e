import { encodeProbe, readSeq } from '@arclight/core/codec'
import { ManualClock } from '@arclight/core/testing'
import { createServer, type ServerOptions } from '@arclight/server'
import { expect, test } from 'vitest'
import { MediaMeter } from '../../src/limits/media-meter.ts'
import { InProcessClient } from '../in-process-client.ts'
import { mediaFrame, OPUS } from '../media-frame.ts'
import { nextTurn } from '../turns.ts'

const MUCH = { burst: 1_000_000, perSecond: 1_000_000 }

interface Call {
  readonly server: ReturnType<typeof createServer>
  readonly clock: ManualClock
  readonly mei: InProcessClient
  publish(key: string): Promise<number>
  /** The frames that the other has heard since the last call, by seq. */
  heard(): Promise<number[]>
}

async function call(rateLimits: ServerOptions['rateLimits']): Promise<Call> {
  const clock = new ManualClock()
  const server = createServer({ clock, rateLimits })
  await server.open()
  const mei = await InProcessClient.signIn(server, 'mei')
  const li = await InProcessClient.signIn(server, 'li')
  for (const one of [mei, li])
    await one.ask('voice.join', { channel: 'lounge', device: 'd', muted: false, deafened: false })
  li.takeWrites()
  return {
    server,
    clock,
    mei,
    publish: async (key) => (await mei.ask('track.publish', { key, format: OPUS, to: { channel: 'lounge' } })).track,
    heard: async () => {
      await nextTurn()
      const items = li.takeWrites().flat()
      // Without an answer the listener's gate shuts.
      for (const { probe } of items) if (probe !== undefined) li.answer(probe)
      return items.flatMap(({ media }) => (media ? [readSeq(media)] : []))
    },
  }
}

test('[LIMIT-10] frames of a track past its rate are dropped and counted; other tracks, and later frames, pass', async () => {
  const { server, clock, mei, publish, heard } = await call({ 'media.track.frames': { burst: 3, perSecond: 10 } })
  const [one, other] = [await publish('one'), await publish('other')]
  for (let seq = 0; seq < 5; seq++) mei.handler.binary(mediaFrame({ track: one, seq }))
  mei.handler.binary(mediaFrame({ track: other, seq: 100 }))
  expect(await heard()).toEqual([0, 1, 2, 100])
  expect(server.stats).toMatchObject({ relayed: 4, excess: 2, sessions: 2 })
  clock.advance(100)
  for (const seq of [5, 6]) mei.handler.binary(mediaFrame({ track: one, seq }))
  expect(await heard()).toEqual([5])
  await server.close()
})

test('[LIMIT-10] bytes of a track past its rate are dropped, whole frames', async () => {
  const { server, clock, mei, publish, heard } = await call({ 'media.track.bytes': { burst: 1_000, perSecond: 500 } })
  const track = await publish('one')
  for (const [seq, payload] of [584, 384, 100, 0].entries()) mei.handler.binary(mediaFrame({ track, seq }, payload))
  expect(await heard()).toEqual([0, 1])
  clock.advance(1_000)
  mei.handler.binary(mediaFrame({ track, seq: 4 }, 484))
  expect(await heard()).toEqual([4])
  await server.close()
})

test('[LIMIT-10] a connection’s binary frames are counted together, its tracks’, unknown ones and probes', async () => {
  const { server, clock, mei, publish, heard } = await call({ 'media.connection.frames': { burst: 4, perSecond: 1 } })
  const [one, other] = [await publish('one'), await publish('other')]
  mei.handler.binary(mediaFrame({ track: 60_000 }))
  mei.handler.binary(encodeProbe({ seq: 1, timestamp: 0, echo: false }))
  for (const [seq, track] of [one, other, one, other].entries()) mei.handler.binary(mediaFrame({ track, seq }))
  expect(await heard()).toEqual([0, 1])
  expect(server.stats).toMatchObject({ relayed: 2, foreign: 1, excess: 2 })
  mei.handler.binary(new Uint8Array(3))
  expect(server.stats).toMatchObject({ excess: 3 })
  clock.advance(1_000)
  mei.handler.binary(mediaFrame({ track: one, seq: 9 }))
  expect(await heard()).toEqual([9])
  await server.close()
})

test('[LIMIT-10] publishing a track again does not give its connection more', async () => {
  const { server, mei, publish, heard } = await call({
    'media.track.frames': { burst: 2, perSecond: 1 },
    'media.connection.frames': { burst: 3, perSecond: 1 },
  })
  const first = await publish('one')
  for (let seq = 0; seq < 2; seq++) mei.handler.binary(mediaFrame({ track: first, seq }))
  const again = await publish('one')
  for (let seq = 2; seq < 5; seq++) mei.handler.binary(mediaFrame({ track: again, seq }))
  expect(await heard()).toEqual([0, 1, 2])
  await server.close()
})

test('[LIMIT-10] half a minute of a recording’s frames, and as many bytes as a client keeps, pass at once', async () => {
  const { server, mei, publish } = await call({})
  const track = await publish('one')
  for (let seq = 0; seq < 30 * 50; seq++) mei.handler.binary(mediaFrame({ track, seq }, 150))
  for (let seq = 0; seq < 16; seq++) mei.handler.binary(mediaFrame({ track, seq }, 1_048_560))
  expect(server.stats).toMatchObject({ excess: 0, relayed: 1_516 })
  await server.close()
})

test('without limits every frame passes, and a meter needs both its rates', async () => {
  const { server, mei, publish } = await call('off')
  const track = await publish('one')
  for (let seq = 0; seq < 20_000; seq++) mei.handler.binary(mediaFrame({ track, seq }, 0))
  expect(server.stats).toMatchObject({ excess: 0, relayed: 20_000 })
  await server.close()
  const few = { burst: 1, perSecond: 1 }
  const pass = (frames: object, bytes: object): boolean[] => {
    const meter = new MediaMeter({ frames: frames as typeof few, bytes: bytes as typeof few })
    return [meter.passes(1, 0), meter.passes(1, 0)]
  }
  expect([pass(MUCH, few), pass(few, MUCH), pass(MUCH, MUCH)]).toEqual([
    [true, false],
    [true, false],
    [true, true],
  ])
})
