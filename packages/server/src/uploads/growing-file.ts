import { type FileHandle, open, stat } from 'node:fs/promises'

const PRIVATE_FILE = 0o600

/** Bytes that a file has; 0 where there is none. */
export async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
}

/**
 * Writes what comes from `offset` on, and resolves with the offset then, when it is on the disk. Where the source breaks, what came
 * before is on the disk all the same. Rejects where the disk takes nothing more, and where the source breaks.
 */
export async function appendTo(path: string, source: AsyncIterable<Uint8Array>, offset: number): Promise<number> {
  const file = await open(path, offset === 0 ? 'w' : 'r+', PRIVATE_FILE)
  let at = offset
  try {
    await file.truncate(offset)
    try {
      for await (const chunk of source) at = await writeAll(file, chunk, at)
    } catch (error) {
      await file.datasync()
      throw error
    }
    await file.datasync()
  } finally {
    await file.close()
  }
  return at
}

/** Resolves with where the next chunk belongs. */
async function writeAll(file: FileHandle, chunk: Uint8Array, at: number): Promise<number> {
  let written = 0
  while (written < chunk.length) {
    written += (await file.write(chunk, written, chunk.length - written, at + written)).bytesWritten
  }
  return at + written
}
