const NEW = 'packages/server/src/adapters/storage/sql/new-messages.ts'
const SENDER = 'packages/core/src/client/sender.ts'
const SEND_QUEUE = 'packages/core/src/state/send-queue.ts'

export default {
  'SEND-6': {
    file: NEW,
    find: "    if (before && !this.#known.has(keyOf(before))) return { outcome: 'out-of-order' }\n",
    replace: '',
  },
  // Anybody's message of the channel will do.
  'SEND-6 author': [
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
  // The author's message to any channel will do.
  'SEND-6 channel': [
    { file: NEW, find: 'JSON.stringify([channel, author, clientId])', replace: 'JSON.stringify([author, clientId])' },
    { file: NEW, find: `sql\`(\${channel}, \${author}, \${clientId})\``, replace: `sql\`(\${author}, \${clientId})\`` },
    {
      file: NEW,
      find: '(message.channel, message.author, message.client_id) in',
      replace: '(message.author, message.client_id) in',
    },
  ],
  'SEND-6 repeat': {
    file: NEW,
    find: "if (stored) return { outcome: 'repeated', message: toMessage(stored) }",
    replace:
      "if (stored) return after ? { outcome: 'out-of-order' } : { outcome: 'repeated', message: toMessage(stored) }",
  },
  'SEND-6 retryable': {
    file: 'packages/server/src/refusal.ts',
    find: "'rate_limited', 'out_of_order',",
    replace: "'rate_limited',",
  },
  'SEND-6 client': { file: SEND_QUEUE, find: 'after: before.get(channel)', replace: 'after: undefined' },
  // What is behind it does not wait.
  'SEND-7': {
    file: SEND_QUEUE,
    find: "if (slot.progress === 'retrying') held.add(channel)",
    replace: "if (slot.progress === 'retrying') continue",
  },
  'SEND-7 wait': { file: SENDER, find: 'const wait = error.retryAfterMs ?? backoff', replace: 'const wait = backoff' },
  // What had no answer is given up.
  'SEND-7 unanswered': {
    file: SENDER,
    find: "if (again) this.#queue.put(clientId, 'waiting')",
    replace: 'if (again) this.#settle(clientId)?.reject(error)',
  },
  'SEND-7 final': { file: SENDER, find: 'if (!error.retryable) {', replace: 'if (false) {' },
  'SEND-7 told': {
    file: SENDER,
    find: "return this.events.emit('refused', { ...entryOf(entry), error })",
    replace: 'return',
  },
  // What was refused for good is still named by what comes next.
  'SEND-7 named': [
    {
      file: SEND_QUEUE,
      find: '    this.#slots.delete(clientId)\n',
      replace:
        '    if (slot) (this.gone ??= new Map()).set(slot.entry.channel, clientId)\n    this.#slots.delete(clientId)\n',
    },
    {
      file: SEND_QUEUE,
      find: 'const before = new Map<string, string>()',
      replace: 'const before = new Map<string, string>(this.gone)',
    },
  ],
  'SEND-8': { file: SEND_QUEUE, find: 'known.toSpliced(last + 1, 0, ...taken)', replace: '[...known, ...taken]' },
  'SEND-8 account': {
    file: 'packages/core/src/client/outbox/memory-outbox.ts',
    find: 'const key = JSON.stringify([server, user])',
    replace: 'const key = server',
  },
  'SEND-8 server': {
    file: 'packages/client-node/src/outbox/file-outbox.ts',
    find: 'JSON.stringify([server, user])',
    replace: 'JSON.stringify([user])',
  },
  'SEND-8 ids': {
    file: SENDER,
    find: '...fresh(entry), kept: true',
    replace: "...fresh({ ...entry, clientId: 'again ' + entry.clientId }), kept: true",
  },
  // A client takes what another owns that still lives.
  'SEND-8 one': {
    file: 'packages/client-node/src/outbox/file-outbox.ts',
    find: 'if (owner === undefined || lives(owner)) continue',
    replace: 'if (owner === undefined || owner === this.#owner) continue',
  },
  // What was adopted falls behind what its lane put.
  'SEND-8 order': {
    file: 'packages/client-node/src/outbox/file-outbox.ts',
    find: '.sort((one, other) => one.order - other.order)',
    replace: '.sort((one, other) => other.order - one.order)',
  },
}
