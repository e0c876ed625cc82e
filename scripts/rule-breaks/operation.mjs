export default {
  'HTTP-1': {
    file: 'packages/server/src/http/router.ts',
    find: '.status(ready() ? 200 : 503)',
    replace: '.status(200)',
  },
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
    file: 'packages/server/src/cli/certificate.ts',
    find: 'if (now > Date.parse(certificate.validTo)) {',
    replace: 'if (false) {',
  },
  'RUN-4': { file: 'packages/server/src/cli/settings.ts', find: '.pipe(z.int().max(65_535))', replace: '' },
}
