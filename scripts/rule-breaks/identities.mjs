const SERVER = 'packages/server/src'
const JWT = `${SERVER}/adapters/auth/jwt.ts`
const OIDC = `${SERVER}/adapters/auth/oidc.ts`
const IDENTITIES = `${SERVER}/accounts/identities.ts`
const CODES = `${SERVER}/accounts/sign-in-codes.ts`
const ROUTES = `${SERVER}/http/sign-in.ts`

export default {
  // A token for another server is taken.
  'IDP-1': { file: JWT, find: '    audience,\n    algorithms', replace: '    algorithms' },
  'IDP-1 exp': { file: JWT, find: "requiredClaims: ['sub', 'exp']", replace: "requiredClaims: ['sub']" },
  'IDP-1 leeway': { file: JWT, find: 'const LEEWAY_S = 60', replace: 'const LEEWAY_S = 600' },
  'IDP-1 keys': {
    file: IDENTITIES,
    find: "throw new Refusal('unavailable', 'the identity provider",
    replace: "throw new Refusal('invalid_credentials', 'the identity provider",
  },
  // Whoever is called as somebody here is taken for them.
  'IDP-2': {
    file: IDENTITIES,
    find: '    if (known) return known\n    if (!owned()) {',
    replace:
      "    if (known) return known\n    const same = await storage.accounts.byNameKey(nameKey(identity.names[0] ?? ''))\n    if (same) return { id: same.id, name: same.name, role: same.role }\n    if (!owned()) {",
  },
  'IDP-2 once': {
    file: `${SERVER}/adapters/storage/sql/identities.ts`,
    find: '          if (!inserted.numInsertedOrUpdatedRows) throw new Exists()\n',
    replace: '',
  },
  'IDP-2 owner': { file: IDENTITIES, find: '    if (!owned()) {', replace: '    if (false) {' },
  // Anybody's page may be given the code.
  'IDP-3': {
    file: ROUTES,
    find: 'if (!allowsOrigin(new URL(memo.data.return).origin, request)) {',
    replace: 'if (false) {',
  },
  'IDP-3 pkce': { file: OIDC, find: "        code_challenge_method: 'S256',\n", replace: '' },
  // A code works for whoever has it.
  'IDP-4': { file: CODES, find: ' || found.challenge !== challenge', replace: '' },
  'IDP-4 once': {
    file: CODES,
    find: '    this.#waiting.delete(hash)\n    const challenge',
    replace: '    const challenge',
  },
  'IDP-4 minute': { file: CODES, find: 'found.expiresAt <= this.#clock.now() || ', replace: '' },
}
