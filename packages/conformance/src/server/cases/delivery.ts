import { MediaFlag, readFlags, readSeq } from '@arclight/core/codec'
import { CLOSE } from '@arclight/core/protocol'
import { checkEqual, checkThat } from '../../check.ts'
import type { ServerContext } from '../context.ts'
import { readMessages } from '../log-truth.ts'
import { sound } from '../media.ts'
import type { Peer } from '../peer.ts'
import { type ServerCase, serverCase } from '../server-case.ts'
import { listen, talk } from '../talk.ts'
import { wait } from '../wait.ts'

const NEEDS = { needs: ['voice'] } as const
const STEP_MS = 10
/** 24 kB of JSON each: what a control character is on the wire. */
const BIG_TEXT = '\u0001'.repeat(4_000)
/** Of all writers together: 7 MB. */
const FLOOD = 300
const BATCH = 25
const TRIES = 20
/** What shows that it is open, and brings probes: 300 ms. */
const OPEN_FRAMES = 30
/** A gate that shuts 100 ms past the round trip is shut by then. */
const SHUT_MS = 400
const KEPT_MS = 100
const TIMER_SLACK_MS = 150

/** Sends a frame every 10 ms until told; knows when each left. */
function stream(peer: Peer, track: number): { readonly sentAt: Map<number, number>; stop(): Promise<void> } {
  const sentAt = new Map<number, number>()
  let on = true
  // A case that fails does not stop it.
  void peer.closed.then(() => {
    on = false
  })
  const done = (async () => {
    for (let seq = 0; on; seq++) {
      sentAt.set(seq, performance.now())
      peer.sendBinary(sound(track, seq))
      await wait(STEP_MS)
    }
  })()
  const stop = (): Promise<void> => {
    on = false
    return done
  }
  return { sentAt, stop }
}

/** Who talks, and who hears and has stopped answering probes so long that the gate is shut. */
async function shutGate(context: ServerContext) {
  const [listener, { peer, track }] = [await listen(context), await talk(context, 2)]
  const flow = stream(peer, track)
  for (let count = 0; count < OPEN_FRAMES; count++) await listener.frame(track)
  listener.ignoreProbes()
  await wait(SHUT_MS)
  return { listener, peer, track, flow }
}

/**
 * Messages as large as can be, from every user that the kit has: more than a kernel takes for who does not read. Resolves
 * with the seq of the last.
 */
async function flood(context: ServerContext): Promise<number> {
  const { target, text } = context
  const tokens = new Set([...target.accounts.quick, ...target.accounts.slow].map(({ token }) => token))
  const writers = await Promise.all([...tokens].map((token) => context.withToken(token)))
  let last = 0
  await Promise.all(
    writers.map(async (peer) => {
      for (let left = FLOOD / writers.length; left > 0; left -= BATCH) {
        const sent = Array.from({ length: Math.min(left, BATCH) }, () => {
          return peer.ask('message.send', { channel: text.id, clientId: context.unique(), text: BIG_TEXT })
        })
        for (const { message } of await Promise.all(sent)) last = Math.max(last, message.seq)
      }
    }),
  )
  target.shared.set('flood', Promise.resolve(last))
  return last
}

/** As `flood`, once a run: who only reads it needs no other. */
async function flooded(context: ServerContext): Promise<number> {
  return ((await context.target.shared.get('flood')) as number | undefined) ?? flood(context)
}

