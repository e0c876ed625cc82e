const MODERATION = 'packages/server/src/moderation/moderation.ts'

export default {
  'MOD-4': {
    file: MODERATION,
    find: 'if (session === undefined) await this.#end(user, REVOKED)',
    replace: 'if (session === undefined) void REVOKED',
  },
  'MOD-4 one': { file: MODERATION, find: '    else live.end(session, REVOKED)\n', replace: '    else void live\n' },
  'MOD-4 whose': {
    file: MODERATION,
    find: 'if (session !== undefined) await sessions.revoke(user, session)',
    replace: 'if (session !== undefined) await sessions.end(user, session)',
  },
  'MOD-4 list': {
    file: MODERATION,
    find: 'return this.#parts.sessions.list(user)',
    replace: 'return this.#parts.sessions.list(by.id)',
  },
  'MOD-4 permission': {
    file: MODERATION,
    find: "    await this.#check(by, 'manageServer', user)\n    return",
    replace: '    return',
  },
  'MOD-4 rank': {
    file: MODERATION,
    find: "    await this.#check(by, 'manageServer', user)\n    if (session",
    replace: '    if (session',
  },
  'AUDIT-1 revoke': {
    file: MODERATION,
    find: "    await audit.record(by, 'user.revoke', user, { session })\n",
    replace: '    void audit\n',
  },
}
