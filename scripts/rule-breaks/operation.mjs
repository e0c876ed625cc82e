const CERTIFICATE = 'packages/server/src/cli/certificate.ts'
const CLAIM = 'packages/server/src/cli/file-claim.ts'

export default {
  'RUN-1': {
    file: 'packages/server/src/cli/host-rule.ts',
    find: "return isIP(host) === 4 && host.startsWith('127.')",
    replace: "return host.startsWith('127.')",
  },
  // The code ends up in a log.
  'RUN-2': {
    file: 'packages/server/src/cli/run-program.ts',
    find: 'if (process.stdout.isTTY) {',
    replace: 'if (true) {',
  },
  'RUN-3': {
    file: CERTIFICATE,
    find: 'if (now > Date.parse(certificate.validTo)) {',
    replace: 'if (false) {',
  },
  'RUN-4': { file: 'packages/server/src/cli/settings.ts', find: '.pipe(z.int().max(65_535))', replace: '' },
  'RUN-3 key': {
    file: CERTIFICATE,
    find: 'if (!certificate.checkPrivateKey(privateKey)) {',
    replace: 'if (false) {',
  },
  'RUN-3 early': { file: CERTIFICATE, find: 'if (now < Date.parse(certificate.validFrom)) {', replace: 'if (false) {' },
  'RUN-3 private': { file: CERTIFICATE, find: 'const PRIVATE = 0o600', replace: 'const PRIVATE = 0o644' },
  'RUN-3 names': {
    file: CERTIFICATE,
    find: "return [...new Set(['localhost', '127.0.0.1', '::1', ...own])]",
    replace: "return ['localhost', '127.0.0.1', '::1']",
  },
  'RUN-4 name': {
    file: 'packages/server/src/cli/settings.ts',
    find: 'const name = String(issue.path[0])',
    replace: "const name = 'a setting'",
  },
  // Whoever starts a server that has its owner is shown a code all the same.
  'RUN-2 owner': {
    file: 'packages/server/src/cli/run-server.ts',
    find: "server.registration === 'claim' ? await claim.current() : undefined",
    replace: 'await claim.current()',
  },
  'RUN-5': {
    file: 'packages/server/src/cli/private-file.ts',
    find: "open(draft, 'w', 0o600)",
    replace: "open(draft, 'w', 0o644)",
  },
  'RUN-6': {
    file: 'packages/server/src/http/security-headers.ts',
    find: "'script-src': [\"'self'\", ",
    replace: "'script-src': [\"'self'\", \"'unsafe-inline'\", ",
  },
  'RUN-6 https': {
    file: 'packages/server/src/cli/run-server.ts',
    find: 'https: settings.TLS_CERT !== undefined',
    replace: 'https: false',
  },
  'RUN-5 claim': [
    { file: CLAIM, find: 'import { readFile, unlink }', replace: 'import { chmod, readFile, unlink }' },
    { file: CLAIM, find: '      return code\n', replace: '      await chmod(path, 0o644)\n      return code\n' },
  ],
  // Each start makes another, and the links of before are void.
  'RUN-5 first': {
    file: 'packages/server/src/cli/secret-key.ts',
    find: 'if (kept !== undefined && kept.length >= KEY_BYTES) return kept',
    replace: 'void kept',
  },
}
