import { addFlag, MediaFlag, readSeq, setTrack } from '@arclight/core/codec'
import { natureOf, type Spoil } from './spoiled-client.ts'

const YEAR = 365 * 86_400_000

function isMessage({ seq, type }: { seq?: number; type?: string }): boolean {
  return seq !== undefined && type === 'message.created'
}

/** Refusals with this code come as something else. */
function refused(code: string, change: object): Spoil {
  return {
    in: (message) => (message.error?.code === code ? { ...message, error: { ...message.error, ...change } } : message),
  }
}

/** Events of this type are lost. */
function deafTo(type: string): Spoil {
  return { in: (message) => (message.type === type ? undefined : message) }
}

/** Requests of a type leave with other data. */
function asking(type: string, change: (data: Record<string, unknown>) => object | undefined): Spoil {
  return {
    out: (message) => {
      if (message.type !== type) return message
      const data = change(message.data)
      return data && { ...message, data }
    },
  }
}

/** The application gets what of this kind comes twice. */
function twice(kind: Parameters<NonNullable<Spoil['told']>>[0]['is']): Spoil {
  return {
    told: (what, tell) => {
      tell(what)
      if (what.is === kind) tell(what)
    },
  }
}

/** Only the first request of a type leaves. */
function once(type: string): Spoil {
  let count = 0
  return asking(type, (data) => (count++ === 0 ? data : undefined))
}

function freshIds(): Spoil {
  let count = 0
  return asking('message.send', (data) => ({ ...data, clientId: `fresh ${count++}`, after: undefined }))
}

