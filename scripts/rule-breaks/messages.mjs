const HISTORY = 'packages/server/src/adapters/storage/sql/history.ts'

const NEW = 'packages/server/src/adapters/storage/sql/new-messages.ts'
const MESSAGE = 'packages/core/src/protocol/message.ts'

export default {
  // The sender is answered while the transaction still runs.
  'SEND-1': {
    file: 'packages/server/src/adapters/storage/sql/sql-storage.ts',
    find: 'append: (batch) => db.transaction().execute((trx) => append(trx, batch, dialect)),',
    replace: `append: (batch) =>
        new Promise((resolve, reject) => {
          const early = async (trx) => {
            resolve(await append(trx, batch, dialect))
            await new Promise((go) => setTimeout(go, 500))
          }
          db.transaction().execute(early).catch(reject)
        }),`,
  },
  'SEND-2': {
    file: NEW,
    find: "if (stored) return { outcome: 'repeated', message: toMessage(stored) }",
    replace: "if (stored) return { outcome: 'stored', entry: createdEntry(toMessage(stored)) }",
  },
  'SEND-3': { file: MESSAGE, find: 'attachments.length > 0 || ', replace: 'attachments.length >= 0 || ' },
  'SEND-4': {
    file: 'packages/server/src/channels/log-writer.ts',
    find: 'of batch.entries()) this.#answer',
    replace: 'of [...batch.entries()].reverse()) this.#answer',
  },
  'SEND-5': { file: NEW, find: 'ordinal: head.messages,', replace: 'ordinal: head.messages - 1,' },
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
  'SEND-2 author': [
    { file: NEW, find: 'JSON.stringify([channel, author, clientId])', replace: 'JSON.stringify([channel, clientId])' },
    {
      file: NEW,
      find: `sql\`(\${channel}, \${author}, \${clientId})\``,
      replace: `sql\`(\${channel}, \${clientId})\``,
    },
    {
      file: NEW,
      find: '(message.channel, message.author, message.client_id) in',
      replace: '(message.channel, message.client_id) in',
    },
  ],
  // Code points instead of code units.
  'SEND-3 length': {
    file: MESSAGE,
    find: 'value.length <= LIMITS.messageText',
    replace: 'value.length <= 2 * LIMITS.messageText',
  },
  'SEND-3 surrogates': {
    file: 'packages/core/src/protocol/fields.ts',
    find: '/^[^\\0\\p{Cs}]*$/u',
    replace: '/^[^\\0]*$/u',
  },
  'SEND-3 identifiers': {
    file: 'packages/core/src/protocol/fields.ts',
    find: 'clientIdentifier = z.string().check(z.minLength(1), z.maxLength(64), storable)',
    replace: 'clientIdentifier = z.string().check(z.minLength(1), z.maxLength(64))',
  },
  'SEND-5 rev': { file: NEW, find: 'rev: head.head,', replace: 'rev: head.head - 1,' },
  'HIST-1 default': {
    file: 'packages/core/src/protocol/limits.ts',
    find: 'pageDefault: 50',
    replace: 'pageDefault: 49',
  },
  'HIST-2 after': {
    file: HISTORY,
    find: "const hasMoreAfter = await exists(db, channel, '>', last?.seq ?? (anchor.at === 'before' ? edge - 1 : edge))",
    replace: 'const hasMoreAfter = rows.length === limit',
  },
  'HIST-3 before': {
    file: HISTORY,
    find: "where('message.seq', '<', below)",
    replace: "where('message.seq', '<=', below)",
  },
}
