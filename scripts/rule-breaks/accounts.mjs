const ACCOUNTS = 'packages/server/src/accounts/accounts.ts'
const SESSIONS = 'packages/server/src/accounts/sessions.ts'
const AUTH = 'packages/server/src/handlers/auth.ts'

export default {
  'AUTH-1': { file: 'packages/server/src/accounts/name-key.ts', find: ".replace(/\\s+/gu, ' ')", replace: '' },
  'AUTH-2': { file: ACCOUNTS, find: ': await this.#hasher.verifyNobody(data.password)', replace: ': false' },
  'AUTH-3': {
    file: 'packages/server/src/accounts/token.ts',
    find: "return Buffer.from(await webcrypto.subtle.digest('SHA-256', Buffer.from(token))).toString('base64url')",
    replace: 'return token',
  },
  'AUTH-4': {
    file: SESSIONS,
    find: "Refusal('unauthenticated', 'the session",
    replace: "Refusal('not_found', 'the session",
  },
  'AUTH-5': {
    file: AUTH,
    find: 'await end(caller.identity.session, caller, services)',
    replace: "services.live.end(caller.identity.session, { code: CLOSE.revoked, reason: '' }, caller)",
  },
  'AUTH-6': { file: ACCOUNTS, find: 'if (!data.local) throw', replace: 'if (false) throw' },
  'AUTH-7': {
    file: 'packages/server/src/accounts/password-hasher.ts',
    find: 'const MOST_RUNNING = 2',
    replace: 'const MOST_RUNNING = 3',
  },
  'AUTH-1 length': {
    file: 'packages/core/src/protocol/user.ts',
    find: 'z.minLength(2), z.maxLength(32)',
    replace: 'z.minLength(2), z.maxLength(33)',
  },
  'AUTH-1 case': {
    file: 'packages/server/src/accounts/name-key.ts',
    find: '.toUpperCase().toLowerCase()',
    replace: '.toLowerCase()',
  },
  'AUTH-3 bits': {
    file: 'packages/server/src/accounts/token.ts',
    find: 'const TOKEN_BYTES = 32',
    replace: 'const TOKEN_BYTES = 16',
  },
  'AUTH-5 close': {
    file: AUTH,
    find: 'await end(caller.identity.session, caller, services)',
    replace: 'await services.sessions.revoke(caller.identity.account.id, caller.identity.session)',
  },
  // The other tabs of the session stay.
  'AUTH-5 all': {
    file: 'packages/server/src/live-sessions.ts',
    find: '      else connection.end(goodbye)\n',
    replace: '',
  },
  'AUTH-6 minutes': {
    file: 'packages/server/src/cli/file-claim.ts',
    find: 'const VALID_MS = 15 * 60_000',
    replace: 'const VALID_MS = 16 * 60_000',
  },
  // The code outlives its use.
  'AUTH-6 once': {
    file: 'packages/server/src/cli/file-claim.ts',
    find: 'return unlink(path).then(',
    replace: 'return Promise.resolve().then(',
  },
  'AUTH-7 waiting': {
    file: 'packages/server/src/accounts/password-hasher.ts',
    find: 'const MOST_WAITING = 32',
    replace: 'const MOST_WAITING = 33',
  },
  'AUTH-2 answer': {
    file: ACCOUNTS,
    find: "'that name and password do not fit'",
    replace: "stored ? 'that password does not fit' : 'that name is unknown'",
  },
}
