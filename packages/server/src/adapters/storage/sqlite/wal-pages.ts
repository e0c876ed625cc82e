import { closeSync, openSync, readSync } from 'node:fs'

/** The layout of a write-ahead log (https://sqlite.org/fileformat.html, 4.1): a header, then frames of a page each. */
const Header = { bytes: 32, pageSize: 8 } as const
const FRAME_HEADER_BYTES = 24
/** Frames that are read at a time: about 1 MB. */
const FRAMES = 256

/**
 * The numbers of the pages that stand in a write-ahead log in a form that is `wanted`, be it their newest or not, those
 * of frames that are void already too; none where there is no log.
 */
export function walPages(path: string, wanted: (page: Buffer, number: number) => boolean): Set<number> {
  const pages = new Set<number>()
  const file = open(path)
  if (file === undefined) return pages
  try {
    const header = Buffer.alloc(Header.bytes)
    if (readSync(file, header, 0, Header.bytes, 0) < Header.bytes) return pages
    const stride = FRAME_HEADER_BYTES + header.readUInt32BE(Header.pageSize)
    const frames = Buffer.alloc(stride * FRAMES)
    for (let at: number = Header.bytes; ; at += frames.length) {
      const bytes = readSync(file, frames, 0, frames.length, at)
      for (let start = 0; start + stride <= bytes; start += stride) {
        const number = frames.readUInt32BE(start)
        if (wanted(frames.subarray(start + FRAME_HEADER_BYTES, start + stride), number)) pages.add(number)
      }
      if (bytes < frames.length) return pages
    }
  } finally {
    closeSync(file)
  }
}

function open(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
