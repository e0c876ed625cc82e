/**
 * A b-tree page of SQLite: a header, the places of its cells, a gap, the cells (https://sqlite.org/fileformat.html, 1.6).
 * Where cells move to a neighbour the gap keeps what they were; nothing that is deleted there later finds it again.
 */
const HEADER_OF_FIRST_PAGE = 100
const Field = { kind: 0, cells: 3, content: 5 } as const
/** Index and table pages: inner ones and leaves, by the length of their header. */
const HEADER_BYTES: ReadonlyMap<number, number> = new Map([
  [0x02, 12],
  [0x05, 12],
  [0x0a, 8],
  [0x0d, 8],
])
const PLACE_BYTES = 2

/** The largest page that SQLite has. */
const ZEROS = Buffer.alloc(65_536)

/**
 * Whether the gap of a page keeps anything; false where it is no b-tree page. A page of another kind begins with the
 * number of a page, the first byte of which is 0 in any database below 128 GB.
 */
export function keepsInGap(page: Buffer, number: number): boolean {
  const gap = gapOf(page, number)
  return gap !== undefined && gap.compare(ZEROS, 0, gap.length) !== 0
}

/** Overwrites the gap of a page; false where it keeps nothing. */
export function clearGap(page: Buffer, number: number): boolean {
  if (!keepsInGap(page, number)) return false
  gapOf(page, number)?.fill(0)
  return true
}

function gapOf(page: Buffer, number: number): Buffer | undefined {
  const header = number === 1 ? HEADER_OF_FIRST_PAGE : 0
  const headerBytes = HEADER_BYTES.get(page.readUInt8(header + Field.kind))
  if (headerBytes === undefined) return undefined
  const from = header + headerBytes + PLACE_BYTES * page.readUInt16BE(header + Field.cells)
  // 0 stands for 65,536, which no page of ours has.
  const to = page.readUInt16BE(header + Field.content)
  return from < to && to <= page.length ? page.subarray(from, to) : undefined
}
