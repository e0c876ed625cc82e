import { encodeProbe, HEADER_BYTES, MediaFlag, MediaKind, NO_LEVEL, readHeader } from '@arclight/core/codec'
import { CLOSE } from '@arclight/core/protocol'
import { checkEqual, checkHas, checkThat } from '../../check.ts'
import type { ServerContext } from '../context.ts'
import { sound } from '../media.ts'
import type { Peer, PeerOptions } from '../peer.ts'
import { type ServerCase, serverCase } from '../server-case.ts'
import { enter, listen, talk } from '../talk.ts'
import { wait } from '../wait.ts'

const IDLE_MS = 10_000
const VOICE_MS = 5_000
const MEDIA_MS = 50
const LATE_MS = 2_500
const EARLY_MS = 1_000
/** Of both clocks' ticks and of a machine that is busy. */
const CLOCK_SLACK_MS = 250
const SLOW = { pace: 'slow' } as const
const SLOW_VOICE = { pace: 'slow', needs: ['voice'] } as const

/** Probes come in the rhythm, and two without an answer end the connection. */
async function checkRhythm(peer: Peer, interval: number): Promise<void> {
  const first = await peer.probes.take('a probe', interval + LATE_MS)
  const second = await peer.probes.take('another probe', interval + LATE_MS)
  const between = Math.round(second.at - first.at)
  checkThat(between > interval - EARLY_MS, `probes ${interval} ms apart`, `${between} ms`)
}

async function checkSilence(peer: Peer, interval: number): Promise<void> {
  const first = await peer.probes.take('a probe', interval + LATE_MS)
  await peer.closedWith(CLOSE.silent, 2 * interval + LATE_MS)
  const after = Math.round(performance.now() - first.at)
  const probes = peer.probes.all.length
  checkThat(probes >= 2, 'two probes before the close', `${probes} probes`)
  checkThat(after > interval, `the close to wait for the answers of both, ${interval} ms apart`, `${after} ms`)
}

/** In voice, and without media, which has probes of its own. */
async function deafened(context: ServerContext, options: PeerOptions = {}): Promise<Peer> {
  const peer = await context.signIn(1, options)
  await enter(context, peer, { deafened: true })
  return peer
}

/** Probes and the clocks that they tell. */
export const probeCases: readonly ServerCase[] = [
  serverCase(
    'PROBE-1.echo',
    'a probe is answered with its seq and the echo flag, a stranger’s too',
    async (context) => {
      const peer = await context.connect()
      for (const seq of [0, 1, 0x01020304, 2 ** 32 - 1]) {
        peer.sendBinary(encodeProbe({ seq, timestamp: 123_456, echo: false }))
        const echo = await peer.echoes.take(`the answer to the probe ${seq}`, context.target.timeoutMs)
        const { timestamp: _, ...header } = readHeader(echo)
        const expected = { kind: MediaKind.probe, flags: MediaFlag.echo, track: 0, seq, level: NO_LEVEL }
        checkEqual(header, expected, 'the header of the answer')
        checkEqual(echo.length, HEADER_BYTES, 'the length of the answer')
      }
    },
  ),
  serverCase('PROBE-1.no-echo-of-echo', 'an answer is not answered', async (context) => {
    const peer = await context.connect()
    peer.sendBinary(encodeProbe({ seq: 5, timestamp: 0, echo: true }))
    await peer.settle()
    checkEqual(peer.echoes.all.filter((frame) => readHeader(frame).seq === 5).length, 0, 'answers to an answer')
  }),
  serverCase('PROBE-2.idle', 'a connection without voice is probed every 10 s', SLOW, async (context) => {
    await checkRhythm(await context.signIn(), IDLE_MS)
  }),
  serverCase('PROBE-2.voice', 'a connection in voice is probed every 5 s', SLOW_VOICE, async (context) => {
    const peer = await deafened(context)
    // What others do in the channel may bring probes of its own: in between none may be missing.
    let at = performance.now()
    for (const until = at + 3 * VOICE_MS; at < until; ) {
      const probe = await peer.probes.take(`a probe within ${VOICE_MS} ms`, VOICE_MS + LATE_MS)
      at = probe.at
    }
  }),
  serverCase(
    'PROBE-2.media',
    'where media flows probes come with it, 50 ms apart or more',
    { needs: ['voice'] },
    async (context) => {
      const [listener, { peer, track }] = [await listen(context), await talk(context, 2)]
      const from = performance.now()
      for (let seq = 0; performance.now() - from < 1_000; seq++) {
        peer.sendBinary(sound(track, seq))
        await wait(10)
      }
      await listener.settle()
      const times = listener.probes.all.map(({ at }) => at)
      checkThat(times.length >= 5, 'probes while media flows for a second', `${times.length} probes`)
      checkThat(times.length <= 1_500 / MEDIA_MS, 'probes 50 ms apart or more', `${times.length} in a second`)
    },
  ),
  serverCase('PROBE-3.silent', 'two probes without an answer close the connection with 4002', SLOW, async (context) => {
    await checkSilence(await context.signIn(1, { answersProbes: false }), IDLE_MS)
  }),
  serverCase('PROBE-3.voice', 'in voice too, after two of its intervals', SLOW_VOICE, async (context) => {
    await checkSilence(await deafened(context, { answersProbes: false }), VOICE_MS)
  }),
  serverCase('PROBE-3.answered', 'a connection that answers stays, however little it says', SLOW, async (context) => {
    const peer = await context.signIn()
    const ended = await Promise.race([peer.closed, wait(2.5 * IDLE_MS)])
    checkEqual(ended, undefined, 'a close within 25 s')
    await peer.ask('channel.list', {})
  }),
  serverCase(
    'CLOCK-2.one-instant',
    'the clock of session.hello is that of the probes, and a wall clock',
    async (context) => {
      const { peer, hello } = await context.greeted()
      const greetedAt = performance.now()
      await wait(400)
      for (const seq of [1, 2]) {
        const from = performance.now()
        peer.sendBinary(encodeProbe({ seq, timestamp: 0, echo: false }))
        const { timestamp } = readHeader(await peer.echoes.take('an answer', context.target.timeoutMs))
        const elapsed = from - greetedAt
        const said = (timestamp - hello.clock.session) / 1_000
        checkThat(Math.abs(said - elapsed) < CLOCK_SLACK_MS, `${Math.round(elapsed)} ms on the session clock`, said)
      }
      const later = (await context.greeted()).hello.clock
      const [session, wall] = [(later.session - hello.clock.session) / 1_000, later.wall - hello.clock.wall]
      checkThat(Math.abs(session - wall) < CLOCK_SLACK_MS, 'both clocks to go alike', { session, wall })
      checkHas(hello, { clock: { wall: Math.round(hello.clock.wall) } }, 'session.hello')
    },
  ),
]
