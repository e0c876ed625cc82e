const HISTORY = 'packages/server/src/adapters/storage/sql/history.ts'

export default {
  'HIST-1': { file: HISTORY, find: 'return rows.reverse()', replace: 'return rows' },
  // A full page is taken for a sign that there is more.
  'HIST-2': {
    file: HISTORY,
    find: "const hasMoreBefore = await exists(db, channel, '<', first?.seq ?? (anchor.at === 'after' ? edge + 1 : edge))",
    replace: 'const hasMoreBefore = rows.length === limit',
  },
  'HIST-3': {
    file: HISTORY,
    find: 'newer(db, channel, anchor.seq + 1, limit)',
    replace: 'newer(db, channel, anchor.seq, limit)',
  },
  'HIST-4': { file: HISTORY, find: 'asOf: head.head', replace: 'asOf: last?.seq ?? head.head' },
  'HIST-5': { file: 'packages/server/src/handlers/message.ts', find: 'given.length > 1', replace: 'given.length > 2' },
}
