const PERMISSIONS = 'packages/server/src/permissions'
const [MAY, ROLES, ACCESS] = ['may', 'roles', 'access'].map((name) => `${PERMISSIONS}/${name}.ts`)
const STANDINGS = `${PERMISSIONS}/standings.ts`
const MODERATION = 'packages/server/src/moderation/moderation.ts'
const BANS = 'packages/server/src/moderation/bans.ts'
const AUDIT = 'packages/server/src/moderation/audit.ts'
const STORED = 'packages/server/src/adapters/storage/sql'

export default {
  'ROLE-1': {
    file: MAY,
    find: 'const set = change(change(role.permissions, ofRole), ofUser)',
    replace: 'const set = change(change(role.permissions | 1, ofRole), ofUser)',
  },
  'ROLE-1 order': { file: STANDINGS, find: 'other.rank - one.rank', replace: 'one.rank - other.rank' },
  'ROLE-1 server': {
    file: 'packages/server/src/handlers/requires.ts',
    find: 'if (!may(',
    replace: 'if (false && !may(',
  },
  'ROLE-1 react': {
    file: 'packages/server/src/handlers/message.ts',
    find: "services.channels.allowed(data.channel, account, 'react')",
    replace: "services.channels.allowed(data.channel, account, 'read')",
  },
  'ROLE-1 direct': {
    file: 'packages/server/src/channels/memberships.ts',
    find: "if (!may(standings.who(who.id), { to: 'direct' }))",
    replace: "if (!may(standings.who(who.id), { to: 'read' }) && who.name === '')",
  },
  'ROLE-2': { file: MAY, find: 'who.role.rank > wish.user.role.rank', replace: 'who.role.rank >= wish.user.role.rank' },
  'ROLE-2 owner': { file: MAY, find: 'wish.user.role.id !== OWNER && who', replace: 'who' },
  'ROLE-2 manage': { file: ROLES, find: "if (!may(who, { to: 'manageRoles' })) throw", replace: 'if (!who) throw' },
  'ROLE-2 rank': { file: ROLES, find: 'if (rank >= who.role.rank) throw', replace: 'if (rank > who.role.rank) throw' },
  'ROLE-2 has': {
    file: ROLES,
    find: 'if (who.role.id === OWNER || includes(who.role.permissions, set)) return',
    replace: 'if (who.role.id === OWNER || includes(who.role.permissions, set) || set) return',
  },
  'ROLE-2 names': {
    file: ROLES,
    find: 'if (this.list().some((role) => role.name === name)) throw',
    replace: "if (name === '') throw",
  },
  'ROLE-2 most': { file: STANDINGS, find: 'this.#roles.size >= LIMITS.roles', replace: 'this.#roles.size >= 10_000' },
  'ROLE-2 built in': {
    file: `${STORED}/roles.ts`,
    find: "const removed = await trx.deleteFrom('role').where('id', '=', id).where('built_in', '=', 0).executeTakeFirst()",
    replace: "const removed = await trx.deleteFrom('role').where('id', '=', id).executeTakeFirst()",
  },
  'ROLE-2 members': {
    file: `${STORED}/roles.ts`,
    find: "        await trx.updateTable('account').set({ role: PLAIN }).where('role', '=', id).execute()\n",
    replace: '',
  },
  'ROLE-3': {
    file: ROLES,
    find: "    for (const { outgoing } of live.all()) outgoing.state('roles', message)\n",
    replace: '    void [live, message]\n',
  },
  'ROLE-3 account': { file: ROLES, find: '      this.#tellAccount(user, id)\n', replace: '' },
  'ROLE-3 deleted': {
    file: ROLES,
    find: '      for (const user of had) this.#tellAccount(user, PLAIN)\n',
    replace: '      void had\n',
  },
  'ROLE-3 lost': {
    file: ACCESS,
    find: 'if (!has.has(id) && channels.has(id)) news.lost(channels.live(id), user)',
    replace: 'if (!has.has(id) && id === user) news.lost(channels.live(id), user)',
  },
  'ROLE-3 won': {
    file: ACCESS,
    find: '    for (const id of won) news.changed(channels.live(id), user)\n',
    replace: '',
  },
  'ROLE-3 order': { file: ACCESS, find: '    if (won.length > 0) news.ordered(user)\n', replace: '' },
  'ROLE-3 voice': { file: ACCESS, find: '      this.#silence(new Set(users))\n', replace: '' },
  'PERM-1': { file: MAY, find: '(set & ~permit.deny) | permit.allow', replace: 'set | permit.allow' },
  'PERM-1 user': {
    file: MAY,
    find: 'change(change(role.permissions, ofRole), ofUser)',
    replace: 'change(change(role.permissions, ofUser), ofRole)',
  },
  'PERM-1 read': {
    file: MAY,
    find: "has(set, 'read') ? set & IN_CHANNELS & within : NONE",
    replace: 'set & IN_CHANNELS & within',
  },
  'PERM-1 private': { file: MAY, find: "permit && has(permit.allow, 'read')", replace: 'permit !== undefined' },
  'PERM-1 owner': { file: MAY, find: '  if (role.id === OWNER) return IN_CHANNELS & within\n', replace: '' },
  'PERM-2': {
    file: 'packages/server/src/channels/live-channel.ts',
    find: 'const rest = this.#permits.filter(({ role, user }) => role !== permit.role || user !== permit.user)',
    replace: 'const rest = this.#permits',
  },
  'PERM-2 manages': {
    file: ROLES,
    find: "[standings.who(by.id), channels.allowed(id, by, 'manageChannel')]",
    replace: "[standings.who(by.id), channels.allowed(id, by, 'read')]",
  },
  'PERM-2 one': {
    file: ROLES,
    find: 'if ((role === undefined) === (user === undefined))',
    replace: 'if (id === undefined)',
  },
  'PERM-2 both': { file: ROLES, find: 'if ((allow & deny) !== NONE)', replace: 'if ((allow & deny) === ~NONE)' },
  'PERM-2 direct': {
    file: ROLES,
    find: "if (channel.summary.kind === 'direct') throw",
    replace: "if (channel.summary.id === '') throw",
  },
  'PERM-2 rank': {
    file: ROLES,
    find: 'if (role !== undefined) checkBelow(who, this.#role(role).rank)',
    replace: 'if (role !== undefined) this.#role(role)',
  },
  'PERM-2 user': {
    file: ROLES,
    find: '      if (user !== undefined) await this.#checkRules(who, user)\n',
    replace: '',
  },
  'PERM-2 may': {
    file: ROLES,
    find: 'permissions: permissionsIn(channel, who) } }, allow | deny)',
    replace: 'permissions: permissionsIn(channel, who) | allow | deny } }, allow | deny)',
  },
  'PERM-2 at once': { file: ROLES, find: '      channel.setPermit({ ...subject, allow, deny })\n', replace: '' },
  'MOD-1': { file: MODERATION, find: '    await this.#end(user, KICKED)\n', replace: '' },
  'MOD-1 permission': { file: MODERATION, find: '    if (!may(who, { to })) throw', replace: '    if (!who) throw' },
  'MOD-1 rank': {
    file: MODERATION,
    find: '    checkRules(who, standings.who(user))\n',
    replace: '    void checkRules\n',
  },
  'MOD-2': { file: 'packages/server/src/session.ts', find: '    this.#parts.services.bans.check(id)\n', replace: '' },
  'MOD-2 close': { file: MODERATION, find: '    await this.#end(user, BANNED)\n', replace: '' },
  'MOD-2 until': {
    file: BANS,
    find: 'ban && (ban.until ?? Infinity) > this.#clock.wall() ? ban : undefined',
    replace: 'ban',
  },
  'MOD-2 past': {
    file: MODERATION,
    find: 'if (until !== undefined && until <= at) {',
    replace: 'if (until !== undefined && until < 0) {',
  },
  'MOD-2 restart': {
    file: BANS,
    find: 'for (const ban of await this.#storage.moderation.bans()) this',
    replace: 'for (const ban of []) this',
  },
  'MOD-2 unban': { file: BANS, find: '    this.#bans.delete(user)\n', replace: '' },
  'AUDIT-1': {
    file: MODERATION,
    find: "    await this.#parts.audit.record(by, 'user.kick', user, { reason })\n",
    replace: '',
  },
  'AUDIT-1 permits': {
    file: ROLES,
    find: "      await audit.record(by, 'permit.set', id, { ...subject, ...given })\n",
    replace: '      void audit\n',
  },
  'AUDIT-1 order': {
    file: `${STORED}/moderation.ts`,
    find: "        .orderBy('at', 'desc')\n",
    replace: "        .orderBy('at', 'asc')\n",
  },
  'AUDIT-1 detail': {
    file: AUDIT,
    find: 'const known = Object.fromEntries(',
    replace: 'const known = {} || Object.fromEntries(',
  },
}
