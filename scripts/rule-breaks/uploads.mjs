const SERVER = 'packages/server/src'
const ROUTES = `${SERVER}/http/uploads.ts`
const HEADERS = `${SERVER}/http/upload-headers.ts`
const FILES = `${SERVER}/http/files.ts`
const UPLOADS = `${SERVER}/uploads/uploads.ts`
const FINISHER = `${SERVER}/uploads/finisher.ts`
const TYPES = `${SERVER}/uploads/file-type.ts`
const HOST = `${SERVER}/adapters/images/sharp/host.ts`
const PERMISSIONS = `${SERVER}/permissions/may.ts`
const SQL = `${SERVER}/adapters/storage/sql`
const CLIENT = 'packages/core/src/uploads-tus/index.ts'

export default {
  'UPLOAD-1': {
    file: HEADERS,
    find: "if (Number(length) === 0) throw bad('the file is empty')\n",
    replace: '\n',
  },
  'UPLOAD-1 deferred': {
    file: HEADERS,
    find: "['Upload-Defer-Length', 'Upload-Concat']",
    replace: "['Upload-Concat']",
  },
  'UPLOAD-1 name': {
    file: HEADERS,
    find: 'name.length > LIMITS.fileName',
    replace: 'name.length > 2 * LIMITS.fileName',
  },
  'UPLOAD-1 version': {
    file: ROUTES,
    find: "if (request.get('Tus-Resumable') === TUS_VERSION) return next()",
    replace: 'if (request) return next()',
  },
  'UPLOAD-2': {
    file: UPLOADS,
    find: "if (found?.owner !== user) throw Refusal.notFound('upload')",
    replace: "if (!found || user === '') throw Refusal.notFound('upload')",
  },
  'UPLOAD-2 methods': {
    file: ROUTES,
    find: "new Set(['HEAD', 'PATCH', 'DELETE'])",
    replace: "new Set(['HEAD', 'PATCH', 'DELETE', 'GET'])",
  },
  // What came is forgotten.
  'UPLOAD-3': {
    file: UPLOADS,
    find: 'return sizeOf(growingPath(this.#demand().blobs, id))',
    replace: 'return 0 * (await sizeOf(growingPath(this.#demand().blobs, id)))',
  },
  'UPLOAD-3 waits': {
    file: `${SERVER}/uploads/upload-locks.ts`,
    find: '      held.cancel()\n',
    replace: '',
  },
  'UPLOAD-3 whole': {
    file: `${SERVER}/uploads/tus.ts`,
    find: "if ('upload' in ask && request.method === 'HEAD')",
    replace: "if ('upload' in ask && request.method === 'GET')",
  },
  'UPLOAD-4': {
    file: `${SQL}/uploads.ts`,
    find: 'if (bytes + size > bounds.bytes)',
    replace: 'if (bytes > bounds.bytes)',
  },
  'UPLOAD-4 size': {
    file: UPLOADS,
    find: 'wish.size > settings.mostBytes',
    replace: 'wish.size > 2 * settings.mostBytes',
  },
  'UPLOAD-4 unfinished': {
    file: `${SQL}/uploads.ts`,
    find: 'growing >= bounds.growing',
    replace: 'growing > bounds.growing',
  },
  // Whoever knows the id of a file that nothing has may have it.
  'UPLOAD-5': {
    file: PERMISSIONS,
    find: 'if (!isUsed) return owner === who.id',
    replace: 'if (!isUsed) return owner !== undefined',
  },
  'UPLOAD-5 expires': {
    file: `${SERVER}/uploads/collector.ts`,
    find: 'await storage.uploads.expire(clock.wall())',
    replace: 'await storage.uploads.expire(0 * clock.wall())',
  },
  'UPLOAD-5 bytes': {
    file: `${SERVER}/uploads/collector.ts`,
    find: 'await blobs.remove(fileKey(id, part))',
    replace: 'await blobs.stat(fileKey(id, part))',
  },
  'UPLOAD-6': { file: TYPES, find: 'if (found) return found.type\n', replace: "if (found) return 'image/png'\n" },
  'UPLOAD-6 refused': {
    file: FINISHER,
    find: 'if (isRefused(type, settings.refusedTypes))',
    replace: 'if (isRefused(type, []))',
  },
  'UPLOAD-7': {
    file: `${SERVER}/uploads/disk-error.ts`,
    find: "new Refusal('storage_full',",
    replace: "new Refusal('unavailable',",
  },
  'UPLOAD-8': {
    file: `${SERVER}/http/cross-origin.ts`,
    find: 'if (!allows(origin, request))',
    replace: "if (!allows(origin, request) && origin === 'null')",
  },
  'UPLOAD-8 recordings': {
    file: `${SERVER}/http/router.ts`,
    find: "  '/recordings',\n  '/recordings/:id',\n",
    replace: '',
  },
  'UPLOAD-8 exposed': {
    file: `${SERVER}/http/cross-origin.ts`,
    find: "'Authorization, Content-Type,",
    replace: "'Content-Type,",
  },
  'UPLOAD-9': {
    file: CLIENT,
    find: 'onShouldRetry: (error) => mayPass(statusOf(error))',
    replace: 'onShouldRetry: () => false',
  },
  'UPLOAD-9 refused': { file: CLIENT, find: 'const refusal = response ?', replace: 'const refusal = !response ?' },
  'UPLOAD-9 ends': { file: CLIENT, find: 'upload.abort(true)', replace: 'upload.abort(false)' },
  'FILE-1': {
    file: PERMISSIONS,
    find: "(channel !== undefined && may(who, { to: 'read', channel }))",
    replace: 'channel !== undefined',
  },
  'FILE-1 cache': { file: FILES, find: 'if (isKnown(request, response)) ', replace: 'if (request.query.known) ' },
  'FILE-1 if-range': {
    file: `${SERVER}/http/blob.ts`,
    find: "return version === undefined || version === response.get('ETag')",
    replace: 'return true',
  },
  'FILE-2': {
    file: FILES,
    find: "mayBeShown(type) ? asked : 'attachment'",
    replace: 'mayBeShown(type) ? asked : asked',
  },
  'FILE-2 drawings': {
    file: TYPES,
    find: "  ...PICTURES,\n  'video/mp4',",
    replace: "  ...PICTURES,\n  'image/svg+xml',\n  'video/mp4',",
  },
  'FILE-3': {
    file: `${SERVER}/handlers/file.ts`,
    find: "filePath(found.id, thumbnail ? 'thumbnail' : 'file')",
    replace: "filePath(found.id, 'file')",
  },
  'ATTACH-1': {
    file: `${SQL}/free-uploads.ts`,
    find: '    for (const id of attachments) this.#free.delete(id)\n',
    replace: '',
  },
  'ATTACH-1 owner': { file: `${SQL}/free-uploads.ts`, find: 'row?.owner === author', replace: 'row !== undefined' },
  'ATTACH-1 used': {
    file: `${SQL}/free-uploads.ts`,
    find: ".set({ state: 'used', channel, seq })",
    replace: '.set({ channel, seq })',
  },
  'ATTACH-1 count': {
    file: 'packages/core/src/protocol/limits.ts',
    find: '  attachments: 10,',
    replace: '  attachments: 11,',
  },
  'ATTACH-1 caption': {
    file: 'packages/core/src/protocol/message.ts',
    find: 'attachments.length > 0 || /\\S/.test(text)',
    replace: 'attachments.length >= 0 || /\\S/.test(text)',
  },
  'ATTACH-2': {
    file: `${SQL}/message-changes.ts`,
    find: '  if (row.attachments !== null) await removeUploadsOf(db, row)\n',
    replace: '',
  },
  'ATTACH-2 channel': {
    file: `${SQL}/purge.ts`,
    find: '  await removeUploadsOf(db, { channel: id, seq: last.seq }, true)\n',
    replace: '',
  },
  'ATTACH-3': { file: HOST, find: 'if (width * height > mostPixels)', replace: 'if (width * height < 0)' },
  'ATTACH-3 turned': { file: HOST, find: 'orientation >= 5', replace: 'orientation >= 9' },
  'ATTACH-3 thumbnail': {
    file: FINISHER,
    find: 'return { type, size, width: picture.width,',
    replace: 'return { type, size, width: picture.height,',
  },
  'AVATAR-1': { file: HOST, find: '.autoOrient()', replace: '.keepExif()' },
  'AVATAR-1 square': { file: HOST, find: "({ fit: 'cover' } as const)", replace: "({ fit: 'inside' } as const)" },
  'AVATAR-1 picture': {
    file: FINISHER,
    find: "if (!isPicture(type)) throw new Refusal('unsupported_type',",
    replace: "if (!isPicture(type)) throw new Refusal('too_large',",
  },
  'AVATAR-2': {
    file: `${SERVER}/accounts/profiles.ts`,
    find: 'for (const { outgoing } of live.all())',
    replace: 'for (const { outgoing } of live.ofUser(user.id))',
  },
  'AVATAR-2 owner': {
    file: `${SQL}/uploads.ts`,
    find: "    .where('owner', '=', user)\n    .where('purpose'",
    replace: "    .where('purpose'",
  },
  'AVATAR-2 before': {
    file: `${SQL}/uploads.ts`,
    find: 'if (current.avatar !== null) {',
    replace: 'if (current.avatar === user) {',
  },
}