/** Each of these makes a good client break the case of its name. */
export const SPOILS: Readonly<Record<string, () => Spoil>> = {
  'offers-the-subprotocol': () => ({ subprotocol: 'chat' }),
  'waits-for-the-greeting': () => ({
    opened: ({ transport }) =>
      transport.sendText('{"id":1,"type":"auth.login","data":{"name":"mei","password":"12345678"}}'),
  }),
  'gives-up-on-a-silent-server': () => ({ requestMs: 60_000 }),
  'authenticates-first': () => ({
    out: (message, { transport }) => {
      if (message.type === 'auth.login') transport.sendText('{"id":900,"type":"channel.list","data":{}}')
      return message
    },
  }),
  'replies-in-any-order': () => {
    const ids: number[] = []
    return {
      out: (message) => {
        ids.push(message.id)
        return message
      },
      in: (message) => ('re' in message ? { ...message, re: ids.shift() } : message),
    }
  },
  'ignores-unknown-fields': () => ({ in: (message) => ('shoeSize' in message ? undefined : message) }),
  'ignores-unknown-events': () => ({
    in: (message, line) => (message.type === 'weather.changed' ? line.lose() : message),
  }),
  'unknown-entries-keep-their-place': () => deafTo('message.pinned'),
  'survives-garbage-text': () => ({ garbage: (line) => line.lose() }),
  'survives-garbage-binary': () => ({
    inBinary: (frame, line) => (frame.length < 16 ? line.lose() : undefined) as undefined,
  }),
  'survives-an-oversized-frame': () => ({ closed: () => 1009 }),
  'gives-up-on-a-reply': () => ({
    driven: ({ ask }) => ({
      ask: async (type, data) => {
        const outcome = await ask?.(type, data)
        return outcome?.is === 'unknown' || !outcome ? { is: 'unsent' } : outcome
      },
    }),
  }),
  'late-replies-are-harmless': freshIds,
  'at-most-256-wait': () => {
    let id = 10_000
    return {
      out: (message, { transport }) => {
        if (message.type === 'message.send') {
          for (let more = 0; more < 3; more++) transport.sendText(JSON.stringify({ ...message, id: id++ }))
        }
        return message
      },
    }
  },
  'comes-back': () => ({ closed: (code) => (code === 4321 ? 4500 : code) }),
  'stays-away': () => ({ closed: (code) => (code === 4777 ? 4000 : code) }),
  'first-wait-is-random': () => ({ random: () => 0.5 }),
  'waits-grow': () => ({ random: () => -0.2 }),
  'goaway-takes-no-more-requests': () => deafTo('session.goaway'),
  'goaway-gets-its-replies': () => ({
    in: (message, line) => (message.type === 'session.goaway' ? line.lose() : message),
  }),
  'goaway-spreads': () => ({
    in: (message) =>
      message.type === 'session.goaway' ? { ...message, data: { ...message.data, spreadMs: 0 } } : message,
    random: () => 0.9,
  }),
  'leaves-a-server-that-stays': () => deafTo('session.goaway'),
  'refreshes-when-due': () => ({
    in: (message) => {
      if (message.data?.refreshAt) message.data.refreshAt += YEAR
      return message
    },
  }),
  'refreshes-by-the-servers-clock': () => ({
    in: (message) => {
      if (message.type === 'session.hello') message.data.clock.wall = Date.now()
      return message
    },
  }),
  'uses-the-new-token': () => asking('session.resume', (data) => ({ ...data, token: 'the-first-token-of-mei' })),
  'keeps-the-token-of-a-lost-refresh': () =>
    asking('session.resume', (data) => ({ ...data, token: 'no token that is known' })),
  'a-refused-resume-ends-it': () => refused('unauthenticated', { code: 'unavailable', retryable: true }),
  'a-crowded-resume-comes-again': () => refused('rate_limited', { code: 'unauthenticated', retryable: false }),
  'declares-its-cursors': () => asking('session.resume', (data) => ({ ...data, cursors: {} })),
  'reads-what-it-missed': () => ({
    told: (what, tell) => (what.is === 'message' && what.text === '100') || tell(what),
  }),
  'fills-gaps': () => asking('log.read', () => undefined),
  'tells-duplicates-once': () => twice('message'),
  'puts-entries-in-order': () => {
    let kept: Parameters<NonNullable<Spoil['told']>>[0] | undefined
    return {
      told: (what, tell) => {
        if (what.is !== 'message') return tell(what)
        if (!kept) {
          kept = what
          return
        }
        tell(what)
        tell(kept)
        kept = undefined
      },
    }
  },
  'resets-when-epoch-changed': () => ({ told: (what, tell) => what.is !== 'reset' && tell(what) }),
  'resets-when-head-below-cursor': () => ({ told: (what, tell) => what.is !== 'reset' && tell(what) }),
  'pulls-when-it-lags': () => asking('log.read', () => undefined),
  'a-channel-that-is-gone': () =>
    asking('session.resume', (data) => ({
      ...data,
      cursors: { ...(data.cursors as object), random: { epoch: 'e1', seq: 0 } },
    })),
  'a-removed-channel-is-gone': () => deafTo('channel.removed'),
  'catches-up-when-it-may': () => refused('rate_limited', { retryAfterMs: 10 }),
  'joins-when-it-may': () => refused('rate_limited', { retryAfterMs: 10 }),
  'repeats-with-the-same-id': freshIds,
  'new-messages-have-new-ids': () =>
    asking('message.send', (data) => ({ ...data, clientId: 'always', after: undefined })),
  'names-the-one-before': () => asking('message.send', (data) => ({ ...data, after: undefined })),
  'repeats-in-order': freshIds,
  'waits-for-retry-after': () => refused('rate_limited', { retryAfterMs: 10 }),
  'comes-again-when-out-of-order': () => refused('out_of_order', { retryable: false }),
  'a-final-refusal-is-final': () => refused('forbidden', { retryable: true, retryAfterMs: 10 }),
  'channels-do-not-wait-for-each-other': () => refused('unavailable', { retryable: false }),
  'tells-its-own-message-once': () => ({
    in: (message) => (isMessage(message) && message.seq === 2 ? { ...message, type: 'message.pinned' } : message),
  }),
  'tells-changes': () => ({ told: (what, tell) => what.is !== 'deleted' && tell(what) }),
  'tells-what-it-missed-as-it-is': () => twice('changed'),
  'an-older-entry-says-nothing': () => twice('changed'),
  'repeats-an-answer-whole': () => asking('message.send', (data) => ({ ...data, mentions: undefined })),
  'counts-what-is-unread': () => ({ told: (what, tell) => (what.is === 'unread' && what.unread === 3) || tell(what) }),
  'reads-with-other-devices': () => deafTo('read.changed'),
  'tells-who-types': () => deafTo('typing.changed'),
  'types-again-after-a-reconnect': () => once('typing.set'),
  'watches-again-after-a-reconnect': () => once('presence.watch'),
  'history-meets-live': () => ({ told: (what, tell) => (what.is === 'past' && what.seq === 100) || tell(what) }),
  'history-is-not-older-than-live': () => ({
    // In the changes too: what comes after the page would mend it.
    told: (what, tell) => tell('text' in what && what.seq === 60 ? { ...what, text: '60' } : what),
  }),
  'declares-its-voice': () =>
    asking('session.resume', (data) => ({ ...data, voice: { ...(data.voice as object), device: 'another' } })),
  'tells-when-it-is-muted': () => asking('voice.update', () => undefined),
  'is-moved': () => deafTo('voice.moved'),
  'publishes-first': () => {
    let sent = 0
    return {
      outBinary: (frame) => {
        if (natureOf(frame) === 'media' && ++sent > 5) frame[7] = 200
        return frame
      },
    }
  },
  'is-silent-when-muted': () => {
    let last: Uint8Array | undefined
    return {
      outBinary: (frame) => {
        if (natureOf(frame) === 'media') last = frame
        return frame
      },
      out: (message, { transport }) => {
        if (message.type === 'voice.update') setTimeout(() => last && transport.sendBinary(last), 100)
        return message
      },
    }
  },
  'shuts-its-gate': () => ({
    outBinary: (frame, { handlers }) => {
      if (natureOf(frame) !== 'probe') return frame
      const echo = frame.slice()
      addFlag(echo, 0, MediaFlag.echo)
      queueMicrotask(() => handlers.binary(echo))
      return frame
    },
  }),
  'publishes-again': () =>
    asking('session.resume', (data) => ({ ...data, voice: { ...(data.voice as object), tracks: [] } })),
  'answers-probes': () => ({
    outBinary: (frame) => {
      if (natureOf(frame) === 'echo') frame[7] = (readSeq(frame) + 1) & 0xff
      return frame
    },
  }),
  'looks-when-woken': () => ({ driven: () => ({ wake: () => {} }) }),
  'woken-it-waits-no-longer': () => ({ driven: () => ({ wake: () => {} }) }),
}

