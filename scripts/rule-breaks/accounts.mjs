const ACCOUNTS = 'packages/server/src/accounts/accounts.ts'

export default {
  'AUTH-1': { file: 'packages/server/src/accounts/name-key.ts', find: ".replace(/\\s+/gu, ' ')", replace: '' },
  'AUTH-2': { file: ACCOUNTS, find: ': await this.#hasher.verifyNobody(data.password)', replace: ': false' },
  'AUTH-3': {
    file: 'packages/server/src/accounts/token.ts',
    find: "return Buffer.from(await webcrypto.subtle.digest('SHA-256', Buffer.from(token))).toString('base64url')",
    replace: 'return token',
  },
  'AUTH-4': {
    file: ACCOUNTS,
    find: "Refusal('unauthenticated', 'the session",
    replace: "Refusal('not_found', 'the session",
  },
  'AUTH-5': {
    file: 'packages/server/src/handlers/auth.ts',
    find: 'await accounts.revoke(caller.identity.tokenHash)',
    replace: 'void accounts',
  },
  'AUTH-6': { file: ACCOUNTS, find: 'if (!local) throw', replace: 'if (false) throw' },
  'AUTH-7': {
    file: 'packages/server/src/accounts/password-hasher.ts',
    find: 'const MOST_RUNNING = 2',
    replace: 'const MOST_RUNNING = 3',
  },
}
