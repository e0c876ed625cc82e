const SESSIONS = 'packages/server/src/accounts/sessions.ts'
const STORED = 'packages/server/src/adapters/storage/sql/sessions.ts'

export default {
  'AUTH-8': { file: SESSIONS, find: '|| found.expiresAt <= now) throw', replace: ') throw' },
  'AUTH-8 close': {
    file: 'packages/server/src/session.ts',
    find: '>= this.#state.caller.identity.expiresAt)',
    replace: '>= Number.POSITIVE_INFINITY)',
  },
  'AUTH-8 days': {
    file: 'packages/core/src/protocol/limits.ts',
    find: 'sessionMs: 30 * 86_400_000',
    replace: 'sessionMs: 31 * 86_400_000',
  },
  // Whoever uses it is signed out all the same.
  'AUTH-8 used': { file: SESSIONS, find: 'now - usedAt < TOUCH_MS && !settled', replace: '!settled' },
  'AUTH-8 refresh': {
    file: SESSIONS,
    find: '    await this.#storage.sessions.touch(identity.session, { usedAt: now, expiresAt, settled: false })\n',
    replace: '',
  },
  // The token is good for longer, the connection that asked is closed.
  'AUTH-8 connection': {
    file: 'packages/server/src/handlers/auth.ts',
    find: '  caller.refreshed(identity)\n',
    replace: '',
  },
  'AUTH-8 client': {
    file: 'packages/core/src/client/session.ts',
    find: '    live(taken, resumed)\n    this.#refresher.start(refreshAt)\n',
    replace: '    live(taken, resumed)\n    void refreshAt\n',
  },
  'AUTH-9': { file: STORED, find: "previous_hash: row.ref('token_hash')", replace: 'previous_hash: null' },
  'AUTH-9 rotate': { file: SESSIONS, find: 'if (!rotate) return', replace: 'if (true) return' },
  // The one before outlives the first use of the new one.
  'AUTH-9 once': { file: SESSIONS, find: 'const settled = newest && found.rotating', replace: 'const settled = false' },
  // The one before may be used once only.
  'AUTH-9 before': {
    file: SESSIONS,
    find: 'const settled = newest && found.rotating',
    replace: 'const settled = found.rotating',
  },
  'AUTH-10': {
    file: STORED,
    find: "        .where('user', '=', user)\n        .where('expires_at', '>', now)\n",
    replace: "        .where('expires_at', '>', now)\n",
  },
  'AUTH-10 owner': {
    file: STORED,
    find: "        .deleteFrom('session')\n        .where('user', '=', user)\n",
    replace: "        .deleteFrom('session')\n",
  },
  'AUTH-10 all': {
    file: 'packages/server/src/live-sessions.ts',
    find: '[...(this.#connections.get(session) ?? [])]',
    replace: '[...(this.#connections.get(session) ?? [])].slice(0, 1)',
  },
  'AUTH-11': { file: SESSIONS, find: '.slice(LIMITS.sessions)', replace: '.slice(LIMITS.sessions + 1)' },
  'AUTH-11 least': {
    file: SESSIONS,
    find: '(await this.list(user)).slice(LIMITS.sessions)',
    replace: '[...(await this.list(user))].reverse().slice(LIMITS.sessions)',
  },
}
