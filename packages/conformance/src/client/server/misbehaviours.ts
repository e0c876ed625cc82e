import { LIMITS } from '@arclight/core/protocol'
import { refusal } from './answers.ts'
import { garbageFrames, garbageTexts } from './garbage.ts'
import type { KitServer } from './kit-server.ts'

/** Something that a server does and should not, or may and seldom does. */
interface Way {
  readonly says: string
  readonly begin: (server: KitServer) => void
}

const YEARS = 10 * 365 * 86_400_000

function isEntry(message: Record<string, unknown>): boolean {
  return typeof message.seq === 'number'
}

/** The ways, by name. Those that concern a connection concern the newest. */
export const MISBEHAVIOURS = {
  'accepts-and-is-silent': {
    says: 'takes the TCP connection and never answers the upgrade',
    begin: (server) => {
      server.door = 'silent'
    },
  },
  'refuses-upgrades': {
    says: 'answers each upgrade with 503',
    begin: (server) => {
      server.door = 'refuses'
    },
  },
  'never-greets': {
    says: 'opens the WebSocket and says nothing',
    begin: (server) => {
      server.hello = undefined
    },
  },
  'stops-reading': { says: 'takes nothing any more', begin: (server) => server.connection.stopReading() },
  'no-probe-answer': {
    says: 'leaves probes without an answer',
    begin: (server) => {
      server.answersProbes = false
    },
  },
  'close-before-reply': {
    says: 'stores the next message and loses the line before it can say so',
    begin: (server) => {
      const store = server.answers['message.send']
      server.once('message.send', (data, connection) => {
        store?.(data, connection)
        connection.cut()
        return undefined
      })
    },
  },
  'duplicate-events': {
    says: 'sends each entry of a log twice',
    begin: (server) => void server.bends.push((message) => (isEntry(message) ? [message, message] : [message])),
  },
  gaps: {
    says: 'leaves out each entry of a log with an odd seq',
    begin: (server) =>
      void server.bends.push((message) => (isEntry(message) && Number(message.seq) % 2 === 1 ? [] : [message])),
  },
  'reordered-entries': {
    says: 'sends each two entries of a log in the wrong order',
    begin: (server) => {
      let kept: object | undefined
      server.bends.push((message) => {
        if (!isEntry(message)) return [message]
        const pair = kept ? [message, kept] : []
        kept = kept ? undefined : message
        return pair
      })
    },
  },
  'unknown-fields': {
    says: 'adds fields that nobody knows to all that it says',
    begin: (server) => void server.bends.push((message) => [withMore(message)]),
  },
  'unknown-events': {
    says: 'sends events of types that nobody knows',
    begin: ({ connection }) => {
      connection.send({ type: 'weather.changed', data: { sky: 'grey' } })
      connection.send({ type: 'weather.changed' })
      connection.send({ type: 'constructor', data: {} })
      connection.send({ type: '', data: null })
    },
  },
  'garbage-text': {
    says: 'sends text frames that are no messages',
    begin: ({ connection }) => {
      for (const text of garbageTexts()) connection.sendText(text)
    },
  },
  'garbage-binary': {
    says: 'sends binary frames that are no media',
    begin: ({ connection }) => {
      for (const frame of garbageFrames()) connection.sendBinary(frame)
    },
  },
  oversized: {
    says: 'sends frames larger than any may be',
    begin: ({ connection }) => {
      connection.sendText(JSON.stringify({ type: 'weather.changed', data: 'x'.repeat(5 * LIMITS.mediaBytes) }))
    },
  },
  goaway: {
    says: 'says that it goes away within 5 s',
    begin: (server) => goAway(server, 5_000),
  },
  'goaway-and-stays': {
    says: 'says that it goes away within 0.3 s, and does not close',
    begin: (server) => goAway(server, 300),
  },
  'resume-refused': {
    says: 'does not know the token any more',
    begin: (server) => {
      server.answers['session.resume'] = () => refusal('unauthenticated')
    },
  },
  'epoch-changed': {
    says: 'has another log',
    begin: (server) => {
      const log = server.log('general')
      log.epoch = 'e2'
      log.entries = log.entries.slice(0, 1)
    },
  },
  'head-below-cursor': {
    says: 'came back with an older copy of its log',
    begin: (server) => {
      server.log('general').entries.splice(1)
    },
  },
  'clock-ahead': {
    says: 'is ten years ahead',
    begin: (server) => {
      server.clockAheadMs = YEARS
    },
  },
  'clock-behind': {
    says: 'is ten years behind',
    begin: (server) => {
      server.clockAheadMs = -YEARS
    },
  },
  'token-replaced': {
    says: 'gives another token at the next refresh',
    begin: (server) => {
      server.token = 'the-second-token-of-mei'
    },
  },
  'rate-limited': {
    says: 'refuses the next message for 400 ms',
    begin: (server) =>
      server.once('message.send', () => refusal('rate_limited', { retryable: true, retryAfterMs: 400 })),
  },
  lagging: {
    says: 'holds back what the others write, and says how far it is',
    begin: (server) => {
      server.announces = false
      server.post('general', ['held 1', 'held 2', 'held 3'])
      server.announces = true
      server.connection.send({ type: 'channel.lagging', data: { channel: 'general', seq: server.log('general').head } })
    },
  },
  'voice-moved': {
    says: 'gives the place in voice to another connection',
    begin: ({ connection }) => connection.send({ type: 'voice.moved', data: { channel: 'lounge', member: 'm1' } }),
  },
} as const satisfies Record<string, Way>

/** The name of a way to misbehave. */
export type Misbehaviour = keyof typeof MISBEHAVIOURS

function goAway({ connection }: KitServer, withinMs: number): void {
  connection.send({ type: 'session.goaway', data: { withinMs, spreadMs: 0 } })
  connection.judge.isLeaving = true
}

/** In the envelope and in each object of the data. A map's keys are data: `channels`, `tracks`. */
function withMore(message: Record<string, unknown>): Record<string, unknown> {
  const more = (value: unknown, isMap = false): unknown => {
    if (Array.isArray(value)) return value.map((one) => more(one))
    if (typeof value !== 'object' || value === null) return value
    const inner = Object.entries(value).map(([key, one]) => [key, more(one, MAPS.has(key) && !Array.isArray(one))])
    return { ...Object.fromEntries(inner), ...(isMap ? {} : { shoeSize: 43, nested: { deep: [null, 1] } }) }
  }
  return more(message) as Record<string, unknown>
}

const MAPS = new Set(['channels', 'tracks', 'limits'])
