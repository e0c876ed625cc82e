import { sqliteStorage } from '@arclight/server/storage/sqlite'
import Database from 'libsql'

/** Makes a store with so many accounts, which nobody signs in with: `user-00000`, `user-00001` and so on. */
export async function storeWithUsers(file: string, count: number): Promise<void> {
  const storage = sqliteStorage({ file })
  await storage.open()
  await storage.close()
  const database = new Database(file)
  const insert = database.prepare(
    "insert into account (id, name, name_key, password_hash, role, created_at) values (?, ?, ?, '', 'member', 0)",
  )
  database.transaction(() => {
    for (let at = 0; at < count; at++) insert.run(userId(at), userId(at), userId(at))
  })()
  database.close()
}

/** Puts the first so many of them into a channel of the store. */
export function storeMembers(file: string, channel: string, count: number): void {
  const database = new Database(file)
  const insert = database.prepare('insert into member (channel, user) values (?, ?)')
  database.transaction(() => {
    for (let at = 0; at < count; at++) insert.run(channel, userId(at))
  })()
  database.close()
}

export function userId(at: number): string {
  return `user-${String(at).padStart(5, '0')}`
}
