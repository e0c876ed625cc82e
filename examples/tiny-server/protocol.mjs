/** What stands on the wire: requests and what does not fit in them, refusals, probes. */
import { createRequire } from 'node:module'
import { Ajv2020 } from 'ajv/dist/2020.js'

const RETRYABLE = ['rate_limited', 'out_of_order', 'unavailable', 'internal']
const ajv = new Ajv2020({ allErrors: true })
const load = createRequire(import.meta.url)
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
/** JSON Schema counts code points, the protocol UTF-16 code units (SEND-3), and no message here has files (ATTACH-1). */
const isBeyond = ({ text = '.', cursors = {} }) =>
  text.length > 4_000 || !/\S/.test(text) || Object.keys(cursors).length > 500

/** A request is answered with an error. */
export class Refusal extends Error {
  constructor(code, more = {}) {
    super(code)
    this.body = { code, message: code.replaceAll('_', ' '), retryable: RETRYABLE.includes(code), ...more }
  }
}

/** Holds data against its type's JSON Schema, which is compiled once; an issue for each field that does not fit (MSG-4). */
export function checkData(type, data) {
  const fits = ajv.compile(load(`@arclight/core/schemas/${type}.request.json`))
  if (fits(data) && !isBeyond(data)) return
  const pathOf = ({ instancePath, params }) => params.missingProperty ?? instancePath.slice(1).replaceAll('/', '.')
  const issues = (fits.errors ?? []).slice(0, 20).map((error) => ({ path: pathOf(error), message: error.message }))
  throw new Refusal('bad_request', { issues: fits.errors ? issues : [{ path: 'text', message: 'too long, or blank' }] })
}

/** A request; undefined for any other text (BAD-1). */
export function requestOf(frame) {
  try {
    const request = JSON.parse(frame)
    const isWhole = isObject(request) && Number.isSafeInteger(request.id) && request.id >= 0
    return isWhole && typeof request.type === 'string' ? request : undefined
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
