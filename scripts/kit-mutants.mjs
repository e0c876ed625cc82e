/**
 * One-line faults of a server that the conformance kit must notice: breaks of `scripts/rule-breaks` by name, and others
 * that nobody else needs. The rule is the first word of the name.
 */
import { loadBreaks } from './rule-break.mjs'

/** Of `scripts/rule-breaks`, those that can be seen from outside. */
const OF_RULE_BREAKS = [
  'CONN-1',
  'CONN-2',
  'CONN-3',
  'CONN-4',
  'CONN-6',
  'MSG-2',
  'MSG-4',
  'MSG-6 conflict',
  'MSG-8',
  'BAD-1',
  'BAD-2',
  'BAD-2 binary',
  'AUTH-1',
  'AUTH-1 length',
  'AUTH-1 case',
  'AUTH-2',
  'AUTH-2 answer',
  'AUTH-3 bits',
  'RES-1',
  'AUTH-12',
  'AUTH-12 wrong',
  'AUTH-13',
  'AUTH-13 once',
  'AUTH-13 newer',
  'AUTH-13 permission',
  'INV-1',
  'INV-1 permission',
  'INV-2 uses',
  'INV-2 attempt',
  'INV-2 role',
  'CHAN-2',
  'CHAN-5',
  'CHAN-5 rest',
  'CHAN-5 before',
  'CHAN-5 owner',
  'CHAN-6',
  'CHAN-7',
  'CHAN-7 readers',
  'CHAN-7 entries',
  'CHAN-7 voice',
  'CHAN-7 order',
  'CHAN-8',
  'CHAN-8 voice',
  'CHAN-9',
  'CHAN-9 repeat',
  'CHAN-9 at once',
  'MEMB-1',
  'MEMB-1 leave',
  'MEMB-2',
  'MEMB-2 order',
  'MEMB-3',
  'MEMB-3 removed',
  'DIRECT-1',
  'DIRECT-1 maker',
  'DIRECT-2',
  'DIRECT-3',
  'DIRECT-3 archived',
  'DIRECT-4',
  'DIRECT-4 last',
  'USER-1 prefix',
  'USER-1 after',
  'LOG-1',
  'LOG-2',
  'LOG-2 limit',
  'SEND-1',
  'SEND-3',
  'SEND-3 length',
  'SEND-3 surrogates',
  'SEND-3 identifiers',
  'SEND-4',
  'SEND-5',
  'SEND-5 rev',
  'HIST-1',
  'HIST-1 default',
  'HIST-2',
  'HIST-2 after',
  'HIST-3',
  'HIST-3 before',
  'HIST-4',
  'HIST-5',
  'ROLE-1',
  'ROLE-1 order',
  'ROLE-1 server',
  'ROLE-1 react',
  'ROLE-1 direct',
  'ROLE-2',
  'ROLE-2 manage',
  'ROLE-2 rank',
  'ROLE-2 has',
  'ROLE-2 names',
  'ROLE-2 most',
  'ROLE-2 built in',
  'ROLE-2 members',
  'ROLE-3',
  'ROLE-3 account',
  'ROLE-3 deleted',
  'ROLE-3 lost',
  'ROLE-3 won',
  'ROLE-3 order',
  'ROLE-3 voice',
  'PERM-1',
  'PERM-1 user',
  'PERM-1 read',
  'PERM-1 private',
  'PERM-1 owner',
  'PERM-2',
  'PERM-2 manages',
  'PERM-2 one',
  'PERM-2 both',
  'PERM-2 direct',
  'PERM-2 rank',
  'PERM-2 user',
  'PERM-2 may',
  'PERM-2 at once',
  'MOD-1',
  'MOD-1 permission',
  'MOD-1 rank',
  'MOD-2',
  'MOD-2 close',
  'MOD-2 until',
  'MOD-2 past',
  'MOD-2 unban',
  'VOICE-8',
  'VOICE-8 deaf',
  'VOICE-8 told',
  'VOICE-8 kept',
  'VOICE-8 back',
  'VOICE-8 neither',
  'VOICE-9',
  'VOICE-9 left',
  'VOICE-9 talk',
  'VOICE-9 sees',
  'VOICE-9 silence',
  'VOICE-9 resume',
  'MOD-3',
  'MOD-3 move',
  'MOD-3 permission',
  'AUDIT-1 silence',
  'AUDIT-1',
  'AUDIT-1 permits',
  'AUDIT-1 order',
  'AUDIT-1 detail',
  'VOICE-5 tracks',
  'TRACK-1',
  'TRACK-1 audio',
  'TRACK-1 recorder',
  'TRACK-1 kinds',
  'TRACK-2',
  'TRACK-4',
  'TRACK-5',
  'REC-1',
  'REC-2',
  'REC-2 sound',
  'REC-3',
  'REC-4',
  'REC-5 progress',
  'REC-7 signature',
  'ACK-1',
  'ACK-1 interval',
  'ACK-3',
  'MEDIA-1',
  'MEDIA-2',
  'PROBE-2',
  'PROBE-3',
  'TURN-1',
  'TURN-2',
  'GATE-1 server',
  'GATE-2',
  'HTTP-1',
]

