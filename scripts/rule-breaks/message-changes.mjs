const CHANGES = 'packages/server/src/adapters/storage/sql/message-changes.ts'
const SEARCH = 'packages/server/src/handlers/search.ts'

export default {
  'EDIT-1': { file: CHANGES, find: "  if (author !== actor) return 'not-author'\n", replace: '' },
  // The text is still there.
  'EDIT-2': { file: CHANGES, find: "return { text: '', deleted: 1,", replace: 'return { deleted: 1,' },
  'PIN-1': { file: CHANGES, find: 'Number(pins) >= LIMITS.pins', replace: 'Number(pins) > LIMITS.pins' },
  'HIST-6': {
    file: 'packages/server/src/adapters/storage/sql/history.ts',
    find: ".where('message.seq', '<', below)",
    replace: ".where('message.seq', '<', below).where('message.deleted', '=', 0)",
  },
  'SEARCH-2': {
    file: 'packages/core/src/text/search-terms.ts',
    find: "safe.normalize('NFKC').toUpperCase().toLowerCase()",
    replace: "safe.normalize('NFKC')",
  },
  // Every channel is searched, and what was found is given out.
  'SEARCH-3': [
    { file: SEARCH, find: 'channels.readableBy(account)', replace: 'channels.list()' },
    {
      file: SEARCH,
      find: "found.messages.filter((message) => channels.allows(message.channel, account, 'read'))",
      replace: '[...found.messages]',
    },
  ],
  // An edited message is found by what it said.
  'SEARCH-4': {
    file: CHANGES,
    find: '  if (id !== null) await search.change(db, { id, channel, author, text }, row.text)\n',
    replace: '',
  },
}
