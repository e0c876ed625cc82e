const HEADER = 'packages/core/src/codec/media-header.ts'
const SESSION = 'packages/server/src/session.ts'
const OUTGOING = 'packages/server/src/delivery/outgoing.ts'

export default {
  'MEDIA-1': [
    { file: HEADER, find: 'const LEVEL_AT = 8', replace: 'const LEVEL_AT = 9' },
    { file: HEADER, find: 'const RESERVED_AT = 9', replace: 'const RESERVED_AT = 8' },
  ],
  'MEDIA-2': { file: HEADER, find: 'const RESERVED_FLAGS = 0xc0', replace: 'const RESERVED_FLAGS = 0x80' },
  // Who speaks hears themselves.
  'MEDIA-3': {
    file: 'packages/server/src/voice/room.ts',
    find: 'for (const frame of frames) if (frame.track.publisher !== connection) outgoing',
    replace: 'for (const frame of frames) outgoing',
  },
  'MEDIA-4': {
    file: 'packages/core/src/media/sample-clock.ts',
    find: 'MOST_DRIFT: Microseconds = 20_000',
    replace: 'MOST_DRIFT: Microseconds = 40_000',
  },
  'MEDIA-5': {
    file: 'packages/core/src/client/voice/local-track.ts',
    find: 'if (this.#number === undefined || this.#muted) return',
    replace: 'if (this.#number === undefined) return',
  },
  'PROBE-1': {
    file: OUTGOING,
    find: 'this.#control.splice(this.#echoes++, 0, binaryFrame(answer))',
    replace: 'this.#control.push(binaryFrame(answer))',
  },
  'PROBE-2': {
    file: SESSION,
    find: 'inVoice ? LIMITS.probeVoiceMs : LIMITS.probeIdleMs',
    replace: 'inVoice ? LIMITS.probeIdleMs : LIMITS.probeIdleMs',
  },
  'PROBE-3': {
    file: SESSION,
    find: 'probes.waiting(now) >= 2 * interval',
    replace: 'probes.waiting(now) >= 3 * interval',
  },
  'MEDIA-5 gate': {
    file: 'packages/core/src/client/voice/own-tracks.ts',
    find: '    if (muted && track.number !== undefined) connection.media.forget(track.number)\n',
    replace: '    void connection\n',
  },
  'PROBE-1 client': {
    file: 'packages/core/src/client/connection.ts',
    find: '      else this.media.answer(header.seq)\n',
    replace: '',
  },
  'PROBE-2 media': {
    file: OUTGOING,
    find: 'if (this.probes.isDue(now, LIMITS.probeMediaMs)) chunks',
    replace: 'if (this.probes.isDue(now, 2 * LIMITS.probeMediaMs)) chunks',
  },
  'PROBE-2 client': {
    file: 'packages/core/src/client/media-link.ts',
    find: 'inVoice ? LIMITS.probeVoiceMs : LIMITS.probeIdleMs',
    replace: 'inVoice ? LIMITS.probeIdleMs : LIMITS.probeIdleMs',
  },
  'PROBE-3 client': {
    file: 'packages/core/src/client/media-link.ts',
    find: 'this.#probes.waiting(now) >= 2 * this.#heartbeatMs',
    replace: 'this.#probes.waiting(now) >= 3 * this.#heartbeatMs',
  },
  'PROBE-3 early': {
    file: 'packages/core/src/client/media-link.ts',
    find: 'const EARLY_MS: Milliseconds = 100',
    replace: 'const EARLY_MS: Milliseconds = 0',
  },
}
