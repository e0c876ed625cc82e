const DISPATCH = 'packages/server/src/dispatch.ts'
const LIMITER = 'packages/server/src/limits/rate-limiter.ts'
const BUCKET = 'packages/server/src/limits/token-bucket.ts'
const ADDRESS = 'packages/server/src/limits/address-key.ts'
const PROXIES = 'packages/server/src/limits/proxies.ts'
const TURNS = 'packages/core/src/client/turns.ts'
const SESSION = 'packages/server/src/session.ts'
const WS = 'packages/server/src/adapters/socket/ws.ts'
const LIMITS = 'packages/core/src/protocol/limits.ts'
const RUN_SERVER = 'packages/server/src/cli/run-server.ts'
const ADMIT = '    services.rates.admit(countedBy(who), type)\n'
const ASKED = '{ ...asked, data: checked, user: identity.account, local }'

export default {
  'LIMIT-1': { file: DISPATCH, find: ADMIT, replace: '' },
  'LIMIT-1 burst': { file: BUCKET, find: 'burst * this.#perToken', replace: '(burst + 1) * this.#perToken' },
  'LIMIT-1 rate': { file: BUCKET, find: '1_000 / perSecond', replace: '999 / perSecond' },
  'LIMIT-1 type': { file: LIMITER, find: 'const key = `', replace: 'const key = who || `' },
  // Each session by itself.
  'LIMIT-1 user': {
    file: DISPATCH,
    find: 'who.identity.account.id',
    replace: 'who.identity.session',
  },
  // It is refused when it is carried out.
  'LIMIT-1 refused': [
    { file: DISPATCH, find: ADMIT, replace: '' },
    {
      file: DISPATCH,
      find: `    return { data: await services.hooks.answer(${ASKED}, work) }\n`,
      replace: `    const reply = { data: await services.hooks.answer(${ASKED}, work) }\n${ADMIT}    return reply\n`,
    },
  ],
  // What fails does not count.
  'LIMIT-1 failed': [
    { file: DISPATCH, find: ADMIT, replace: '' },
    {
      file: DISPATCH,
      find: '    return { data: await services.hooks.answer(',
      replace: `${ADMIT}    return { data: await services.hooks.answer(`,
    },
  ],
  'LIMIT-2': { file: BUCKET, find: 'return Math.ceil(wait - ROUNDING_MS)', replace: 'return Math.floor(wait)' },
  'LIMIT-2 before': {
    file: BUCKET,
    find: 'return Math.ceil(wait - ROUNDING_MS)',
    replace: 'return Math.ceil(wait - ROUNDING_MS) + 1',
  },
  'LIMIT-3': { file: DISPATCH, find: 'who.addressKey', replace: "'any'" },
  'LIMIT-3 network': { file: ADDRESS, find: 'const IPV6_PARTS = 4', replace: 'const IPV6_PARTS = 8' },
  'LIMIT-3 others': { file: ADDRESS, find: 'const IPV6_PARTS = 4', replace: 'const IPV6_PARTS = 3' },
  'LIMIT-4': { file: LIMITER, find: 'if (bucket.isFull(now)) this.#buckets', replace: 'if (false) this.#buckets' },
  'LIMIT-4 full': { file: LIMITER, find: 'if (bucket.isFull(now)) this.#buckets', replace: 'this.#buckets' },
  'LIMIT-4 most': { file: LIMITER, find: 'if (this.#buckets.size > this.#most) this', replace: 'if (false) this' },
  // The oldest is forgotten, however lately it was used.
  'LIMIT-4 recent': {
    file: LIMITER,
    find: '    this.#buckets.delete(key)\n    this.#buckets.set(key',
    replace: '    this.#buckets.set(key',
  },
  'LIMIT-5': { file: TURNS, find: 'if (wait === undefined) throw error', replace: 'throw error' },
  'LIMIT-5 after': { file: TURNS, find: 'this.#clock.after(duration,', replace: 'this.#clock.after(0,' },
  // After the wait all come at once.
  'LIMIT-5 one': { file: TURNS, find: 'if (this.#busy || this.#cancelPause)', replace: 'if (this.#cancelPause)' },
  'LIMIT-5 messages': {
    file: 'packages/core/src/client/sender.ts',
    find: '    this.#window = 1\n',
    replace: '',
  },
  'LIMIT-6': { file: PROXIES, find: 'isIP(near) === 0 || !this.#trusts(near, 0)', replace: 'isIP(near) === 0' },
  'LIMIT-6 right': {
    file: PROXIES,
    find: 'const said = proxyAddr(request as IncomingMessage, this.#trusts)',
    replace: "const said = String(headers['x-forwarded-for'] ?? near).split(',')[0].trim()",
  },
  'LIMIT-6 local': { file: PROXIES, find: 'local: !forwarded && isLoopback(near)', replace: 'local: isLoopback(near)' },
  'LIMIT-6 counted': { file: WS, find: 'remoteAddress: peer.address', replace: 'remoteAddress: raw.remoteAddress' },
  'LIMIT-7': {
    file: SESSION,
    find: 'if (!this.#parts.admits(id)) {',
    replace: 'if (!this.#parts.admits(id) && false) {',
  },
  'LIMIT-7 count': { file: LIMITS, find: 'connectionsPerUser: 20', replace: 'connectionsPerUser: 21' },
  // It stays, unauthenticated.
  'LIMIT-7 closed': {
    file: SESSION,
    find: "      this.#goodbye = { code: CLOSE.crowded, reason: 'too many connections of one user' }\n",
    replace: '',
  },
  'LIMIT-7 code': {
    file: SESSION,
    find: 'this.#goodbye = { code: CLOSE.crowded',
    replace: 'this.#goodbye = { code: CLOSE.revoked',
  },
  'LIMIT-8': { file: LIMITS, find: 'connectionsPerAddress: 256', replace: 'connectionsPerAddress: 255' },
  'LIMIT-8 strangers': { file: LIMITS, find: 'strangersPerAddress: 64', replace: 'strangersPerAddress: 65' },
  'LIMIT-8 all': { file: LIMITS, find: 'connections: 10_000', replace: 'connections: 10_001' },
  'LIMIT-8 status': { file: WS, find: "server: '503 Service Unavailable'", replace: "server: '429 Too Many Requests'" },
  'LIMIT-8 again': { file: WS, find: ", { 'Retry-After': RETRY_AFTER_S })", replace: ')' },
  'LIMIT-9': { file: RUN_SERVER, find: 'headersTimeout: 10_000', replace: 'headersTimeout: 20_000' },
  'LIMIT-9 whole': { file: RUN_SERVER, find: 'requestTimeout: 30_000', replace: 'requestTimeout: 300_000' },
  'LIMIT-10': {
    file: SESSION,
    find: 'if (this.#meter?.passes(bytes.length, clock.now()) === false) return tracks.countExcess()',
    replace: 'void clock',
  },
  'LIMIT-10 track': {
    file: 'packages/server/src/compose.ts',
    find: "() => rates.meter('track')",
    replace: '() => undefined',
  },
  'LIMIT-10 bytes': {
    file: 'packages/server/src/limits/media-meter.ts',
    find: ' && this.#bytes.take(now, bytes) === 0',
    replace: '',
  },
  'LIMIT-11': { file: WS, find: 'if (raw.writableLength < MOST_BEFORE_PONG) ws', replace: 'ws' },
  'LIMIT-11 answered': {
    file: WS,
    find: 'if (raw.writableLength < MOST_BEFORE_PONG) ws.pong(data)',
    replace: 'void data',
  },
  'LIMIT-12': {
    file: 'packages/core/src/protocol/session.ts',
    find: 'z.refine(fitsSession,',
    replace: 'z.refine(() => true,',
  },
  'LIMIT-12 listed': { file: LIMITS, find: 'recordingsListed: 500', replace: 'recordingsListed: 501' },
}
