import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/**
 * A box, ISO/IEC 14496-12, 4.2, big-endian: size u32 (1: it is in the u64 after the type), type 4 characters.
 */
const SIZE_BYTES = 4
const HEADER_BYTES = 8
const LARGE_HEADER_BYTES = 16
const IS_LARGE = 1
/** Boxes that may stand between fragments. */
const HARMLESS: ReadonlySet<string> = new Set(['ftyp', 'free', 'sidx', 'styp'])
/** How far behind the beginning of its `mdat` the trailer hides the fragments' first boxes. */
const HIDDEN_WITHIN = 256
/** No fragment of half a second has a larger index. */
const MOST_INDEX_BYTES = 16 * 1_048_576

/** What a file that was growing holds. */
export interface Inspection {
  readonly state: 'nothing' | 'fragments' | 'finished'
  /** Bytes up to the end of the last whole fragment. */
  readonly whole: number
  /** Where a trailer was under way: a box header to write back, so that the fragments are seen again. */
  readonly restore: { readonly at: number; readonly size: number } | undefined
}

interface Box {
  readonly type: string
  readonly at: number
  readonly headerBytes: number
  readonly size: number
  readonly end: number
  readonly isWhole: boolean
}

/** Finds the last fragment that is all there. The writing process may have died at any byte. */
export function inspect(path: string): Inspection {
  const file = openSync(path, 'r')
  try {
    return new Inspector(file).inspect()
  } finally {
    closeSync(file)
  }
}

class Inspector {
  readonly #file: number
  readonly #size: number
  #restore: Inspection['restore']

  constructor(file: number) {
    this.#file = file
    this.#size = fstatSync(file).size
  }

  inspect(): Inspection {
    let fragments = 0
    let whole = 0
    let hasIndex = false
    for (let box = this.#box(0); box; ) {
      let next = box.end
      if (!hasIndex && box.type === 'mdat') {
        if (this.#isFinished(box)) return { state: 'finished', whole: this.#size, restore: undefined }
        next = this.#reveal(box)
        if (next < 0) break
      } else if (!box.isWhole) break
      else if (box.type === 'moov') {
        // A second one is the trailer's.
        if (hasIndex) break
        hasIndex = true
      } else if (box.type === 'moof') {
        const data = this.#box(box.end)
        if (!hasIndex || !data || !this.#isFragment(box, data)) break
        fragments++
        next = whole = data.end
      } else if (!HARMLESS.has(box.type)) break
      box = this.#box(next)
    }
    return fragments > 0
      ? { state: 'fragments', whole, restore: this.#restore }
      : { state: 'nothing', whole: 0, restore: undefined }
  }

  #isFinished(data: Box): boolean {
    const index = data.isWhole ? this.#box(data.end) : undefined
    return index?.type === 'moov' && index.isWhole
  }

  /**
   * The trailer makes one `mdat` of all the fragments by writing its header over a `free` box before the first index.
   * Returns where that index begins, −1 where there is none.
   */
  #reveal(data: Box): number {
    const index = this.#read(data.at, HIDDEN_WITHIN).indexOf('moov', HEADER_BYTES, 'latin1') - SIZE_BYTES
    if (index < HEADER_BYTES) return -1
    this.#restore = { at: data.at, size: index }
    return data.at + index
  }

  #isFragment(index: Box, data: Box): boolean {
    if (data.type !== 'mdat' || !data.isWhole || index.size > MOST_INDEX_BYTES) return false
    return promisedBytes(this.#read(index.at, index.size)) === data.size - data.headerBytes
  }

  #box(at: number): Box | undefined {
    const header = this.#read(at, LARGE_HEADER_BYTES)
    if (header.length < HEADER_BYTES) return undefined
    const type = header.toString('latin1', SIZE_BYTES, HEADER_BYTES)
    const isLarge = header.readUInt32BE(0) === IS_LARGE
    const headerBytes = isLarge ? LARGE_HEADER_BYTES : HEADER_BYTES
    if (header.length < headerBytes) return undefined
    const size = isLarge ? Number(header.readBigUInt64BE(HEADER_BYTES)) : header.readUInt32BE(0)
    if (size < headerBytes) return undefined
    return { type, at, headerBytes, size, end: at + size, isWhole: at + size <= this.#size }
  }

  #read(at: number, count: number): Buffer {
    const bytes = Buffer.alloc(count)
    return bytes.subarray(0, readSync(this.#file, bytes, 0, count, at))
  }
}

/** A full box: header, version u8, flags u24. */
const FLAGS_AT = 8
const FLAGS_MASK = 0xff_ff_ff
const FIELDS_AT = 12
/** Flags of `tfhd` (8.8.7) and of `trun` (8.8.8): which optional fields there are, in this order. */
const TrackFlag = { dataOffset: 0x1, description: 0x2, duration: 0x8, size: 0x10 } as const
const RunFlag = { dataOffset: 0x1, firstFlags: 0x4, duration: 0x100, size: 0x200, flags: 0x400, offset: 0x800 } as const

/** How many bytes of samples a `moof` tells of; −1 where it does not parse. */
export function promisedBytes(moof: Buffer): number {
  let sum = 0
  let usualSize = 0
  const walk = (from: number, to: number): void => {
    for (let at = from; at + HEADER_BYTES <= to; ) {
      const size = moof.readUInt32BE(at)
      if (size < HEADER_BYTES || at + size > to) throw new RangeError('a box that does not fit')
      const type = moof.toString('latin1', at + SIZE_BYTES, at + HEADER_BYTES)
      if (type === 'traf') walk(at + HEADER_BYTES, at + size)
      if (type === 'tfhd') usualSize = usualSampleSize(moof, at)
      if (type === 'trun') sum += runBytes(moof, { at, size, usualSize })
      at += size
    }
  }
  try {
    walk(HEADER_BYTES, moof.length)
    return sum
  } catch {
    return -1
  }
}

function usualSampleSize(moof: Buffer, box: number): number {
  const flags = moof.readUInt32BE(box + FLAGS_AT) & FLAGS_MASK
  // The track's number comes first.
  let at = box + FIELDS_AT + 4
  if (flags & TrackFlag.dataOffset) at += 8
  if (flags & TrackFlag.description) at += 4
  if (flags & TrackFlag.duration) at += 4
  return flags & TrackFlag.size ? moof.readUInt32BE(at) : 0
}

/** Of samples that their own box has room for: a run that reads into what follows costs the square of the index. */
function runBytes(moof: Buffer, box: { at: number; size: number; usualSize: number }): number {
  const flags = moof.readUInt32BE(box.at + FLAGS_AT) & FLAGS_MASK
  const count = moof.readUInt32BE(box.at + FIELDS_AT)
  if ((flags & RunFlag.size) === 0) return count * box.usualSize
  let at = box.at + FIELDS_AT + 4
  if (flags & RunFlag.dataOffset) at += 4
  if (flags & RunFlag.firstFlags) at += 4
  const before = flags & RunFlag.duration ? 4 : 0
  const after = (flags & RunFlag.flags ? 4 : 0) + (flags & RunFlag.offset ? 4 : 0)
  const step = before + 4 + after
  if (at + count * step > box.at + box.size) throw new RangeError('more samples than their box has room for')
  let sum = 0
  for (let sample = 0; sample < count; sample++, at += step) sum += moof.readUInt32BE(at + before)
  return sum
}
