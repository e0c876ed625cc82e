const SESSION = 'packages/server/src/session.ts'
const SERVER = 'packages/server/src/server.ts'
const CONNECTION = 'packages/core/src/client/connection.ts'

export default {
  'DRAIN-1': {
    file: SESSION,
    find: "    this.outgoing.control({ type: 'session.goaway', data: goaway })\n",
    replace: '',
  },
  // What is under way is cut off.
  'DRAIN-1 answers': { file: SERVER, find: 'await Promise.race([drained, late])', replace: 'void [drained, late]' },
  'DRAIN-1 refuses': { file: SESSION, find: '    if (this.#drained) {', replace: '    if (false) {' },
  'DRAIN-1 code': { file: SERVER, find: 'session.close(CLOSE.restarting,', replace: 'session.close(CLOSE.slow,' },
  'DRAIN-1 within': {
    file: SERVER,
    find: 'this.#clock.after(LIMITS.drainMs,',
    replace: 'this.#clock.after(LIMITS.drainMs + 1_000,',
  },
  'DRAIN-2': {
    file: CONNECTION,
    find: "    if (this.state.name !== 'live') await this.untilLive(type, options.signal)\n    return this.ask(",
    replace:
      "    if (this.state.name !== 'live' && this.state.name !== 'leaving') await this.untilLive(type, options.signal)\n    return this.ask(",
  },
  'DRAIN-2 messages': {
    file: 'packages/core/src/client/sender.ts',
    find: "if (state.name !== 'live' || !this.#keeper.ready",
    replace: "if ((state.name !== 'live' && state.name !== 'leaving') || !this.#keeper.ready",
  },
  'DRAIN-2 spread': { file: CONNECTION, find: 'this.#spreadMs = spreadMs', replace: 'void spreadMs' },
  'DRAIN-2 least': {
    file: CONNECTION,
    find: 'Math.max(FIRST_RECONNECT_MS, this.#spreadMs)',
    replace: 'this.#spreadMs || FIRST_RECONNECT_MS',
  },
  // Every drop after it waits as long.
  'DRAIN-2 first': { file: CONNECTION, find: '    this.#spreadMs = 0\n', replace: '' },
  'DRAIN-2 left': { file: CONNECTION, find: "() => this.drop('the server went away'))", replace: '() => {})' },
}
