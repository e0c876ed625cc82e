import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writePrivateFile } from './private-file.ts'

const KEY_BYTES = 32

/** The key that links are signed with: SECRET_KEY, else one that the first start makes and keeps, for its owner alone. */
export async function findSecretKey(settings: { SECRET_KEY?: string | undefined; DATA_DIR: string }): Promise<string> {
  if (settings.SECRET_KEY !== undefined) return settings.SECRET_KEY
  const path = join(settings.DATA_DIR, 'secret-key')
  const kept = await readFile(path, 'utf8').catch(() => undefined)
  if (kept !== undefined && kept.length >= KEY_BYTES) return kept
  const made = randomBytes(KEY_BYTES).toString('base64url')
  await writePrivateFile(path, made)
  return made
}
