import { createServer } from '@arclight/server'
import { postgresStorage } from '@arclight/server/storage/postgres'
import { sqliteStorage } from '@arclight/server/storage/sqlite'
import Database from 'libsql'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../temporary-folder.ts'
import { asAdministrator, POSTGRES, testDatabase, WITH_POSTGRES } from './test-database.ts'

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

describe.skipIf(POSTGRES === undefined)(WITH_POSTGRES, () => {
  const database = testDatabase()

  test('a database newer than the program is refused with a sentence, and left as it is', async () => {
    const open = async (): Promise<void> => {
      const storage = postgresStorage({ url: database.url })
      try {
        await storage.open()
        expect(await storage.channels.list()).toHaveLength(2)
      } finally {
        await storage.close()
      }
    }
    await open()
    await asAdministrator(async (client) => {
      const later = "('9999_later', '2100-01-01T00:00:00.000Z')"
      await client.query(`insert into arclight.kysely_migration (name, timestamp) values ${later}`)
      const columns = 'select table_schema, table_name, column_name, data_type from information_schema.columns'
      const state = async (): Promise<unknown> => [
        (await client.query(`${columns} where table_schema = 'arclight' order by 1, 2, 3`)).rows,
        (await client.query('select * from arclight.kysely_migration order by name')).rows,
      ]
      const before = await state()
      await expect(open()).rejects.toThrow(new Error(SENTENCE))
      expect(await state()).toEqual(before)
      await client.query("delete from arclight.kysely_migration where name = '9999_later'")
    }, database.url)
    await open()
  })
})
