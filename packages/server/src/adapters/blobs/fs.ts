import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { BlobStore } from '@arclight/core/contracts'

/** Recordings are for the server's own user. */
const PRIVATE_FOLDER = 0o700

/** Files in a folder of this machine: `scratch/` for those that grow, everything else under its key. */
export function fsBlobs({ directory }: { directory: string }): BlobStore {
  // Absolute: a media host has a working directory of its own.
  const root = resolve(directory)
  const pathOf = (key: string): string => join(root, key)
  return {
    scratch: join(root, 'scratch'),
    adopt: async (key, file) => {
      const folder = dirname(pathOf(key))
      await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER })
      await rename(file, pathOf(key))
      await syncFolder(folder)
    },
    stat: async (key) => {
      const found = await stat(pathOf(key)).catch(() => undefined)
      return found && { bytes: found.size }
    },
    read: (key, { start, end }) => createReadStream(pathOf(key), { start, end }),
    remove: (key) => rm(pathOf(key), { force: true }),
  }
}

/** A rename is durable when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
