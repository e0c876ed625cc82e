const WS = 'packages/server/src/adapters/socket/ws.ts'
const SESSION = 'packages/server/src/session.ts'

export default {
  'CONN-1': { file: WS, find: 'if (!offers(request)) return refuse(', replace: 'if (false) return refuse(' },
  'CONN-2': {
    file: SESSION,
    find: 'LIMITS.authenticationMs }\n    this.#greet()',
    replace: 'LIMITS.authenticationMs }\n    setTimeout(() => this.#greet(), 1_000)',
  },
  'CONN-3': {
    file: SESSION,
    find: "this.#state.name === 'greeted' && now >= this.#state.deadline",
    replace: "this.#state.name === 'greeted' && now >= this.#state.deadline + 5_000",
  },
  'CONN-4': {
    file: 'packages/server/src/origin.ts',
    find: 'return new URL(origin).host === host',
    replace: 'return new URL(origin).hostname === host?.split(":")[0]',
  },
  'CONN-5': { file: WS, find: "listenerCount('upgrade') === 1", replace: "listenerCount('upgrade') >= 1" },
  'CONN-6': [
    { file: WS, find: 'perMessageDeflate: false', replace: 'perMessageDeflate: true' },
    { file: WS, find: "if (ws.extensions !== '') throw", replace: 'if (false) throw' },
  ],
  'CONN-1 client': {
    file: 'packages/core/src/client/connection.ts',
    find: 'connect(this.#options.url, SUBPROTOCOL, handlers)',
    replace: "connect(this.#options.url, 'arclight', handlers)",
  },
  'CONN-4 listed': {
    file: 'packages/server/src/origin.ts',
    find: '  if (listed.includes(origin)) return true\n',
    replace: '',
  },
}
