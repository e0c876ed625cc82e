const ACCOUNTS = 'packages/server/src/accounts'
const [INVITES, PASSWORDS] = ['invites', 'passwords'].map((name) => `${ACCOUNTS}/${name}.ts`)
const STORED = 'packages/server/src/adapters/storage/sql/invites.ts'

export default {
  'AUTH-12': { file: PASSWORDS, find: '    await this.#endSessions(user, session)\n', replace: '' },
  'AUTH-12 own': {
    file: PASSWORDS,
    find: 'await this.#endSessions(user, session)',
    replace: 'await this.#endSessions(user)',
  },
  'AUTH-12 wrong': {
    file: `${ACCOUNTS}/own-password.ts`,
    find: '!(await hasher.verify(stored.passwordHash, password))',
    replace: 'password === user',
  },
  'AUTH-13': { file: PASSWORDS, find: '    await this.#endSessions(stored.id)\n', replace: '' },
  'AUTH-13 once': {
    file: 'packages/server/src/adapters/storage/sql/accounts.ts',
    find: "        .deleteFrom('reset')\n",
    replace: "        .updateTable('reset')\n        .set({ expires_at: now + 1_000_000_000 })\n",
  },
  'AUTH-13 newer': {
    file: 'packages/server/src/adapters/storage/sql/accounts.ts',
    find: "conflict.column('user').doUpdateSet(code)",
    replace: "conflict.column('user').doNothing()",
  },
  'AUTH-13 permission': {
    file: PASSWORDS,
    find: "if (!may(who, { to: 'manageServer' }))",
    replace: "if (!may(who, { to: 'read' }))",
  },
  'AUTH-13 rank': {
    file: PASSWORDS,
    find: '    checkRules(who, standings.who(user))\n',
    replace: '    void checkRules\n',
  },
  'AUTH-14': {
    file: 'packages/server/src/handlers/auth.ts',
    find: '  services.secondFactors.attempt(data.name)\n',
    replace: '',
  },
  'INV-1': { file: INVITES, find: 'const DEFAULT_MS = 7 * 86_400_000', replace: 'const DEFAULT_MS = 8 * 86_400_000' },
  'INV-1 role': {
    file: INVITES,
    find: 'if (role.rank >= who.role.rank ||',
    replace: 'if (role.rank > who.role.rank ||',
  },
  'INV-1 has': {
    file: INVITES,
    find: '!includes(who.role.permissions, role.permissions)',
    replace: '!includes(-1, role.permissions)',
  },
  'INV-1 permission': { file: INVITES, find: "if (!may(who, { to: 'invite' })) throw", replace: 'if (!who) throw' },
  'INV-1 most': { file: INVITES, find: '>= LIMITS.invites', replace: '>= 10_000' },
  'INV-1 order': { file: STORED, find: ".orderBy('created_at', 'desc')", replace: ".orderBy('created_at', 'asc')" },
  'INV-2': {
    file: `${ACCOUNTS}/accounts.ts`,
    find: 'if (data.invite !== undefined) return undefined',
    replace: 'if (data.local) return undefined',
  },
  'INV-2 uses': {
    file: STORED,
    find: "set((row) => ({ uses: row('uses', '-', 1) }))",
    replace: "set((row) => ({ uses: row('uses', '-', 0) }))",
  },
  'INV-2 attempt': {
    file: `${ACCOUNTS}/accounts.ts`,
    find: '      if (invite) await this.#invites.restore(invite.id)\n',
    replace: '',
  },
  'INV-2 role': {
    file: `${ACCOUNTS}/accounts.ts`,
    find: 'role: owner ? OWNER : (invite?.role ?? PLAIN)',
    replace: 'role: owner ? OWNER : PLAIN',
  },
}
