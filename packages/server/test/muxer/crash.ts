import { copyFile, truncate } from 'node:fs/promises'
import type { FinishedFile, StoredUpTo } from '@arclight/core/contracts'
import { feed, openFile, temporaryFile } from './recording.ts'
import type { TestFrame } from './test-media.ts'

/** How many frames come between two syncs. */
const SYNC_EVERY = 30

/** What a crash leaves, and what the server knows then. */
export interface Crashed {
  /** The recording's path: its `.part` is there. */
  readonly path: string
  readonly origin: number | undefined
  readonly stored: StoredUpTo
}

/**
 * The state after a SIGKILL: the bytes that the process had written, all of them or, where a page was not, fewer; but
 * never fewer than were synced. `cut` says how many of the unsynced ones are there, from 0 to 1.
 */
export async function crashAfter(frames: readonly TestFrame[], cut = 1): Promise<Crashed> {
  const alive = await temporaryFile()
  const path = await temporaryFile()
  let origin: number | undefined
  const file = await openFile(alive, { origin: (time) => (origin = time) })
  let stored: StoredUpTo = { video: undefined, audio: undefined, bytes: 0 }
  for (let from = 0; from < frames.length; from += SYNC_EVERY) {
    feed(file, frames.slice(from, from + SYNC_EVERY))
    if (from + SYNC_EVERY < frames.length) stored = await file.sync()
  }
  await copyFile(`${alive}.part`, `${path}.part`)
  const { bytes } = await file.sync()
  await file.close()
  if (cut < 1) await truncate(`${path}.part`, Math.floor(stored.bytes + cut * Math.max(0, bytes - stored.bytes)))
  return { path, origin, stored }
}

/** What the server feeds again. */
export function notStored(frames: readonly TestFrame[], stored: StoredUpTo): TestFrame[] {
  return frames.filter(({ track, timestamp }) => timestamp > (stored[track] ?? Number.NEGATIVE_INFINITY))
}

/** Continues a crashed recording with all that was not stored of `frames`, and finishes it. */
export async function resume(
  { path, origin, stored }: Crashed,
  frames: readonly TestFrame[],
): Promise<FinishedFile | undefined> {
  const file = await openFile(path, { resume: { origin } })
  feed(file, notStored(frames, stored))
  return file.close()
}
