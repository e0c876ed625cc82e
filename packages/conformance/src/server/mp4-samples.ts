/** Boxes that hold others (ISO/IEC 14496-12), on the way to the samples. */
const CONTAINERS: ReadonlySet<string> = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl', 'moof', 'traf'])
const HEADER_BYTES = 8
/** Version and flags of a full box. */
const FULL_BYTES = 4

/** How many samples an MP4 file has of each kind: `vide`, `soun`. Reads whole files and fragments alike. */
export function countSamples(file: Buffer): Map<string, number> {
  const kinds = new Map<number, string>()
  const counts = new Map<string, number>()
  let track = 0
  const add = (count: number): void => {
    const kind = kinds.get(track) ?? 'unknown'
    counts.set(kind, (counts.get(kind) ?? 0) + count)
  }
  for (const { type, body } of boxesOf(file)) {
    const at = body.subarray(FULL_BYTES)
    // The id stands behind two times of 4 bytes, or of 8 in version 1.
    if (type === 'tkhd') track = at.readUInt32BE(body[0] === 1 ? 16 : 8)
    else if (type === 'hdlr') kinds.set(track, at.toString('latin1', 4, 8))
    else if (type === 'stsz') add(at.readUInt32BE(4))
    else if (type === 'tfhd') track = at.readUInt32BE(0)
    else if (type === 'trun') add(at.readUInt32BE(0))
  }
  return counts
}

/** Every box in the order of the file, those inside others after their parent. */
function* boxesOf(bytes: Buffer): Generator<{ type: string; body: Buffer }> {
  for (let at = 0; at + HEADER_BYTES <= bytes.length; ) {
    const type = bytes.toString('latin1', at + 4, at + 8)
    const short = bytes.readUInt32BE(at)
    const head = short === 1 ? 2 * HEADER_BYTES : HEADER_BYTES
    const size = short === 1 ? Number(bytes.readBigUInt64BE(at + HEADER_BYTES)) : short || bytes.length - at
    if (size < head) return
    const body = bytes.subarray(at + head, at + size)
    yield { type, body }
    if (CONTAINERS.has(type)) yield* boxesOf(body)
    at += size
  }
}
