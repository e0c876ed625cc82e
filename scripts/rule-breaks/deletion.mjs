const DELETION = 'packages/server/src/accounts/deletion.ts'
const ERASER = 'packages/server/src/accounts/eraser.ts'
const ERASE = 'packages/server/src/adapters/storage/sql/erase-account.ts'
const ACCOUNTS = 'packages/server/src/adapters/storage/sql/accounts.ts'

export default {
  'GONE-1': [
    {
      file: DELETION,
      find: 'for (const session of own) live.end(session.id, DELETED, asking)',
      replace: 'asking.endAfterReply(DELETED)',
    },
    { file: DELETION, find: 'if (connection !== asking) connection.end(DELETED)', replace: 'void connection' },
  ],
  'GONE-1 password': {
    file: 'packages/server/src/accounts/own-password.ts',
    find: '!(await hasher.verify(stored.passwordHash, password))',
    replace: '!hasher',
  },
  'GONE-1 name': { file: ERASE, find: 'name_key: nameKey,', replace: '' },
  'GONE-1 owner': [
    { file: DELETION, find: "if (this.#parts.standings.who(id).role.id === 'owner') {", replace: "if (id === '') {" },
    { file: ERASE, find: "    .where('role', '!=', 'owner')\n", replace: '' },
  ],
  'GONE-1 factor': {
    file: DELETION,
    find: "await secondFactors.check(await checkOwnPassword(id, data.password, this.#parts, 'or-none'), data.code)",
    replace: 'await checkOwnPassword(id, data.password, this.#parts)',
  },
  'GONE-2': { file: DELETION, find: 'channels.expel(channel, user)', replace: 'void channel' },
  'GONE-2 invites': {
    file: ERASE,
    find: "  await trx.deleteFrom('invite').where('by', '=', id).execute()\n",
    replace: '',
  },
  'GONE-2 groups': { file: ERASER, find: '      await memberships.leaveGroups(user)\n', replace: '' },
  'GONE-2 uploads': {
    file: ERASE,
    find: "is.or([is('channel', 'is', null), is('purpose', '=', 'avatar')])",
    replace: "is('purpose', '=', 'avatar')",
  },
  'GONE-2 shown': { file: ERASE, find: 'display_name: null, avatar', replace: 'avatar' },
  'GONE-3': { file: DELETION, find: '      this.#parts.profiles.tell(left)\n', replace: '' },
  'GONE-3 list': {
    file: ACCOUNTS,
    find: "'in', LISTED",
    replace: "'in', [Kind.person, Kind.bot, Kind.deleted]",
  },
  'GONE-3 direct': {
    file: 'packages/server/src/channels/memberships.ts',
    find: 'known.filter((user) => !user.deleted)',
    replace: 'known',
  },
  'GONE-4': {
    file: ERASER,
    find: "const isDone = messages === 'keep' || !(await this.#deleteSome(user))",
    replace: "const isDone = messages === 'keep' || user.length > 0",
  },
  // What is left after a restart stays.
  'GONE-4 restart': { file: ERASER, find: '  #due = true\n', replace: '  #due = false\n' },
}
