const CHANNELS = 'packages/server/src/channels'
const STORED = 'packages/server/src/adapters/storage/sql/channels.ts'
const [ADMIN, NEWS, ALL] = ['channel-admin', 'channel-news', 'channels'].map((name) => `${CHANNELS}/${name}.ts`)
const SLOW = `${CHANNELS}/slow-mode.ts`
const PURGE = `${CHANNELS}/channel-purge.ts`

export default {
  'CHAN-5': { file: ALL, find: 'this.#order.push(channel)', replace: 'this.#order.unshift(channel)' },
  'CHAN-5 rest': {
    file: STORED,
    find: '...(topic === undefined ? {} : { topic }),',
    replace: "topic: topic ?? '',",
  },
  'CHAN-5 before': {
    file: ALL,
    find: 'rest.toSpliced(at < 0 ? rest.length : at, 0,',
    replace: 'rest.toSpliced(at < 0 ? rest.length : at + 1, 0,',
  },
  // The order is that of this run alone.
  'CHAN-5 stored': {
    file: STORED,
    find: 'if (places.get(one) !== position) {',
    replace: 'if (places.get(one) !== position && one === id) {',
  },
  'CHAN-5 nowhere': {
    file: ADMIN,
    find: 'if (before && !channels.orderFor(who).some((one) => one.id === before))',
    replace: "if (before === '')",
  },
  'CHAN-5 owner': {
    file: ADMIN,
    find: "if (!may(standings.who(who.id), { to: 'createChannel' })) {",
    replace: "if (!may(standings.who(who.id), { to: 'read' })) {",
  },
  'CHAN-5 deletes': {
    file: ADMIN,
    find: "      const channel = channels.allowed(id, who, 'manageChannel')\n      if (channel.summary.kind",
    replace: "      const channel = channels.allowed(id, who, 'send')\n      if (channel.summary.kind",
  },
  'CHAN-5 for ever': {
    file: PURGE,
    find: 'if (await this.#channels.purge(SLICE)) this.#due = true',
    replace: 'await this.#channels.purge(SLICE)',
  },
  'CHAN-5 found': {
    file: 'packages/server/src/adapters/storage/sql/purge.ts',
    find: '    if (place !== null) await search.remove',
    replace: '    if (place === undefined) await search.remove',
  },
  'CHAN-6': { file: ADMIN, find: 'nameKey: nameKey(data.name)', replace: 'nameKey: data.name' },
  'CHAN-6 renamed': { file: ADMIN, find: ': nameKey(given.name)', replace: ': given.name' },
  'CHAN-6 count': { file: ADMIN, find: '.length >= LIMITS.channels', replace: '.length > LIMITS.channels' },
  'CHAN-7': {
    file: ADMIN,
    find: '      if (stored.archived) rooms.leaveChannel(id)\n      news.changed(channel)\n',
    replace: '      if (stored.archived) rooms.leaveChannel(id)\n',
  },
  'CHAN-7 readers': {
    file: NEWS,
    find: 'if (this.#reads(connection, channel)) yield connection',
    replace: 'if (channel) yield connection',
  },
  'CHAN-7 newest': {
    file: NEWS,
    find: 'outgoing.state(changedKey(channel), ()',
    replace: 'outgoing.state(String(Math.random()), ()',
  },
  'CHAN-7 as it leaves': {
    file: NEWS,
    find: "      outgoing.state(changedKey(channel), () => ({ type: 'channel.changed', data: { channel: channel.summary } }))",
    replace:
      "      const { summary } = channel\n      outgoing.state(changedKey(channel), () => ({ type: 'channel.changed', data: { channel: summary } }))",
  },
  // A removal that a slow connection has not taken is forgotten when the channel comes back.
  'CHAN-7 told': { file: NEWS, find: '`channel removed ', replace: '`channel ' },
  'CHAN-7 entries': {
    file: NEWS,
    find: '      this.#channels.leave(channel.summary.id, connection.outgoing)\n',
    replace: '',
  },
  'CHAN-7 voice': {
    file: `${CHANNELS}/memberships.ts`,
    find: "      if (!may(standings.who(user), { to: 'read', channel })) rooms.leaveChannel(id, user)\n",
    replace: '      void [standings, rooms, may]\n',
  },
  'CHAN-7 rooms': {
    file: ADMIN,
    find: '    rooms.leaveChannel(id)\n    channels.forget(id)',
    replace: '    void rooms\n    channels.forget(id)',
  },
  'CHAN-7 late': {
    file: ALL,
    find: "    const found = await read()\n    this.allowed(id, user, 'read')\n",
    replace: '    const found = await read()\n',
  },
  'CHAN-7 order': { file: ADMIN, find: '        news.ordered()\n', replace: '' },
  'CHAN-8': {
    file: 'packages/server/src/permissions/may.ts',
    find: 'summary.archived ? IN_ARCHIVE : ALL',
    replace: 'summary.archived ? IN_ARCHIVE | ALL : ALL',
  },
  'CHAN-8 voice': {
    file: ADMIN,
    find: '      if (stored.archived) rooms.leaveChannel(id)\n',
    replace: '      void rooms\n',
  },
  'CHAN-9': {
    file: ALL,
    find: 'const retryAfterMs = this.#slow.begin(append.channel, user.id, interval)',
    replace: 'const retryAfterMs = this.#slow.begin(append.channel, user.id, 0)',
  },
  'CHAN-9 owner': {
    file: ALL,
    find: "slowModeMs > 0 && !this.allows(append.channel, user, 'manageChannel') ? slowModeMs : 0",
    replace: 'slowModeMs',
  },
  'CHAN-9 repeat': {
    file: ALL,
    find: 'if (retryAfterMs > 0) return this.#repeat(append, retryAfterMs)',
    replace:
      "if (retryAfterMs > 0) throw new Refusal('rate_limited', 'slow', { retryAfterMs })\n    if (retryAfterMs < 0) return this.#repeat(append, retryAfterMs)",
  },
  'CHAN-9 at once': {
    file: SLOW,
    find: '    if (this.#writing.has(key)) return interval\n',
    replace: '',
  },
  // What was refused keeps its author out.
  'CHAN-9 refused': {
    file: SLOW,
    find: '    this.#writing.delete(keyOf(channel, author))\n',
    replace: '    void [channel, author]\n',
  },
  'CHAN-9 everywhere': {
    file: SLOW,
    find: '  return `',
    replace: '  if (channel) return author\n  return `',
  },
}