/** Each of these makes any client break what holds for every frame, and the rule that is named for it. */
export const JUDGED: Readonly<Record<string, () => Spoil>> = {
  'MSG-1': () => ({
    out: (message, { transport }) => {
      if (message.type === 'message.send') transport.sendText(JSON.stringify(message))
      return message
    },
  }),
  'MSG-2': () => ({
    out: (message) => (message.type === 'channel.join' ? { ...message, type: 'channel.enter' } : message),
  }),
  'MSG-4': () => asking('channel.join', (data) => ({ name: data.channel })),
  'MSG-6': () => ({
    out: (message, { transport }) => {
      if (message.type === 'auth.login') transport.sendText('{"id":900,"type":"channel.list","data":{}}')
      return message
    },
  }),
  'BAD-1': () => ({ out: (message) => (message.type === 'channel.join' ? { ...message, id: 'one' } : message) }),
  'BAD-2': () => asking('channel.join', (data) => ({ ...data, more: 'x'.repeat(70_000) })),
  'MEDIA-1': () => ({
    outBinary: (frame) => {
      frame[9] = 1
      return frame
    },
  }),
  'PROBE-1': () => ({ outBinary: (frame) => Uint8Array.of(...frame, 0) }),
  'TRACK-1': () => ({
    outBinary: (frame) => {
      if (natureOf(frame) !== 'probe') return frame
      frame[0] = 0x10
      setTrack(frame, 77)
      return frame
    },
  }),
}
