/** What stands on the wire: requests and what does not fit in them, refusals, probes. */

const isStorable = (value) => /^[^\0\p{Cs}]*$/u.test(value)
const text =
  (least, most, pattern = /^/) =>
  (value) =>
    typeof value === 'string' && value.length >= least && value.length <= most && pattern.test(value)
const optional = (fits) => (value) => value === undefined || fits(value)
const whole = (least, most) => (value) => Number.isSafeInteger(value) && value >= least && value <= most
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)

const id = text(1, 64)
const clientId = (value) => id(value) && isStorable(value)
const position = whole(0, Number.MAX_SAFE_INTEGER)
const [anchor, limit, password] = [optional(position), optional(whole(1, 100)), text(8, 256)]
const name = text(2, 32, /^(?!\s)[^\p{C}]+(?<!\s)$/u)
const message = (value) => text(1, 4_000, /\S/)(value) && isStorable(value)
const isCursor = (value) => isObject(value) && position(value.seq)
const cursors = (value) => isObject(value) && Object.keys(value).length <= 500 && Object.values(value).every(isCursor)

const FIELDS = {
  'auth.register': { name, password },
  'auth.login': { name: text(0, 256), password: text(0, 256) },
  'auth.token': { token: text(16, 256) },
  'auth.refresh': { rotate: (value) => typeof value === 'boolean' },
  'auth.sessions': {},
  'auth.revoke': { session: id },
  'auth.logout': {},
  'session.resume': { token: text(16, 256), cursors },
  'channel.list': {},
  'channel.join': { channel: id },
  'channel.leave': { channel: id },
  'log.read': { channel: id, after: position, limit },
  'message.send': { channel: id, clientId, text: message, after: optional(clientId) },
  'history.page': { channel: id, before: anchor, after: anchor, around: anchor, limit },
  'recording.start': {},
}
const RETRYABLE = ['rate_limited', 'out_of_order', 'unavailable', 'internal']

/** A request is answered with an error. */
export class Refusal extends Error {
  constructor(code, more = {}) {
    super(code)
    this.body = { code, message: code.replaceAll('_', ' '), retryable: RETRYABLE.includes(code), ...more }
  }
}

export const isKnown = (type) => Object.hasOwn(FIELDS, type)

/** An issue for each field that does not fit (MSG-4); fields that nobody knows do not matter (MSG-3). */
export function checkData(type, data) {
  const fields = isObject(data) ? Object.entries(FIELDS[type]) : [['', () => false]]
  const issues = fields
    .filter(([path, fits]) => !fits(data?.[path]))
    .map(([path]) => ({ path, message: 'does not fit' }))
  if (issues.length > 0) throw new Refusal('bad_request', { issues })
}

/** A request; undefined for any other text (BAD-1). */
export function requestOf(frame) {
  try {
    const request = JSON.parse(frame)
    return isObject(request) && position(request.id) && typeof request.type === 'string' ? request : undefined
  } catch {
    return undefined
  }
}

/** Microseconds on a clock that begins with the process. */
export const sessionClock = () => Math.round(performance.now() * 1_000)

export function probe(seq, echo) {
  const frame = Buffer.from([0x12, echo ? 0x20 : 0, 0, 0, 0, 0, 0, 0, 127, 0, 0, 0, 0, 0, 0, 0])
  frame.writeUInt32BE(seq, 4)
  frame.writeUIntBE(sessionClock(), 10, 6)
  return frame
}

/** Version 1, kind 0, 1 or 2, no reserved bit (MEDIA-2). */
export const isWellFormed = (frame) =>
  frame.length >= 16 && frame[0] >= 0x10 && frame[0] <= 0x12 && (frame[1] & 0xc0) === 0 && frame[9] === 0
