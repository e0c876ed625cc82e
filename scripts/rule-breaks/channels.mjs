const SQL = 'packages/server/src/adapters/storage/sql'
const CHANNELS = 'packages/server/src/channels/channels.ts'

export default {
  'CHAN-1': {
    file: `${SQL}/channels.ts`,
    find: ".orderBy('position').orderBy('id').execute()\n      return await",
    replace: ".orderBy('id').execute()\n      return await",
  },
  'CHAN-2': {
    file: CHANNELS,
    find: '    channel.feed.remove(outgoing)\n    this.#joined.get(outgoing)',
    replace: '    this.#joined.get(outgoing)',
  },
  // Who joins gets what came before it in the same turn.
  'CHAN-2 head': {
    file: 'packages/server/src/delivery/feed.ts',
    find: '    this.flushTurn()\n    this.#listeners.add(listener)',
    replace: '    this.#listeners.add(listener)',
  },
  // One request of many forgets to look.
  'CHAN-3': {
    file: 'packages/server/src/handlers/voice.ts',
    find: "  channels.allowed(data.channel, identity.account, 'read')\n  if (place?.room",
    replace: '  if (place?.room',
  },
  // Every start sees to it that there is one.
  'CHAN-4': {
    file: `${SQL}/migrations/index.ts`,
    find: '  if (!error) return\n',
    replace:
      "  if (!error) {\n    const lounge = { id: 'lounge', kind: 'voice', name: 'lounge', epoch: parts.createEpoch(), head: 0, messages: 0, position: 1 }\n    await db\n      .insertInto('channel')\n      .values(lounge as never)\n      .onConflict((conflict) => conflict.doNothing())\n      .execute()\n    return\n  }\n",
  },
  // A repeat uses up a number.
  'LOG-1': {
    file: `${SQL}/new-messages.ts`,
    find: "    if (stored) return { outcome: 'repeated', message: toMessage(stored) }\n",
    replace:
      "    if (stored) head.head++\n    if (stored) return { outcome: 'repeated', message: toMessage(stored) }\n",
  },
  'LOG-2': {
    file: `${SQL}/history.ts`,
    find: 'await newer(db, channel, after + 1, limit)',
    replace: 'await newer(db, channel, after, limit)',
  },
  'LOG-2 changes': {
    file: `${SQL}/history.ts`,
    find: ".where('entry.seq', '>', after)",
    replace: ".where('entry.seq', '>=', after)",
  },
  'LOG-2 order': {
    file: `${SQL}/history.ts`,
    find: '.sort((one, other) => one.seq - other.seq)',
    replace: '',
  },
  'LOG-2 limit': {
    file: 'packages/server/src/handlers/message.ts',
    find: 'data.after, data.limit ?? LIMITS.page)',
    replace: 'data.after, data.limit ?? LIMITS.pageDefault)',
  },
}
