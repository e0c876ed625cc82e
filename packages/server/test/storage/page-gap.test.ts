import Database from 'libsql'
import { expect, test } from 'vitest'
import { clearGap } from '../../src/adapters/storage/sqlite/page-gap.ts'
import { walPages } from '../../src/adapters/storage/sqlite/wal-pages.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const PAGE_BYTES = 4_096

/** A page with `cells` cells that begin at `content`, every other byte 0xee. */
function pageOf({
  kind,
  cells,
  content,
  at = 0,
}: {
  kind: number
  cells: number
  content: number
  at?: number
}): Buffer {
  const page = Buffer.alloc(PAGE_BYTES, 0xee)
  page.writeUInt8(kind, at)
  page.writeUInt16BE(cells, at + 3)
  page.writeUInt16BE(content, at + 5)
  return page
}

test('exactly the bytes between the places of the cells and the cells are overwritten', () => {
  for (const [kind, header] of [[0x0d, 8] as const, [0x0a, 8] as const, [0x05, 12] as const, [0x02, 12] as const]) {
    for (const [number, at] of [[2, 0] as const, [1, 100] as const]) {
      const page = pageOf({ kind, cells: 3, content: 4_000, at })
      const expected = Buffer.from(page).fill(0, at + header + 6, 4_000)
      expect(clearGap(page, number)).toBe(true)
      expect(page.equals(expected)).toBe(true)
      expect(clearGap(page, number)).toBe(false)
    }
  }
})

test('a page without a gap, one of another kind and one that makes no sense stay as they are', () => {
  const pages = [
    pageOf({ kind: 0x0d, cells: 100, content: 208 }),
    pageOf({ kind: 0x0d, cells: 2_100, content: 4_000 }),
    pageOf({ kind: 0x0d, cells: 1, content: 4_097 }),
    pageOf({ kind: 0x0d, cells: 1, content: 0 }),
    pageOf({ kind: 0x00, cells: 1, content: 4_000 }),
    pageOf({ kind: 0x01, cells: 1, content: 4_000 }),
    pageOf({ kind: 0x0c, cells: 1, content: 4_000 }),
  ]
  for (const page of pages) {
    const before = Buffer.from(page)
    expect(clearGap(page, 2)).toBe(false)
    expect(page.equals(before)).toBe(true)
  }
})

test('a log longer than what is read at a time is read to its end', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  const database = new Database(file)
  database.pragma('journal_mode = WAL')
  database.pragma('wal_autocheckpoint = 0')
  database.exec('create table note (id integer primary key, text text)')
  const insert = database.prepare('insert into note (text) values (?)')
  for (let at = 0; at < 600; at++) insert.run('x'.repeat(PAGE_BYTES))
  const { page_count: newest } = database.pragma('page_count', { simple: true }) as unknown as { page_count: number }
  expect(walPages(`${file}-wal`, (_, number) => number === newest)).toEqual(new Set([newest]))
  database.close()
})

test('a log names every page that was written since it was emptied', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  expect(walPages(`${file}-wal`, () => true)).toEqual(new Set())
  const database = new Database(file)
  database.pragma('journal_mode = WAL')
  database.exec('create table note (id integer primary key, text text)')
  // The table's own page, and that of the schema.
  expect(walPages(`${file}-wal`, () => true)).toEqual(new Set([1, 2]))
  database.pragma('wal_checkpoint(truncate)')
  expect(walPages(`${file}-wal`, () => true)).toEqual(new Set())
  database.prepare('insert into note (text) values (?)').run('x')
  expect(walPages(`${file}-wal`, () => true)).toEqual(new Set([2]))
  // Its overflow pages.
  database.prepare('insert into note (text) values (?)').run('x'.repeat(3 * PAGE_BYTES))
  expect(walPages(`${file}-wal`, () => true)).toEqual(new Set([1, 2, 3, 4, 5]))
  const first = (page: Buffer, number: number): boolean => page.length === PAGE_BYTES && number === 1
  expect(walPages(`${file}-wal`, first)).toEqual(new Set([1]))
  database.close()
})
