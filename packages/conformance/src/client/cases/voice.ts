import { MediaFlag, MediaKind } from '@arclight/core/codec'
import { type ClientCase, must, same } from '../case.ts'

/** 20 ms. */
const FRAME_US = 20_000

export const voiceCases: readonly ClientCase[] = [
  {
    id: 'declares-its-voice',
    rules: ['RES-4', 'VOICE-6'],
    title: 'a resume declares the voice channel with the same device and the state of now',
    needs: ['voice'],
    run: async (client, server) => {
      await client.login()
      await client.voice.join('lounge')
      await client.voice.mute(true)
      const joined = await server.asked('voice.join')
      server.connection.cut()
      const { data } = await server.asked('session.resume')
      const { device } = joined.data
      same('voice', data.voice, { channel: 'lounge', device, muted: true, deafened: false, tracks: [] })
      await server.connection.settled()
      same('requests', server.connection.types, ['session.resume'])
    },
  },
  {
    id: 'tells-when-it-is-muted',
    rules: ['VOICE-4'],
    title: 'muting is told to the server',
    needs: ['voice'],
    run: async (client, server) => {
      await client.login()
      await client.voice.join('lounge')
      await client.voice.mute(true)
      const { data } = await server.asked('voice.update')
      same('voice.update', [data.channel, data.muted], ['lounge', true])
      await client.voice.mute(false)
      same('and back', (await server.asked('voice.update', 2)).data.muted, false)
    },
  },
  {
    id: 'is-moved',
    rules: ['VOICE-7'],
    title: 'after voice.moved the client stays connected, is out of voice, and does not take its place back',
    needs: ['voice'],
    run: async (client, server) => {
      await client.start('general')
      await client.voice.join('lounge')
      server.misbehave('voice-moved')
      await server.connection.settled()
      server.post('general', ['still here'])
      await client.gets('still here')
      same('connections', server.connections.length, 1)
      server.connection.cut()
      const { data } = await server.asked('session.resume')
      same('voice', data.voice, undefined)
      await server.connection.settled()
      const joins = server.connections.flatMap((connection) => connection.asked('voice.join'))
      same('times that it joined', joins.length, 1)
    },
  },
  {
    id: 'publishes-first',
    rules: ['TRACK-1', 'MEDIA-1', 'MEDIA-4'],
    title:
      'no frame leaves before its track has a number; then each carries it, counts on, and advances by its samples',
    needs: ['speak'],
    run: async (client, server, changes) => {
      await client.login()
      await client.voice.join('lounge')
      const held = server.hold('track.publish')
      const spoken = client.voice.speak?.()
      const publish = await changes.until('track.publish', () => held[0])
      const { connection } = publish
      await connection.settled()
      same('frames before the reply', connection.frames.length, 0)
      same('where to', publish.request.data.to, { channel: 'lounge' })
      publish.release(() => ({ data: { track: server.nextTrack(connection) } }))
      await spoken
      const frames = await changes.until('ten frames', () =>
        connection.frames.length >= 10 ? connection.frames.slice(0, 10) : undefined,
      )
      same('kinds', new Set(frames.map(({ kind }) => kind)).size === 1 && frames[0]?.kind, MediaKind.audio)
      same('tracks', [...new Set(frames.map(({ track }) => track))].length, 1)
      same(
        'seq',
        frames.map(({ seq }) => seq),
        frames.map((_, at) => at),
      )
      for (const [at, { timestamp, flags }] of frames.entries()) {
        const step = timestamp - (frames[at - 1]?.timestamp ?? timestamp - FRAME_US)
        // Whole samples, or a new anchor; rounding to microseconds costs one.
        const anchored = (flags & (MediaFlag.discontinuity | MediaFlag.talkSpurtStart)) !== 0
        must(
          anchored || Math.abs(step - FRAME_US) <= 1,
          `frame ${at} to come 20 ms after the one before, got ${step} µs`,
        )
        must(timestamp >= 0 && timestamp < 2 ** 48, `a timestamp of 48 bits, got ${timestamp}`)
      }
    },
  },
  {
    id: 'is-silent-when-muted',
    rules: ['MEDIA-5'],
    title: 'a muted client sends no frame, and goes on when it is not muted any more',
    needs: ['speak'],
    run: async (client, server, changes) => {
      await client.login()
      await client.voice.join('lounge')
      await client.voice.speak?.()
      const { connection } = server
      await changes.until('a frame', () => connection.frames[0])
      await client.voice.mute(true)
      await connection.settled()
      const before = connection.frames.length
      await pause()
      same('frames while muted', connection.frames.length - before, 0)
      await client.voice.mute(false)
      await changes.until('a frame again', () => connection.frames[before])
    },
  },
  {
    id: 'shuts-its-gate',
    rules: ['GATE-1', 'GATE-2', 'PROBE-2'],
    title:
      'while a probe waits for its answer no media leaves; then at most 100 ms of it do, marked where some are lost',
    needs: ['speak'],
    run: async (client, server, changes) => {
      await client.login()
      await client.voice.join('lounge')
      await client.voice.speak?.()
      const { connection } = server
      await changes.until('media to flow', () => (connection.frames.length >= 30 ? true : undefined))
      const probes = connection.probes.filter(({ at }) => at >= (connection.frames[0]?.at ?? 0))
      must(probes.length >= 2, `probes where media flows, got ${probes.length} for ${connection.frames.length} frames`)
      server.misbehave('no-probe-answer')
      await pause(600)
      const shut = connection.frames.length
      await pause(400)
      same('frames through a shut gate', connection.frames.length - shut, 0)
      server.answersProbes = true
      for (const { seq } of connection.probes) connection.answer(seq)
      const frames = await changes.until(
        'media again',
        () => connection.frames.slice(shut + 12).length > 0 && connection.frames.slice(shut),
      )
      must(((frames[0]?.flags ?? 0) & MediaFlag.discontinuity) !== 0, 'the first frame to be marked discontinuous')
      const late = frames.filter(({ at }) => at - (frames[0]?.at ?? 0) < 10)
      // What came while this process was busy comes in one go as well.
      must(late.length <= 12, `at most 100 ms of frames to be kept, ${late.length} came at once`)
    },
  },
  {
    id: 'publishes-again',
    rules: ['RES-4', 'TRACK-3'],
    title: 'after a drop the track is declared in the resume, and frames carry its new number',
    needs: ['speak'],
    run: async (client, server, changes) => {
      await client.login()
      await client.voice.join('lounge')
      await client.voice.speak?.()
      const first = server.connection
      await changes.until('a frame', () => first.frames[0])
      const { data: published } = await server.asked('track.publish')
      first.cut()
      const { data } = await server.asked('session.resume')
      const { key, format } = published
      same('tracks', (data.voice as { tracks: unknown }).tracks, [{ key, format }])
      const frame = await changes.until('a frame on the new connection', () => server.connection.frames[0])
      must(frame.track !== first.frames[0]?.track, 'the new number in the header')
    },
  },
]

/** What is to come to nothing needs some time to come to nothing. */
function pause(duration = 400): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, duration))
}
