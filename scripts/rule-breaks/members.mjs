const CHANNELS = 'packages/server/src/channels'
const MEMBERS = `${CHANNELS}/memberships.ts`
const PERMISSIONS = 'packages/server/src/permissions/may.ts'
const ACCOUNTS = 'packages/server/src/adapters/storage/sql/accounts.ts'

export default {
  'MEMB-1': {
    file: PERMISSIONS,
    find: 'if (members && !members.has(who.id) && !isLetIn) return NONE',
    replace: 'if (members?.size === 0 && !isLetIn) return NONE',
  },
  'MEMB-1 owner': {
    file: PERMISSIONS,
    find: 'if (role.id === OWNER) return',
    replace: 'if (role.id === OWNER && !members) return',
  },
  'MEMB-1 maker': {
    file: `${CHANNELS}/channel-admin.ts`,
    find: 'data.private ? [who.id] : undefined',
    replace: 'data.private ? [] : undefined',
  },
  // One request of many does not look who asks.
  'MEMB-1 leave': {
    file: 'packages/server/src/handlers/channel.ts',
    find: "  channels.allowed(data.channel, identity.account, 'read')\n  channels.leave(",
    replace: '  void identity\n  channels.leave(',
  },
  'MEMB-2': {
    file: MEMBERS,
    find: "who, 'admit')\n      const members",
    replace: "who, 'send')\n      const members",
  },
  'MEMB-2 removes': {
    file: MEMBERS,
    find: "user === who.id ? 'read' : 'admit'",
    replace: "user === who.id ? 'read' : 'send'",
  },
  'MEMB-2 leaves': { file: MEMBERS, find: "user === who.id ? 'read' : 'admit'", replace: "'admit'" },
  'MEMB-2 order': {
    file: `${CHANNELS}/live-channel.ts`,
    find: 'users?.toSorted((one, other) => (one.id < other.id ? -1 : 1))',
    replace: 'users && [...users]',
  },
  'MEMB-2 page': { file: MEMBERS, find: 'member.id > after', replace: 'member.id >= after' },
  'MEMB-2 count': { file: MEMBERS, find: 'if (members.size >= most) throw', replace: 'if (members.size > most) throw' },
  'MEMB-2 public': {
    file: MEMBERS,
    find: "  if (!members) throw new Refusal('conflict', 'that channel is for everybody and has no members')\n  return members",
    replace: '  return members ?? new Map()',
  },
  'MEMB-2 nobody': {
    file: MEMBERS,
    find: "      if (!added || added.deleted) throw Refusal.notFound('user')",
    replace: '      if (!added) return',
  },
  'MEMB-3': {
    file: MEMBERS,
    find: '      news.changed(channel, isGroup ? undefined : user)\n',
    replace: '      if (isGroup) news.changed(channel)\n',
  },
  'MEMB-3 removed': { file: MEMBERS, find: '      news.lost(channel, user)\n', replace: '' },
  'MEMB-3 owner': {
    file: `${CHANNELS}/channel-news.ts`,
    find: '      if (this.#reads(connection, channel)) continue\n',
    replace: '',
  },
  'DIRECT-1': { file: `${CHANNELS}/direct-key.ts`, find: '...[one, other].sort()', replace: 'one, other' },
  'DIRECT-1 maker': {
    file: `${CHANNELS}/direct-key.ts`,
    find: "JSON.stringify(['group', maker, clientId])",
    replace: "JSON.stringify(['group', maker && '', clientId])",
  },
  'DIRECT-1 nobody': {
    file: MEMBERS,
    find: 'if (directs.length < others.length) throw',
    replace: 'if (known.length < 1) throw',
  },
  'DIRECT-1 self': { file: MEMBERS, find: 'if (others.includes(who.id)) throw', replace: "if (who.id === '') throw" },
  'DIRECT-1 unnamed': {
    file: MEMBERS,
    find: 'if (more.length > 0 && clientId === undefined) throw',
    replace: "if (clientId === '') throw",
  },
  'DIRECT-2': {
    file: PERMISSIONS,
    find: 'return members?.has(who.id) ? IN_DIRECT',
    replace: 'return who.role.id === OWNER || members?.has(who.id) ? IN_DIRECT',
  },
  'DIRECT-3': {
    file: `${CHANNELS}/live-channel.ts`,
    find: "    if (this.#summary.kind === 'direct') this.#summary = { ...this.#summary, members: sorted ?? [] }\n",
    replace: '',
  },
  'DIRECT-3 deleted': {
    file: `${CHANNELS}/channel-admin.ts`,
    find: "      if (channel.summary.kind === 'direct') throw",
    replace: "      if (channel.summary.kind === 'direct' && channel.isPair) throw",
  },
  'DIRECT-3 archived': {
    file: `${CHANNELS}/channel-admin.ts`,
    find: "['channel', 'name', 'topic']",
    replace: "['channel', 'name', 'topic', 'archived']",
  },
  'DIRECT-4': {
    file: MEMBERS,
    find: "  if (isPair) throw new Refusal('forbidden', 'the direct",
    replace: "  if (isPair && !isPair) throw new Refusal('forbidden', 'the direct",
  },
  'DIRECT-4 pair': {
    file: `${CHANNELS}/channel-admin.ts`,
    find: '  if (channel.isPair) throw',
    replace: '  if (channel.isPair && data.archived) throw',
  },
  'DIRECT-4 last': {
    file: MEMBERS,
    find: '      if (isGroup && members.size === 1) return void (await admin.end(channel))\n',
    replace: '      void admin\n',
  },
  'DIRECT-4 others': { file: MEMBERS, find: '      if (isGroup) news.changed(channel)\n', replace: '' },
  'DIRECT-4 count': {
    file: MEMBERS,
    find: 'isGroup ? LIMITS.directMembers : LIMITS.channelMembers',
    replace: 'LIMITS.channelMembers',
  },
  'USER-1': {
    file: ACCOUNTS,
    find: ".orderBy('name_key')\n        .limit(",
    replace: ".orderBy('name')\n        .limit(",
  },
  'USER-1 prefix': {
    file: 'packages/server/src/handlers/user.ts',
    find: 'prefix === undefined ? undefined : namePrefixKey(prefix)',
    replace: 'prefix === undefined ? undefined : namePrefixKey(prefix) && prefix',
  },
  'USER-1 characters': { file: ACCOUNTS, find: "[...(prefix ?? '')].length", replace: "(prefix ?? '').length" },
  'USER-1 after': {
    file: ACCOUNTS,
    find: ".where('name_key', '>', last?.name_key ?? '')",
    replace: ".where('name_key', '>=', last?.name_key ?? '')",
  },
  'USER-1 behind nobody': {
    file: 'packages/server/src/handlers/user.ts',
    find: 'if (after !== undefined && (await',
    replace: "if (after === '' && (await",
  },
  'USER-1 ended': { file: ACCOUNTS, find: "        .where('bot', 'in', LISTED)\n", replace: '' },
}
