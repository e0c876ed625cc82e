import type { SearchIndex } from './search-index.ts'

/** In what the databases differ. */
export interface Dialect {
  readonly search: SearchIndex
  /** What a batch locks: the channels' rows, or the whole database, as a transaction does by itself that begins to write. */
  readonly lock: 'rows' | 'database'
  /** Whether a statement failed since what it wrote has to be unique and is there already. */
  isDuplicate(error: unknown): boolean
}
