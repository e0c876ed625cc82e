const BOTS = 'packages/server/src/accounts/bots.ts'
const REQUIRES = 'packages/server/src/handlers/requires.ts'
const WEBHOOKS = 'packages/server/src/webhooks/webhooks.ts'
const DELIVERY = 'packages/server/src/webhooks/delivery.ts'
const ROUTE = 'packages/server/src/http/webhooks.ts'

export default {
  'BOT-1': { file: BOTS, find: "role: 'member', bot: true }\n      const", replace: "role: 'member' }\n      const" },
  'BOT-1 owner': { file: REQUIRES, find: 'if (!may(', replace: 'if (false && !may(' },
  'BOT-1 most': { file: BOTS, find: '>= LIMITS.bots', replace: '>= 10_000' },
  // Those that come at once all find room.
  'BOT-1 at once': {
    file: BOTS,
    find: 'make(name: string): Promise<Account> {\n    return this.#changes.run(async () => {',
    replace: 'make(name: string): Promise<Account> {\n    return Promise.resolve().then(async () => {',
  },
  'BOT-1 password': {
    file: 'packages/server/src/accounts/accounts.ts',
    find: 'const right = stored?.passwordHash\n',
    replace: 'const right = stored\n',
  },
  'BOT-2': {
    file: 'packages/server/src/accounts/sessions.ts',
    find: 'return account.bot ? NEVER : now',
    replace: 'return now',
  },
  'BOT-2 renew': {
    file: BOTS,
    find: 'await this.#endSessions(id)\n      return',
    replace: 'return',
  },
  'BOT-2 connections': {
    file: BOTS,
    find: 'this.#live.end(session.id, ENDED)',
    replace: '',
  },
  'BOT-2 delete': {
    file: BOTS,
    find: 'await this.#endSessions(id)\n      await this.#storage.accounts.endBot(id)',
    replace: '',
  },
  'HOOK-1': {
    file: 'packages/server/src/webhooks/signature.ts',
    find: `\`\${id}.\${timestamp}.\``,
    replace: `\`\${timestamp}.\${id}.\``,
  },
  'HOOK-1 renew': {
    file: 'packages/server/src/webhooks/secrets.ts',
    find: `\`webhook \${id} \${generation}\``,
    replace: `\`webhook \${id}\``,
  },
  'HOOK-1 name': {
    file: WEBHOOKS,
    find: "if (direction === 'in' && name === undefined) throw",
    replace: 'if (false) throw',
  },
  'HOOK-1 url': {
    file: WEBHOOKS,
    find: "if (direction === 'out' && url === undefined) throw",
    replace: 'if (false) throw',
  },
  'HOOK-1 target': { file: WEBHOOKS, find: 'await this.#checkTarget(url)', replace: 'void 0' },
  'HOOK-1 owner': { file: REQUIRES, find: 'if (!may(', replace: 'if (false && !may(' },
  'HOOK-1 direct': { file: WEBHOOKS, find: "if (summary.kind === 'direct') throw", replace: 'if (false) throw' },
  'HOOK-1 private': {
    file: WEBHOOKS,
    find: 'if (channels.get(channel).private) await admit(',
    replace: 'if (false) await admit(',
  },
  'HOOK-1 most': { file: WEBHOOKS, find: '>= LIMITS.webhooks', replace: '>= 10_000' },
  'HOOK-1 bot': {
    file: WEBHOOKS,
    find: 'if (bot) await this.#parts.bots.end(',
    replace: 'if (false) await this.#parts.bots.end(',
  },
  'HOOK-1 channel': {
    file: 'packages/server/src/compose.ts',
    find: 'later.webhooks().endOf({ channel })',
    replace: 'Promise.resolve()',
  },
  'HOOK-2': { file: ROUTE, find: 'clientId: id }', replace: 'clientId: crypto.randomUUID() }' },
  'HOOK-3': { file: ROUTE, find: 'if (!isNow || !(', replace: 'if (!(' },
  'HOOK-3 signature': { file: ROUTE, find: 'if (!isNow || !(', replace: 'if (!isNow || (false && ' },
  'HOOK-3 path': { file: ROUTE, find: 'if (!found) throw Refusal', replace: 'if (false) throw Refusal' },
  'HOOK-3 size': { file: ROUTE, find: 'limit: LIMITS.webhookBytes', replace: 'limit: 10 * LIMITS.webhookBytes' },
  'HOOK-3 body': {
    file: 'packages/server/src/dispatch.ts',
    find: 'const checked = work.check(data)\n  const reply',
    replace: 'const checked = data\n  const reply',
  },
  'HOOK-3 status': {
    file: ROUTE,
    find: 'sendError(response, withIssues(error), STATUS[error.body.code])',
    replace: 'sendError(response, withIssues(error))',
  },
  'HOOK-4': { file: DELIVERY, find: 'entries.length === PAGE', replace: 'false' },
  // Each is tried once, whatever comes of it.
  'HOOK-4 taken': {
    file: 'packages/server/src/webhooks/post-entry.ts',
    find: 'if (status < 200 || status > 299) throw',
    replace: 'if (false) throw',
  },
  'HOOK-4 wait': { file: DELIVERY, find: 'FIRST_WAIT_MS * 2 ** this.#failures++', replace: 'FIRST_WAIT_MS' },
  'HOOK-4 longest': { file: DELIVERY, find: 'LONGEST_WAIT_MS)', replace: '2 * LONGEST_WAIT_MS)' },
  'HOOK-4 late': {
    file: DELIVERY,
    find: 'if (this.#attempt && now >=',
    replace: 'if (false && this.#attempt && now >=',
  },
  'HOOK-4 restart': { file: DELIVERY, find: 'await keep(this.#progress)', replace: '' },
  'HOOK-4 id': {
    file: DELIVERY,
    find: `\`\${webhook.id}_\${epoch}_\${entry.seq}\``,
    replace: `\`\${webhook.id}_\${epoch}_\${entry.seq}_\${Math.random()}\``,
  },
  'HOOK-4 failing': {
    file: DELIVERY,
    find: 'failingSince: this.#parts.clock.wall() }',
    replace: 'failingSince: undefined }',
  },
  'HOOK-4 making': { file: WEBHOOKS, find: 'cursor: { epoch, seq: head }', replace: 'cursor: { epoch, seq: 0 }' },
}
