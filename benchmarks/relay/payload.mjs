/** Bytes of a frame's payload: Opus at 32 kbit/s with 20 ms to a frame is about this long. */
export const PAYLOAD_BYTES = 90

const RUN_AT = 0
const SCHEDULED_AT = 4

/** Which measurement the frame is of, and when it was to be sent; the rest is noise. @param {number} run @param {number} scheduled */
export function writePayload(run, scheduled) {
  const payload = Buffer.alloc(PAYLOAD_BYTES, 0xa5)
  payload.writeUInt32BE(run, RUN_AT)
  payload.writeDoubleBE(scheduled, SCHEDULED_AT)
  return payload
}

/** @param {Buffer} bytes @param {number} at */
export function readRun(bytes, at) {
  return bytes.readUInt32BE(at + RUN_AT)
}

/** @param {Buffer} bytes @param {number} at */
export function readScheduled(bytes, at) {
  return bytes.readDoubleBE(at + SCHEDULED_AT)
}
