const ROUTER = 'packages/server/src/http/router.ts'
const ROUTES = 'packages/server/src/http/recordings.ts'
const BLOB = 'packages/server/src/http/blob.ts'
const AUTHORIZATION = 'packages/server/src/http/authorization.ts'
const ERRORS = 'packages/server/src/http/errors.ts'
const HEADER = "request.headers.authorization ?? ''"

export default {
  'HTTP-1': { file: ROUTER, find: '.status(ready() ? 200 : 503)', replace: '.status(200)' },
  'HTTP-2': {
    file: ERRORS,
    find: "  if (status === 401 && !response.get('WWW-Authenticate')) response.set('WWW-Authenticate', 'Bearer')\n",
    replace: '',
  },
  // The list is anybody's.
  'HTTP-2 list': {
    file: ROUTES,
    find: '    const user = await bearer(request, sessions)\n',
    replace: "    const user = await bearer(request, sessions).catch(() => '')\n",
  },
  'HTTP-2 own': {
    file: 'packages/server/src/permissions/may.ts',
    find: 'return owner.id === user',
    replace: 'return owner.id !== user || true',
  },
  // What is somebody else's is told from what is not there.
  'HTTP-2 same': {
    file: 'packages/server/src/recording/recordings.ts',
    find: "if (!found || !mayHave(user, found)) throw Refusal.notFound('recording')",
    replace:
      "if (!found) throw Refusal.notFound('recording')\n    if (!mayHave(user, found)) throw new Refusal('forbidden', 'that is not yours')",
  },
  'HTTP-3': {
    file: AUTHORIZATION,
    find: HEADER,
    replace: "request.headers.authorization ?? 'Bearer ' + (request.query['token'] ?? '')",
  },
  'HTTP-3 cookie': {
    file: AUTHORIZATION,
    find: HEADER,
    replace: "request.headers.authorization ?? 'Bearer ' + (/token=([^;]+)/.exec(request.headers.cookie)?.[1] ?? '')",
  },
  'HTTP-3 set': {
    file: ERRORS,
    find: "response.set('Cache-Control', 'no-store').status(status)",
    replace: "response.set('Cache-Control', 'no-store').cookie('seen', 'yes').status(status)",
  },
  'HTTP-4': { file: ERRORS, find: 'path: request.path', replace: 'path: request.originalUrl' },
  'HTTP-4 token': { file: ERRORS, find: '{ method: request.method,', replace: '{ headers: request.headers,' },
  'HTTP-5': {
    file: BLOB,
    find: "return encodeURIComponent(name).replace(/['()*!]/g,",
    replace: 'return encodeURIComponent(name).replace(/[]/g,',
  },
  // A title that is a path is one.
  'HTTP-5 key': {
    file: 'packages/server/src/recording/recordings.ts',
    find: 'id: await createId(),',
    replace: 'id: title ?? (await createId()),',
  },
  'HTTP-5 length': {
    file: 'packages/core/src/protocol/recording.ts',
    find: 'z.maxLength(200), storable',
    replace: 'z.maxLength(201), storable',
  },
  'HTTP-5 empty': {
    file: 'packages/core/src/protocol/recording.ts',
    find: 'z.minLength(1), z.maxLength(200)',
    replace: 'z.maxLength(200)',
  },
  'HTTP-5 characters': {
    file: 'packages/core/src/protocol/recording.ts',
    find: 'z.maxLength(200), storable',
    replace: 'z.maxLength(200)',
  },
  'HTTP-6': { file: BLOB, find: "  'X-Content-Type-Options': 'nosniff',\n", replace: '' },
  'HTTP-6 policy': { file: BLOB, find: '"default-src \'none\'; sandbox"', replace: '"default-src \'none\'"' },
  'HTTP-6 type': { file: ROUTES, find: "'Content-Type': 'video/mp4'", replace: "'Content-Type': 'text/html'" },
  'HTTP-6 token': { file: BLOB, find: "disposition: 'attachment' }", replace: "disposition: 'inline' }" },
  // A link's word counts beside a token too.
  'HTTP-6 both': {
    file: BLOB,
    find: "request.headers.authorization !== undefined || !query.has('sign')",
    replace: "!query.has('sign')",
  },
  'HTTP-6 link': {
    file: 'packages/core/src/protocol/recording.ts',
    find: "disposition: z.enum(['inline', 'attachment'])",
    replace: "disposition: z.enum(['inline', 'attachment', 'form-data'])",
  },
  'HTTP-7': { file: ERRORS, find: '.json({ error: { code, message } })', replace: '.json({ code, message })' },
  'HTTP-7 passes': {
    file: ROUTER,
    find: '  router.use(answerErrors(log))\n',
    replace:
      "  router.use(() => {\n    throw new Refusal('not_found', 'there is no such route')\n  })\n  router.use(answerErrors(log))\n",
  },
  'HTTP-8': { file: ROUTER, find: 'rates.admit(`', replace: 'void (`' },
  'HTTP-8 address': {
    file: ROUTER,
    find: 'addressKey(peerOf(request).address)',
    replace: "'everybody'",
  },
  'HTTP-8 health': {
    file: ROUTER,
    find: "router.get('/healthz', (_request, response) => {\n",
    replace:
      "router.get('/healthz', (request, response) => {\n    rates.admit('address ' + addressKey(peerOf(request).address), 'http')\n",
  },
  'HTTP-8 again': {
    file: ERRORS,
    find: "if (retryAfterMs !== undefined) response.set('Retry-After'",
    replace: "if (false) response.set('Retry-After'",
  },
  'HTTP-9': {
    file: 'packages/core/src/transport-ws/index.ts',
    find: '    perMessageDeflate: false,\n',
    replace: '    perMessageDeflate: false,\n    rejectUnauthorized: !url,\n',
  },
  'HTTP-9 ca': {
    file: 'packages/client-node/src/create-client.ts',
    find: 'wsTransport({ ca })',
    replace: 'wsTransport()',
  },
}