const SERVER = 'packages/server/src'
const SESSION = `${SERVER}/session.ts`
const DISPATCH = `${SERVER}/dispatch.ts`
const ROOMS = `${SERVER}/voice/rooms.ts`
const ROOM = `${SERVER}/voice/room.ts`
const ROUTER = `${SERVER}/http/router.ts`
const FILES = `${SERVER}/http/blob.ts`
const ERRORS = `${SERVER}/http/errors.ts`
const OUTGOING = `${SERVER}/delivery/outgoing.ts`
const MAY = `${SERVER}/permissions/may.ts`
const LIMITS = 'packages/core/src/protocol/limits.ts'
const CLOSE_CODES = 'packages/core/src/protocol/close-codes.ts'

const OWN = {
  // Reply and request.
  'MSG-1 twice': {
    file: SESSION,
    find: "    if (this.#state.name !== 'closed') this.outgoing.control({ re: request.id, ...reply })\n",
    replace:
      "    for (const _ of [1, 'error' in reply].filter(Boolean)) this.outgoing.control({ re: request.id, ...reply })\n",
  },
  'MSG-3 strict': {
    file: 'packages/core/src/protocol/channel.ts',
    find: '  request: z.object({ channel: identifier }),\n  reply',
    replace: '  request: z.strictObject({ channel: identifier }),\n  reply',
  },
  'MSG-6 stranger': {
    file: DISPATCH,
    find: '  if (!signedIn) throw unauthenticated()\n',
    replace: "  if (!signedIn) throw new Refusal('forbidden', 'authenticate first')\n",
  },
  // What one connection does wrong ends the turn of the others.
  'BAD-3 everybody': {
    file: SESSION,
    find: '  #reject(error: unknown): void {\n',
    replace:
      '  #reject(error: unknown): void {\n    for (const other of this.#parts.services.live.all()) other.end({ code: CLOSE.malformed, reason: "all" })\n',
  },
  // Close codes.
  'CONN-3 code': { file: CLOSE_CODES, find: 'authenticationTimeout: 4003', replace: 'authenticationTimeout: 4503' },
  'BAD-1 code': { file: CLOSE_CODES, find: 'malformed: 4500', replace: 'malformed: 4400' },
  'PROBE-3 code': { file: CLOSE_CODES, find: 'silent: 4002', replace: 'silent: 4006' },
  'AUTH-5 code': { file: CLOSE_CODES, find: 'revoked: 4501', replace: 'revoked: 4001' },
  'LIMIT-7 code': { file: CLOSE_CODES, find: 'crowded: 4004', replace: 'crowded: 4504' },
  'DRAIN-1 code': { file: CLOSE_CODES, find: 'restarting: 4000', replace: 'restarting: 1001' },
  'CLOSE-1 slow': { file: OUTGOING, find: 'const MOST_BUFFERED_BYTES = 4', replace: 'const MOST_BUFFERED_BYTES = 400' },
  // Accounts and sessions.
  'AUTH-4 revoked': {
    file: `${SERVER}/accounts/sessions.ts`,
    find: "return new Refusal('unauthenticated', 'the session is over; log in again')",
    replace: "return new Refusal('not_found', 'the session is over; log in again')",
  },
  'AUTH-5 close': {
    file: `${SERVER}/handlers/auth.ts`,
    find: '  live.end(session, ENDED, caller)\n',
    replace: '  void live\n',
  },
  'AUTH-6 any code': {
    file: `${SERVER}/accounts/accounts.ts`,
    find: 'if (owner && !(await this.#claim?.redeem(claim))) {',
    replace: 'if (owner && claim.length < 4) {',
  },
  'AUTH-7 no queue': {
    file: `${SERVER}/accounts/password-hasher.ts`,
    find: 'const MOST_WAITING = 32',
    replace: 'const MOST_WAITING = 320',
  },
  'AUTH-8 refresh': {
    file: `${SERVER}/accounts/sessions.ts`,
    find: 'if (!rotate) return { ...identity, expiresAt }',
    replace: 'if (!rotate) return identity',
  },
  'AUTH-9 one token': {
    file: `${SERVER}/adapters/storage/sql/sessions.ts`,
    find: "previous_hash: row.ref('token_hash') }))",
    replace: "previous_hash: row.ref('previous_hash') }))",
  },
  'AUTH-9 for ever': {
    file: `${SERVER}/adapters/storage/sql/sessions.ts`,
    find: 'settled ? { ...times, previous_hash: null } : times',
    replace: 'settled ? times : times',
  },
  'AUTH-10 anybody': {
    file: `${SERVER}/adapters/storage/sql/sessions.ts`,
    find: "        .where('user', '=', user)\n        .where('id', '=', id)\n",
    replace: "        .where('id', '=', id)\n",
  },
  'RES-4 muted': {
    file: `${SERVER}/handlers/session.ts`,
    find: 'rooms.join(voice, channel, declared)',
    replace: 'rooms.join(voice, channel, { ...declared, muted: false })',
  },
  'CHAN-3 leave': {
    file: `${SERVER}/handlers/voice.ts`,
    find: "  channels.allowed(data.channel, identity.account, 'read')\n  if (place?.room.channel === data.channel)",
    replace: '  if (place?.room.channel === data.channel)',
  },
  'SEND-2 repeat': {
    file: `${SERVER}/adapters/storage/sql/new-messages.ts`,
    find: "if (stored) return { outcome: 'repeated', message: toMessage(stored) }",
    replace: "if (stored) return { outcome: 'repeated', message: { ...toMessage(stored), ordinal: 0 } }",
  },
  'SEND-2 any author': [
    {
      file: `${SERVER}/adapters/storage/sql/new-messages.ts`,
      find: 'JSON.stringify([channel, author, clientId])',
      replace: 'JSON.stringify([channel, clientId])',
    },
    {
      file: `${SERVER}/adapters/storage/sql/new-messages.ts`,
      find: `sql\`(\${channel}, \${author}, \${clientId})\``,
      replace: `sql\`(\${channel}, \${clientId})\``,
    },
    {
      file: `${SERVER}/adapters/storage/sql/new-messages.ts`,
      find: '(message.channel, message.author, message.client_id) in',
      replace: '(message.channel, message.client_id) in',
    },
  ],
  'SEND-6 stored': {
    file: `${SERVER}/adapters/storage/sql/new-messages.ts`,
    find: 'if (before && !this.#known.has(keyOf(before)))',
    replace: "if (before && !this.#known.has(keyOf(before)) && text === '')",
  },
  'SEND-6 repeat': {
    file: `${SERVER}/adapters/storage/sql/new-messages.ts`,
    find: "if (stored) return { outcome: 'repeated', message: toMessage(stored) }",
    replace:
      "if (stored) return after ? { outcome: 'out-of-order' } : { outcome: 'repeated', message: toMessage(stored) }",
  },
  // Voice.
  'VOICE-1 members': {
    file: ROOMS,
    find: 'return [...place.room.members.values()].map(',
    replace: 'return [place].map(',
  },
  'VOICE-2 second place': {
    file: ROOMS,
    find: 'if (held && (held.room.channel !== channel || held.device !== state.device)) this.leave(held)',
    replace: 'if (held && held.room.channel !== channel) this.leave(held)',
  },
  'VOICE-3 text': {
    file: `${SERVER}/handlers/voice.ts`,
    find: "'talk').summary.kind !== 'voice') {",
    replace: "'talk').summary.kind === undefined) {",
  },
  'VOICE-4 deaf': { file: ROOM, find: 'if (!connection || deafened) continue', replace: 'if (!connection) continue' },
  'VOICE-4 update': {
    file: ROOMS,
    find: '    place.muted = state.muted\n',
    replace: '    place.muted ||= state.muted\n',
  },
  'VOICE-5 told': {
    file: ROOMS,
    find: "const left = { type: 'voice.left'",
    replace: "const left = { type: 'voice.gone'",
  },
  'VOICE-6 not kept': {
    file: SESSION,
    find: 'if (voice.place && mayReturn) services.rooms.keep(voice.place)',
    replace: 'if (voice.place && mayReturn) services.rooms.leave(voice.place)',
  },
  'VOICE-6 too long': { file: LIMITS, find: 'voiceAbsenceMs: 15_000', replace: 'voiceAbsenceMs: 25_000' },
  'VOICE-6 final': {
    file: SESSION,
    find: 'if (voice.place && mayReturn) services.rooms.keep',
    replace: 'if (voice.place) services.rooms.keep',
  },
  'VOICE-7 moved': {
    file: ROOMS,
    find: "before.outgoing.control({ type: 'voice.moved', data",
    replace: "void ({ type: 'voice.moved', data",
  },
  'TRACK-3 at once': {
    file: `${SERVER}/tracks/track-table.ts`,
    find: '    this.#freed.push({ number, at: this.#clock.now() })\n',
    replace: '    this.#next = number\n',
  },
  'MEDIA-3 publisher': {
    file: ROOM,
    find: 'for (const frame of frames) if (frame.track.publisher !== connection) outgoing.media',
    replace: 'for (const frame of frames) outgoing.media',
  },
  // Probes, clocks, the gate.
  'PROBE-1 seq': {
    file: SESSION,
    find: 'else this.outgoing.answerProbe(readSeq(bytes))',
    replace: 'else this.outgoing.answerProbe(readSeq(bytes) & 0xffff)',
  },
  'PROBE-1 flag': {
    file: OUTGOING,
    find: 'encodeProbe({ seq, timestamp: toMicroseconds(this.#clock.now()), echo: true })',
    replace: 'encodeProbe({ seq, timestamp: toMicroseconds(this.#clock.now()), echo: false })',
  },
  'CLOCK-2 wall': {
    file: SESSION,
    find: 'const clock = { session: toMicroseconds(services.clock.now())',
    replace: 'const clock = { session: toMicroseconds(services.clock.wall() / 1_000)',
  },
  'PROBE-2 media': {
    file: OUTGOING,
    find: 'if (this.probes.isDue(now, LIMITS.probeMediaMs)) chunks.push',
    replace: 'chunks.push',
  },
  'GATE-2 all kept': { file: LIMITS, find: 'gateKeepMs: 100', replace: 'gateKeepMs: 1_000' },
  // Roles, permits, bans, the audit log.
  'ROLE-1 moderate': {
    file: `${SERVER}/handlers/message.ts`,
    find: "channels.allows(data.channel, account, 'moderate')",
    replace: "channels.allows(data.channel, account, 'send')",
  },
  'PERM-1 role uncounted': {
    file: MAY,
    find: 'change(change(role.permissions, ofRole), ofUser)',
    replace: 'change(role.permissions, ofUser)',
  },
  'PERM-1 user uncounted': {
    file: MAY,
    find: 'change(change(role.permissions, ofRole), ofUser)',
    replace: 'change(role.permissions, ofRole)',
  },
  'PERM-1 private to none': {
    file: MAY,
    find: 'if (members && !members.has(who.id) && !isLetIn) return NONE',
    replace: 'if (members && !members.has(who.id) && !isLetIn && !role.permissions) return NONE',
  },
  'PERM-1 nobody let in': {
    file: MAY,
    find: 'if (members && !members.has(who.id) && !isLetIn) return NONE',
    replace: 'if (members && !members.has(who.id)) return NONE',
  },
  'PERM-2 taken back': {
    file: `${SERVER}/permissions/roles.ts`,
    find: '      if (known)\n        checkHas(',
    replace: '      if (known && id === "")\n        checkHas(',
  },
  'MOD-1 one session': {
    file: `${SERVER}/moderation/moderation.ts`,
    find: 'of await sessions.list(user)) {',
    replace: 'of (await sessions.list(user)).slice(0, 1)) {',
  },
  'MOD-2 code': { file: CLOSE_CODES, find: 'banned: 4503', replace: 'banned: 4501' },
  'MOD-2 order': { file: `${SERVER}/moderation/bans.ts`, find: 'other.at - one.at', replace: 'one.at - other.at' },
  'MOD-2 link': { file: FILES, find: '!claims || bans.has(claims.user)', replace: '!claims' },
  'AUDIT-1 anybody': {
    file: `${SERVER}/handlers/moderation.ts`,
    find: "  requires(caller, 'audit', services)\n",
    replace: '  void caller\n',
  },
  // Limits.
  'LIMIT-1 done': {
    file: DISPATCH,
    find: '    services.rates.admit(countedBy(who), type)\n',
    replace: '',
  },
  'LIMIT-2 too early': {
    file: `${SERVER}/limits/token-bucket.ts`,
    find: 'return Math.ceil(wait - ROUNDING_MS)',
    replace: 'return Math.ceil((wait - ROUNDING_MS) / 2)',
  },
  'LIMIT-3 connection': {
    file: DISPATCH,
    find: 'who.addressKey',
    replace: 'Math.random()',
  },
  'LIMIT-6 believed': {
    file: `${SERVER}/limits/proxies.ts`,
    find: 'return { address: near, local:',
    replace: "return { address: String(headers['x-forwarded-for'] ?? near), local:",
  },
  'LIMIT-7 uncounted': { file: LIMITS, find: 'connectionsPerUser: 20', replace: 'connectionsPerUser: 200' },
  'LIMIT-8 strangers': { file: LIMITS, find: 'strangersPerAddress: 64', replace: 'strangersPerAddress: 74' },
  'LIMIT-9 header': {
    file: `${SERVER}/cli/run-server.ts`,
    find: 'headersTimeout: 10_000',
    replace: 'headersTimeout: 30_000',
  },
  // HTTP.
  'HTTP-2 realm': {
    file: ERRORS,
    find: "  if (status === 401 && !response.get('WWW-Authenticate')) response.set('WWW-Authenticate', 'Bearer')\n",
    replace: '',
  },
  'HTTP-2 forbidden': { file: ERRORS, find: '  not_found: 404,', replace: '  not_found: 403,' },
  'HTTP-3 cookie': {
    file: ROUTER,
    find: "  router.get('/healthz', (_request, response) => {\n",
    replace: "  router.get('/healthz', (_request, response) => {\n    response.cookie('seen', '1')\n",
  },
  'HTTP-5 name': { file: FILES, find: "filename*=UTF-8''${encodeFileName(", replace: "filename*=UTF-8''${encodeURI(" },
  'HTTP-6 nosniff': { file: FILES, find: "  'X-Content-Type-Options': 'nosniff',\n", replace: '' },
  'HTTP-7 bare': { file: ERRORS, find: '.json({ error: { code, message } })', replace: '.json({ code, message })' },
  'HTTP-8 free': {
    file: ROUTER,
    find: 'rates.admit(',
    replace: 'void (',
  },
  'DRAIN-1 silent': {
    file: SESSION,
    find: "    this.outgoing.control({ type: 'session.goaway', data: goaway })\n",
    replace: '    void goaway\n',
  },
}

/** Every mutant: name to edits. Throws where `scripts/rule-breaks` lacks one. */
export async function loadMutants() {
  const breaks = new Map([...(await loadBreaks()).values()].flat().map(({ name, edits }) => [name, edits]))
  const missing = OF_RULE_BREAKS.filter((name) => !breaks.has(name))
  if (missing.length > 0) throw new Error(`scripts/rule-breaks has no ${missing.join(', ')}`)
  const own = Object.entries(OWN).map(([name, edits]) => [name, [edits].flat()])
  return new Map([...OF_RULE_BREAKS.map((name) => [name, breaks.get(name)]), ...own])
}
