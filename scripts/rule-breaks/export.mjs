const EXPORT = 'packages/server/src/accounts/account-export.ts'
const ROUTE = 'packages/server/src/http/account-export.ts'

export default {
  'EXPORT-1': { file: EXPORT, find: '      if (!hasMore) return\n', replace: '      if (hasMore || after) return\n' },
  'EXPORT-1 secret': {
    file: EXPORT,
    find: "yield { type: 'account', data: account }",
    replace: "yield { type: 'account', data: { ...account, passwordHash: 'argon2' } }",
  },
  'EXPORT-1 others': { file: EXPORT, find: 'if (invite.by === user) yield', replace: 'yield' },
  'EXPORT-1 end': {
    file: EXPORT,
    find: "    yield { type: 'end', data: { messages } }\n",
    replace: '    void messages\n',
  },
  'EXPORT-1 attachment': { file: ROUTE, find: "dispositionOf('attachment'", replace: "dispositionOf('inline'" },
  'EXPORT-2': { file: EXPORT, find: 'if (this.#running.has(user)) {', replace: "if (user === '') {" },
  'EXPORT-2 cut': { file: ROUTE, find: '    } finally {\n      end()\n', replace: '      end()\n    } finally {\n' },
  'EXPORT-2 rate': { file: EXPORT, find: ", 'account.export')", replace: ", 'http')" },
}
