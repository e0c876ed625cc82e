import type { RecordingSummary } from '@arclight/core/protocol'
import { checkEqual, checkHas, checkThat } from '../../check.ts'
import { H264_PICTURE } from '../h264-picture.ts'
import { picture } from '../media.ts'
import { countSamples } from '../mp4-samples.ts'
import { type ServerCase, serverCase } from '../server-case.ts'
import { PICTURES, record, sharedRecording, stopRecording } from '../shared-recording.ts'

const NEEDS = { needs: ['recording'] } as const
const SLOW = { needs: ['recording'], pace: 'slow' } as const
/** A user has two at a time. */
const ALONE = { needs: ['recording'], pace: 'alone' } as const
const ABSENCE_MS = 30_000
const LATE_MS = 8_000
/** 1,024 samples each at 48 kHz, in three seconds. */
const AAC_FRAMES = (3 * 48_000) / 1_024
/** Of noise; silence in AAC takes a few hundred. */
const LEAST_SOUND_BYTES = 12_000
const LINK_MS = 600_000
const NEAR_MS = 60_000
const NOBODY = 'conformance-no-recording'

/** Recordings. */
export const recordingCases: readonly ServerCase[] = [
  serverCase(
    'REC-1.summary',
    'recording.start gives the summary of a recording of the caller’s',
    NEEDS,
    async (context) => {
      const { started, title } = await sharedRecording(context)
      const owner = { id: context.account().id }
      checkHas(started, { title, state: 'recording', owner, videoFrames: 0 }, 'the summary')
    },
  ),
  serverCase('REC-1.two', 'at most two of one user at a time', ALONE, async (context) => {
    const peer = await context.signIn(2)
    const ids: string[] = []
    for (let count = 0; count < 2; count++) {
      ids.push((await peer.ask('recording.start', { title: 'conformance: one of two' })).recording.id)
    }
    const { code } = await peer.refused('recording.start', {}, 'rate_limited', 'of a third')
    checkEqual(code, 'rate_limited', 'the code')
    for (const id of ids) await stopRecording(peer, id)
  }),
  serverCase(
    'REC-1.unavailable',
    'a server without the capability answers unavailable and says why',
    async (context) => {
      if (context.target.capabilities.has('recording')) return context.skip('the server records')
      const peer = await context.signIn()
      const reply = await peer.request('recording.start', {})
      const code = 'error' in reply ? reply.error.code : 'success'
      checkThat(code === 'unavailable', 'recording.start to be refused with unavailable', reply)
    },
  ),
  serverCase(
    'REC-2.file',
    'recording.stop replies when the file can be played: H.264 as it came, sound as AAC',
    NEEDS,
    async (context) => {
      const { stopped, token } = await sharedRecording(context)
      checkHas(stopped, { state: 'finished', videoFrames: PICTURES, width: 320, height: 240 }, 'the summary')
      checkThat(Math.abs(stopped.durationMs - 3_000) < 250, 'three seconds', stopped.durationMs)
      const { status, body } = await context.get(`/recordings/${stopped.id}`, { Authorization: `Bearer ${token}` })
      checkEqual(status, 200, 'the status of the file')
      checkEqual(body.length, stopped.bytes, 'the size of the file')
      for (const codec of ['avc1', 'mp4a'])
        checkThat(body.includes(codec), `${codec} in the MP4 file`, body.subarray(0, 32))
      const samples = countSamples(body)
      checkEqual(samples.get('vide'), PICTURES, 'how many pictures the MP4 file has')
      const sounds = samples.get('soun') ?? 0
      const beside = body.length - PICTURES * H264_PICTURE.length
      checkThat(
        beside > LEAST_SOUND_BYTES,
        'three seconds of noise in the MP4 file',
        `${beside} bytes beside the pictures`,
      )
      checkThat(sounds > 0.9 * AAC_FRAMES && sounds < 1.1 * AAC_FRAMES, 'three seconds of AAC frames', sounds)
    },
  ),
  serverCase(
    'REC-3.list',
    'recording.list gives the caller’s, newest first, and nobody else’s',
    NEEDS,
    async (context) => {
      const { stopped } = await sharedRecording(context)
      const [peer, other] = [await context.signIn(), await context.signIn(2)]
      const later = await record(peer, 'conformance: a later one')
      const { recordings } = await peer.ask('recording.list', {})
      const times = recordings.map(({ startedAt }) => startedAt)
      checkEqual(
        times,
        [...times].sort((a, b) => b - a),
        'the times at which they started',
      )
      const ids = recordings.map(({ id }) => id)
      checkThat(ids.indexOf(later.recording.id) < ids.indexOf(stopped.id), 'the newest first', ids)
      const owners = (all: readonly RecordingSummary[]): string[] => [...new Set(all.map(({ owner }) => owner.id))]
      checkEqual(owners(recordings), [context.account().id], 'whose the caller’s are')
      const others = await other.ask('recording.list', {})
      checkThat(!others.recordings.some(({ id }) => ids.includes(id)), 'none of them for another user', others)
      peer.sendBinary(picture(later.track, 0))
      await stopRecording(peer, later.recording.id)
    },
  ),
  serverCase('REC-3.not-found', 'for any other id every request answers not_found', NEEDS, async (context) => {
    const { stopped } = await sharedRecording(context)
    const other = await context.signIn(2)
    for (const recording of [stopped.id, NOBODY]) {
      const camera = {
        key: 'camera',
        format: { kind: 'video', codec: 'h264', width: 320, height: 240 },
        to: { recording },
      }
      await other.refused('recording.stop', { recording }, 'not_found', 'of a recording that is not the caller’s')
      await other.refused('recording.link', { recording, disposition: 'inline' }, 'not_found', 'of another’s')
      await other.refused('track.publish', camera, 'not_found', 'to a recording that is not the caller’s')
    }
  }),
  serverCase(
    'REC-4.resume',
    'a resume goes on with each track: a new number, and the seq that is lacking',
    ALONE,
    async (context) => {
      const { peer: first, account } = await context.newcomer()
      const { recording, track: old } = await record(first, 'conformance: interrupted')
      for (let seq = 0; seq < 12; seq++) first.sendBinary(picture(old, seq))
      await first.settle()
      first.dispose()
      const peer = await context.connect()
      const tracks = [{ key: 'camera', format: { kind: 'video', codec: 'h264', width: 320, height: 240 } as const }]
      const declared = [
        { recording: recording.id, tracks },
        { recording: NOBODY, tracks: [] },
      ]
      const reply = await peer.ask('session.resume', { token: account.token, cursors: {}, recordings: declared })
      checkEqual(reply.recordings?.[NOBODY], 'gone', 'a recording that is not there')
      const resumed = reply.recordings?.[recording.id]
      checkThat(typeof resumed === 'object', 'the tracks of the recording', resumed)
      const { track, next } = resumed['camera'] ?? { track: 0, next: -1 }
      checkEqual(next, 12, 'next, after 12 frames')
      checkThat(track !== old && track > 0, 'a new number', track)
      for (let seq = next; seq < 20; seq++) peer.sendBinary(picture(track, seq))
      checkHas(await stopRecording(peer, recording.id), { state: 'finished', videoFrames: 20 }, 'the summary')
    },
  ),
  serverCase('REC-4.ends', 'nobody comes back: after 30 s it ends by itself', SLOW, async (context) => {
    const recorder = await context.signIn(2)
    const { recording, track } = await record(recorder, 'conformance: left alone')
    for (let seq = 0; seq < 5; seq++) recorder.sendBinary(picture(track, seq))
    await recorder.settle()
    recorder.dispose()
    const from = performance.now()
    const peer = await context.signIn(2)
    for (;;) {
      const { recordings } = await peer.ask('recording.list', {})
      const { state } = recordings.find(({ id }) => id === recording.id) ?? { state: 'not listed' }
      const after = performance.now() - from
      if (after < ABSENCE_MS - 1_500) checkEqual(state, 'recording', `the state after ${Math.round(after)} ms`)
      else if (state === 'finished') return
      checkThat(after < ABSENCE_MS + LATE_MS, 'the recording to end after 30 s', state)
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }),
  serverCase('REC-5.progress', 'the owner’s connection is told how the file grows', NEEDS, async (context) => {
    const { progress } = await sharedRecording(context)
    checkThat(progress.length > 0, 'recording.progress while something is recorded', progress)
    const last = progress.at(-1)
    checkThat((last?.bytes ?? 0) > 0 && (last?.durationMs ?? 0) > 0, 'a file that has grown', last)
    const bytes = progress.map((one) => one.bytes)
    checkEqual(
      bytes,
      [...bytes].sort((a, b) => a - b),
      'the sizes in the order in which they were told',
    )
  }),
  serverCase(
    'REC-7.link',
    'recording.link gives a path that works without a token, for 10 minutes',
    NEEDS,
    async (context) => {
      const { stopped } = await sharedRecording(context)
      const { peer, hello } = { peer: await context.signIn(), hello: (await context.greeted()).hello }
      for (const disposition of ['inline', 'attachment'] as const) {
        const { path, expiresAt } = await peer.ask('recording.link', { recording: stopped.id, disposition })
        const left = expiresAt - hello.clock.wall
        checkThat(Math.abs(left - LINK_MS) < NEAR_MS, 'a link that works for 10 minutes', `${left} ms`)
        const { status, headers, body } = await context.get(path)
        checkEqual([status, body.length], [200, stopped.bytes], 'status and size by the link')
        const said = headers['content-disposition'] ?? 'nothing'
        checkThat(said.startsWith(disposition), `Content-Disposition: ${disposition}`, said)
      }
    },
  ),
  serverCase('REC-7.tampered', 'a link that was changed is 404', NEEDS, async (context) => {
    const { stopped } = await sharedRecording(context)
    const peer = await context.signIn()
    const { path } = await peer.ask('recording.link', { recording: stopped.id, disposition: 'attachment' })
    const link = new URL(path, context.target.httpUrl)
    for (const [name, value] of link.searchParams) {
      const changed = new URL(link)
      // The last character of a base64url text may hold bits that say nothing: the first is changed.
      changed.searchParams.set(
        name,
        /^\d+$/.test(value) ? `${Number(value) + 1}` : `${value[0] === 'a' ? 'b' : 'a'}${value.slice(1)}`,
      )
      const { status } = await context.get(changed.href)
      checkEqual(status, 404, `the status with another ${name}`)
      const without = new URL(link)
      without.searchParams.delete(name)
      const answer = await context.get(without.href)
      checkThat(answer.status === 404 || answer.status === 401, `no file without ${name}`, answer.status)
    }
    const elsewhere = new URL(link)
    elsewhere.pathname = `/recordings/${NOBODY}`
    checkEqual((await context.get(elsewhere.href)).status, 404, 'the status for another recording')
  }),
  serverCase('REC-7.ranges', 'ranges are answered', NEEDS, async (context) => {
    const { stopped, token } = await sharedRecording(context)
    const path = `/recordings/${stopped.id}`
    const bearer = { Authorization: `Bearer ${token}` }
    const whole = (await context.get(path, bearer)).body
    for (const [range, start, end] of [
      ['bytes=0-99', 0, 99],
      ['bytes=100-', 100, stopped.bytes - 1],
      ['bytes=-50', stopped.bytes - 50, stopped.bytes - 1],
    ] as const) {
      const { status, headers, body } = await context.get(path, { ...bearer, Range: range })
      checkEqual(
        [status, headers['content-range']],
        [206, `bytes ${start}-${end}/${stopped.bytes}`],
        `the answer to ${range}`,
      )
      checkThat(body.equals(whole.subarray(start, end + 1)), `the bytes of ${range}`, `${body.length} others`)
    }
    const past = await context.get(path, { ...bearer, Range: `bytes=${stopped.bytes}-` })
    checkEqual(past.status, 416, 'the status past the end')
  }),
]
