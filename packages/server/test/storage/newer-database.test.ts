import { createServer } from '@arclight/server'
import { sqliteStorage } from '@arclight/server/storage/sqlite'
import Database from 'libsql'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../temporary-folder.ts'

const SENTENCE = 'the database was written by a newer version of Arclight; update the program'

test('a database newer than the program is refused with a sentence, and left as it is', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  const first = sqliteStorage({ file })
  await first.open()
  await first.close()
  const database = new Database(file)
  database.prepare('insert into kysely_migration (name, timestamp) values (?, ?)').run('9999_later', 'later')
  const schema = (): unknown => database.prepare('select name, sql from sqlite_master order by name').all()
  const rows = (): unknown => database.prepare('select * from kysely_migration order by name').all()
  const before = [schema(), rows()]
  await expect(sqliteStorage({ file }).open()).rejects.toThrow(new Error(SENTENCE))
  const server = createServer({ storage: sqliteStorage({ file }) })
  await expect(server.open()).rejects.toThrow(new Error(SENTENCE))
  await server.close()
  expect([schema(), rows()]).toEqual(before)
  database.prepare("delete from kysely_migration where name = '9999_later'").run()
  database.close()
  const again = sqliteStorage({ file })
  await again.open()
  expect(await again.channels.list()).toHaveLength(2)
  await again.close()
})

test('a file that is no database is refused', async () => {
  await using folder = await temporaryFolder()
  const { writeFile } = await import('node:fs/promises')
  await writeFile(folder.file('a.db'), 'this is a letter, and by no means a database\n'.repeat(50))
  await expect(sqliteStorage({ file: folder.file('a.db') }).open()).rejects.toThrow(/not a database/)
})
