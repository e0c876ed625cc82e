const FACTORS = 'packages/server/src/accounts/second-factors.ts'
const TOTP = 'packages/server/src/accounts/totp.ts'
const STORED = 'packages/server/src/adapters/storage/sql/second-factors.ts'

export default {
  // It counts as soon as it was begun.
  'TOTP-1': {
    file: STORED,
    find: '{ from: 0, to: 0 }))) return false\n        await trx\n          .insertInto',
    replace: '{ from: 0, to: 1 }))) return false\n        await trx\n          .insertInto',
  },
  'TOTP-1 password': {
    file: FACTORS,
    find: '    await checkOwnPassword(account.id, password, this.#parts)\n',
    replace: '    void password\n',
  },
  'TOTP-1 told': { file: FACTORS, find: '    this.#tell(account.id, true)\n', replace: '' },
  'TOTP-1 codes': {
    file: 'packages/core/src/protocol/limits.ts',
    find: 'recoveryCodes: 10',
    replace: 'recoveryCodes: 9',
  },
  'TOTP-2': {
    file: 'packages/server/src/accounts/accounts.ts',
    find: '    await this.#secondFactors.check(stored, data.code)\n',
    replace: '',
  },
  // The code is judged before the password.
  'TOTP-2 first': {
    file: 'packages/server/src/accounts/accounts.ts',
    find: '    // A bot has no password, and no word of it is told.\n',
    replace: '    if (stored) await this.#secondFactors.check(stored, data.code)\n',
  },
  'TOTP-2 reset': {
    file: 'packages/server/src/accounts/passwords.ts',
    find: '    if (stored.secondFactor) {',
    replace: '    if (stored.secondFactor && secondFactor !== undefined) {',
  },
  'TOTP-2 counted': {
    file: FACTORS,
    find: '    this.attempt(account.name)\n',
    replace: '',
  },
  'TOTP-3': { file: STORED, find: "        .where('step', '<', step)\n", replace: '' },
  'TOTP-3 drift': { file: TOTP, find: 'const DRIFT_STEPS = 1', replace: 'const DRIFT_STEPS = 3' },
  'TOTP-3 behind': { file: TOTP, find: 'const DRIFT_STEPS = 1', replace: 'const DRIFT_STEPS = 0' },
  'TOTP-3 older': {
    file: STORED,
    find: "        .where('step', '<', step)\n",
    replace: "        .where('step', '!=', step)\n",
  },
  'TOTP-4': {
    file: STORED,
    find: "        .deleteFrom('recovery_code')\n        .where('user', '=', user)\n        .where('code_hash'",
    replace:
      "        .updateTable('recovery_code')\n        .set({ user })\n        .where('user', '=', user)\n        .where('code_hash'",
  },
  'TOTP-4 others': {
    file: STORED,
    find: "codeHashes: readonly string[]): Promise<void> {\n  await trx.deleteFrom('recovery_code').where('user', '=', user).execute()\n",
    replace: 'codeHashes: readonly string[]): Promise<void> {\n',
  },
  'TOTP-5': {
    file: FACTORS,
    find: '    await this.demand(account, data)\n    await this.#parts.storage.secondFactors.remove',
    replace:
      '    await checkOwnPassword(account.id, data.password, this.#parts)\n    await this.#parts.storage.secondFactors.remove',
  },
  'TOTP-5 program': {
    file: 'packages/server/src/cli/arclight.ts',
    find: 'await storage.secondFactors.remove(account.id)',
    replace: 'account.secondFactor',
  },
}