/** What leaves when. */
export const deliveryCases: readonly ServerCase[] = [
  serverCase(
    'TURN-1.class-order',
    'of what came in one write, the state leaves before the media',
    NEEDS,
    async (context) => {
      const listener = await listen(context)
      const { peer, member, track } = await talk(context, 2)
      const channel = context.voice.id
      for (let seq = 0; seq < TRIES; seq++) {
        const muted = seq % 2 === 0
        let id = 0
        peer.together(() => {
          peer.sendBinary(sound(track, seq))
          id = peer.post('voice.update', { channel, muted, deafened: false })
        })
        const reply = await peer.reply(id)
        if ('error' in reply) {
          await listener.frame(track)
          await wait(reply.error.retryAfterMs ?? 0)
          continue
        }
        const frame = await listener.frame(track)
        await listener.event('voice.changed', (data) => data.member.member === member && data.member.muted === muted)
        const changedAt = listener.received.findLastIndex(
          (one) => !(one instanceof Uint8Array) && one['type'] === 'voice.changed',
        )
        if (changedAt < listener.received.indexOf(frame)) return
      }
      checkThat(false, `the event before the frame, once in ${TRIES} times`, 'the frame first, each time')
    },
  ),
  serverCase(
    'TURN-2.lagging',
    'who is too slow for a channel gets channel.lagging, loses no entry and stays',
    { needs: ['heavy'], pace: 'alone' },
    async (context) => {
      const [listener, reader] = [await context.signIn(), await context.signIn()]
      const channel = context.text.id
      const { channel: joined } = await listener.ask('channel.join', { channel })
      listener.pause()
      const last = await flood(context)
      listener.readOn()
      await listener.settle()
      const entries = (): number[] => listener.events('message.created').map(({ message }) => message.seq)
      if (listener.events('channel.lagging').length === 0 && entries().includes(last)) {
        context.limitDidNotShow('channel.lagging for a listener that does not read')
      }
      const lagging = await listener.event('channel.lagging', (data) => data.channel === channel)
      checkThat(lagging.seq <= last && lagging.seq > joined.head, `a seq up to ${last}`, lagging)
      const [after] = await context.say(reader, 1)
      await listener.event('message.created', ({ message }) => message.seq === after?.seq)
      const lagged = listener.events('channel.lagging').map(({ seq }) => seq)
      const pulled = (await readMessages(listener, channel, joined.head)).map(({ seq }) => seq)
      const known = new Set([...entries(), ...pulled.filter((seq) => seq <= Math.max(...lagged))])
      checkEqual(
        pulled.filter((seq) => !known.has(seq)),
        [],
        'entries that neither came nor are at or below the lag',
      )
    },
  ),
  serverCase(
    'CLOSE-1.slow',
    'who does not even take replies is closed with 4001',
    { needs: ['heavy'], pace: 'alone' },
    async (context) => {
      const peer = await context.signIn()
      const before = (await flooded(context)) + 1
      peer.pause()
      for (let count = 0; count < 8; count++)
        peer.post('history.page', { channel: context.text.id, before, limit: 100 })
      await wait(1_500)
      peer.readOn()
      await peer.closedWith(CLOSE.slow)
    },
  ),
  serverCase(
    'GATE-1.shut',
    'no media leaves while a probe has no answer for the round trip and 100 ms',
    NEEDS,
    async (context) => {
      const { listener, track, flow } = await shutGate(context)
      const from = listener.framesOf(track).length
      await wait(SHUT_MS)
      const came = listener.framesOf(track).length - from
      await flow.stop()
      checkEqual(came, 0, `frames at a gate that is shut, over ${SHUT_MS} ms`)
    },
  ),
  serverCase('GATE-1.control-passes', 'a shut gate stops nothing but media', NEEDS, async (context) => {
    const { listener, flow } = await shutGate(context)
    await listener.ask('channel.join', { channel: context.text.id })
    const [message] = await context.say(listener, 1)
    await listener.event('message.created', (data) => data.message.seq === message?.seq)
    await flow.stop()
  }),
  serverCase(
    'GATE-2.newest-kept',
    'the newest 100 ms are kept, and the first frame of what is left says discontinuity',
    NEEDS,
    async (context) => {
      const { listener, track, flow } = await shutGate(context)
      await wait(SHUT_MS)
      const before = listener.framesOf(track).length
      const openedAt = performance.now()
      listener.answerProbes()
      await listener.settle()
      const releasedAt = performance.now()
      await wait(100)
      await flow.stop()
      const came = listener.framesOf(track).slice(before)
      const seqs = came.map(readSeq)
      const oldest = openedAt - (flow.sentAt.get(seqs[0] ?? -1) ?? Number.POSITIVE_INFINITY)
      checkThat(oldest <= KEPT_MS + TIMER_SLACK_MS, 'no frame older than 100 ms', `one of ${Math.round(oldest)} ms`)
      const kept = oldest + releasedAt - openedAt
      checkThat(kept >= KEPT_MS / 3, 'what was sent in the last 100 ms', `the oldest of ${Math.round(kept)} ms`)
      const marks = came.map((frame) => (readFlags(frame) & MediaFlag.discontinuity) !== 0)
      checkEqual(
        marks,
        marks.map((_, at) => at === 0),
        'the discontinuity flags of the frames behind the gap',
      )
      checkEqual(
        seqs,
        seqs.map((_, at) => (seqs[0] ?? 0) + at),
        'the seqs behind the gap',
      )
    },
  ),
]
