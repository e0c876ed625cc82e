import { access, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { MediaError } from '@arclight/core'

/** Awaits file system work; a refusal becomes MediaError `failed`, saying what was tried. */
export async function disk<Result>(what: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (error) {
    throw new MediaError('failed', `could not ${what}: ${(error as Error).message}`, error)
  }
}

export function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

export async function sizeOf(path: string): Promise<number> {
  const { size } = await disk(`look at ${path}`, stat(path))
  return size
}

/** Names are durable only once the folder is written: after a power cut a rename could be undone. */
async function syncFolderOf(path: string): Promise<void> {
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Renames for good. */
export async function move(from: string, to: string): Promise<void> {
  await disk(`rename ${from}`, rename(from, to))
  await disk(`rename ${from}`, syncFolderOf(to))
}

/** Removes for good; a file that is not there is no error. */
export async function remove(path: string): Promise<void> {
  await disk(`remove ${path}`, rm(path, { force: true }))
  await disk(`remove ${path}`, syncFolderOf(path))
}
