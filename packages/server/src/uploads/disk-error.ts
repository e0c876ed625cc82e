import { Refusal } from '../refusal.ts'

/** No space, a quota of the file system's, a file larger than it takes. */
const FULL: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** The refusal of what a full disk does not take; any other error as it is. */
export function diskError(error: unknown): unknown {
  const isFull =
    error instanceof Error && (FULL.has((error as NodeJS.ErrnoException).code) || /no space/i.test(error.message))
  return isFull ? new Refusal('storage_full', 'the server has no room for files left; tell whoever runs it') : error
}
