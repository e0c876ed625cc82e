import { open } from 'node:fs/promises'
import { disk, isThere, move, remove } from './disk.ts'
import { type Inspection, inspect } from './mp4-boxes.ts'

/** Where a file grows. */
export function partOf(file: string): string {
  return `${file}.part`
}

/** What a crashed host left, while its packets are copied into a new part. */
export function crashedOf(file: string): string {
  return `${file}.crashed`
}

/**
 * The path of what a crash left of `file`, as it stands. A `.crashed` exists only until all of it is safe in the new
 * `.part`, before a frame is added there: where there is one, it is all there is.
 */
export async function findLeftover(file: string): Promise<string | undefined> {
  const crashed = crashedOf(file)
  if (await isThere(crashed)) {
    await remove(partOf(file))
    return crashed
  }
  return (await isThere(partOf(file))) ? partOf(file) : undefined
}

/** Cuts a leftover after its last whole fragment, so that FFmpeg reads it; false where nothing in it can be played. */
export async function mend(path: string): Promise<boolean> {
  const found = inspect(path)
  if (found.state === 'nothing') return false
  if (found.state === 'fragments') await disk(`repair ${path}`, cut(path, found))
  return true
}

/**
 * What a crash left of `file`, mended and moved to `.crashed`, so that a new `.part` can begin. A file that was
 * finished, by a host that could not tell it any more, is taken back. Undefined where nothing can be played.
 */
export async function setAside(file: string): Promise<string | undefined> {
  const part = partOf(file)
  const crashed = crashedOf(file)
  let found = await findLeftover(file)
  if (!found && (await isThere(file))) {
    await move(file, part)
    found = part
  }
  if (!found) return undefined
  if (!(await mend(found))) {
    await remove(found)
    return undefined
  }
  if (found === part) await move(part, crashed)
  return crashed
}

const FREE_HEADER_BYTES = 8

async function cut(path: string, { whole, restore }: Inspection): Promise<void> {
  const handle = await open(path, 'r+')
  try {
    if (restore) {
      const header = Buffer.alloc(FREE_HEADER_BYTES)
      header.writeUInt32BE(restore.size)
      header.write('free', 4, 'latin1')
      await handle.write(header, 0, header.length, restore.at)
    }
    await handle.truncate(whole)
  } finally {
    await handle.close()
  }
}
