const APPEND = 'packages/server/src/adapters/storage/sql/append.ts'

export default {
  'CHAN-1': {
    file: 'packages/server/src/adapters/storage/sql/sql-storage.ts',
    find: ".orderBy('position').orderBy('id')",
    replace: ".orderBy('id')",
  },
  'CHAN-2': {
    file: 'packages/server/src/channels/channels.ts',
    find: '    channel.listeners.delete(outgoing)\n    this.#joined.get(outgoing)',
    replace: '    this.#joined.get(outgoing)',
  },
  // One request of many forgets to look.
  'CHAN-3': {
    file: 'packages/server/src/handlers/voice.ts',
    find: '  channels.get(data.channel)\n  if (place?.room',
    replace: '  if (place?.room',
  },
  'CHAN-4': {
    file: 'packages/server/src/adapters/storage/sql/migrations.ts',
    find: '  if (!error) return\n',
    replace:
      "  if (!error) {\n    const { id: epoch } = { id: createEpoch() }\n    for (const channel of FIRST_CHANNELS) {\n      await db\n        .insertInto('channel')\n        .values({ ...channel, epoch, head: 0, messages: 0 })\n        .onConflict((conflict) => conflict.doNothing())\n        .execute()\n    }\n    return\n  }\n",
  },
  // A repeat uses up a number.
  'LOG-1': {
    file: APPEND,
    find: 'if (!inserted.numInsertedOrUpdatedRows) return',
    replace:
      'if (!inserted.numInsertedOrUpdatedRows) head.head = seq\n  if (!inserted.numInsertedOrUpdatedRows) return',
  },
  'LOG-2': {
    file: 'packages/server/src/adapters/storage/sql/history.ts',
    find: ".where('entry.seq', '>', after)",
    replace: ".where('entry.seq', '>=', after)",
  },
  'LOG-2 limit': {
    file: 'packages/server/src/handlers/message.ts',
    find: 'data.after, data.limit ?? LIMITS.page)',
    replace: 'data.after, data.limit ?? LIMITS.pageDefault)',
  },
}
