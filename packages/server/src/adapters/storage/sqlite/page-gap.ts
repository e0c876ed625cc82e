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

/**
 * Overwrites the gap of a page; false where there is nothing to overwrite, or where it is no b-tree page. A page of
 * another kind begins with the number of a page, the first byte of which is 0 in any database below 128 GB.
 */
export function clearGap(page: Buffer, number: number): boolean {
  const header = number === 1 ? HEADER_OF_FIRST_PAGE : 0
  const headerBytes = HEADER_BYTES.get(page.readUInt8(header + Field.kind))
  if (headerBytes === undefined) return false
  const from = header + headerBytes + PLACE_BYTES * page.readUInt16BE(header + Field.cells)
  // 0 stands for 65,536, which no page of ours has.
  const to = page.readUInt16BE(header + Field.content)
  if (from >= to || to > page.length) return false
  const gap = page.subarray(from, to)
  if (gap.every((byte) => byte === 0)) return false
  gap.fill(0)
  return true
}
