const SESSION = 'packages/server/src/session.ts'
const DISPATCH = 'packages/server/src/dispatch.ts'
const TRACKS = 'packages/server/src/tracks/tracks.ts'

export default {
  'MSG-1': {
    file: SESSION,
    find: '    if (this.#goodbye) this.close(',
    replace:
      "    if ('error' in reply) this.outgoing.control({ re: request.id, ...reply })\n    if (this.#goodbye) this.close(",
  },
  'MSG-2': {
    file: DISPATCH,
    find: 'if (!Object.hasOwn(authenticated, type)) throw',
    replace: 'if (signedIn && !Object.hasOwn(authenticated, type)) throw',
  },
  'MSG-3': {
    file: 'packages/core/src/protocol/message.ts',
    find: '    .object({\n      channel: identifier,\n      clientId',
    replace: '    .strictObject({\n      channel: identifier,\n      clientId',
  },
  'MSG-4': { file: 'packages/server/src/fitting.ts', find: '.slice(0, LIMITS.issues)', replace: '.slice(0, 1)' },
  'MSG-5': {
    file: 'packages/core/src/client/families.ts',
    find: 'if (!schema) return\n',
    replace: 'if (!schema) return give.fault(new Error(type))\n',
  },
  'MSG-6': {
    file: DISPATCH,
    find: 'if (!signedIn) throw unauthenticated()',
    replace: "if (!signedIn && type !== 'channel.list') throw unauthenticated()",
  },
  'MSG-7': {
    file: 'packages/core/src/state/pending-requests.ts',
    find: 'pending?.reject(RequestError.unknown(',
    replace: 'pending?.reject(RequestError.unsent(',
  },
  'MSG-8': {
    file: SESSION,
    find: 'this.#pending >= LIMITS.pendingRequests',
    replace: 'this.#pending > LIMITS.pendingRequests',
  },
  'BAD-1': { file: SESSION, find: 'if (left <= 0) this.close', replace: 'if (left < 0) this.close' },
  'BAD-2': { file: SESSION, find: ' || Buffer.byteLength(text) > LIMITS.controlBytes', replace: '' },
  // A frame that is dropped takes the next one with it, whoever sent that.
  'BAD-3': [
    { file: TRACKS, find: '      this.#foreign++\n', replace: '      this.#foreign++\n      this.spoilt = true\n' },
    {
      file: TRACKS,
      find: '    this.#relayed++\n',
      replace: '    this.#relayed++\n    if (this.spoilt) {\n      this.spoilt = false\n      return\n    }\n',
    },
  ],
  'CLOSE-1': {
    file: 'packages/core/src/protocol/close-codes.ts',
    find: 'return code < 4500',
    replace: 'return code <= 4500',
  },
  // Everybody comes back in one instant.
  'CLOSE-2': {
    file: 'packages/core/src/state/backoff.ts',
    find: '(0.1 + 0.9 * random())',
    replace: '(attempt === 0 ? 1 : 0.1 + 0.9 * random())',
  },
  // It is refused too late: the account is made.
  'MSG-6 conflict': { file: DISPATCH, find: 'if (signedIn) throw', replace: 'if (false) throw' },
  'MSG-7 deadline': {
    file: 'packages/core/src/protocol/limits.ts',
    find: 'requestMs: 10_000',
    replace: 'requestMs: 9_000',
  },
  'BAD-2 binary': {
    file: 'packages/server/src/adapters/socket/ws.ts',
    find: 'maxPayload: LIMITS.mediaBytes,',
    replace: 'maxPayload: LIMITS.mediaBytes + 1,',
  },
  'CLOSE-1 standard': {
    file: 'packages/core/src/protocol/close-codes.ts',
    find: '1008, 1009, 1010]',
    replace: '1008, 1009]',
  },
  'CLOSE-2 first': {
    file: 'packages/core/src/client/connection.ts',
    find: 'const FIRST_RECONNECT_MS = 500',
    replace: 'const FIRST_RECONNECT_MS = 1_000',
  },
  'CLOSE-2 most': {
    file: 'packages/core/src/client/connection.ts',
    find: 'const MOST_RECONNECT_MS = 15_000',
    replace: 'const MOST_RECONNECT_MS = 30_000',
  },
  'MSG-7 unsent': {
    file: 'packages/core/src/client/connection.ts',
    find: 'waited.abort(RequestError.unsent(type, why))',
    replace: 'waited.abort(RequestError.unknown(type, why))',
  },
}
