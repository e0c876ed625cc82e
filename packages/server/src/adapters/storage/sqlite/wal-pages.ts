import { closeSync, openSync, readSync } from 'node:fs'

/** The layout of a write-ahead log (https://sqlite.org/fileformat.html, 4.1): a header, then frames of a page each. */
const Header = { bytes: 32, pageSize: 8 } as const
const FRAME_HEADER_BYTES = 24

/**
 * The numbers of the pages that stand in a write-ahead log, those of frames that are void already too; none where there is
 * no log.
 */
export function walPages(path: string): Set<number> {
  const pages = new Set<number>()
  const file = open(path)
  if (file === undefined) return pages
  try {
    const header = Buffer.alloc(Header.bytes)
    if (readSync(file, header, 0, Header.bytes, 0) < Header.bytes) return pages
    const stride = FRAME_HEADER_BYTES + header.readUInt32BE(Header.pageSize)
    const frame = header.subarray(0, FRAME_HEADER_BYTES)
    for (
      let at: number = Header.bytes;
      readSync(file, frame, 0, FRAME_HEADER_BYTES, at) === FRAME_HEADER_BYTES;
      at += stride
    ) {
      pages.add(frame.readUInt32BE(0))
    }
    return pages
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
