import { sqliteStorage } from '@arclight/server/storage/sqlite'
import Database from 'libsql'

/** Makes a store that has these channels beside those of a first start. */
export async function storeWithChannels(
  file: string,
  channels: readonly { readonly id: string; readonly kind: 'text' | 'voice' }[],
): Promise<void> {
  const storage = sqliteStorage({ file })
  await storage.open()
  await storage.close()
  const database = new Database(file)
  const insert = database.prepare(
    'insert into channel (id, kind, name, epoch, head, messages, position) values (?, ?, ?, ?, 0, 0, ?)',
  )
  for (const [index, { id, kind }] of channels.entries()) insert.run(id, kind, id, `epoch of ${id}`, 10 + index)
  database.close()
}

/** Makes a store that lacks one of the channels of a first start. */
export async function removeChannel(file: string, id: string): Promise<void> {
  await storeWithChannels(file, [])
  const database = new Database(file)
  database.prepare('delete from channel where id = ?').run(id)
  database.close()
}
