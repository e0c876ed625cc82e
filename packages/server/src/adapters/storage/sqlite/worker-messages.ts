import type { Milliseconds } from '@arclight/core'
import type { Storage } from '@arclight/core/contracts'

/** What a storage worker is started with. */
export interface WorkerOptions {
  /** A path, or `:memory:`. */
  readonly file: string
  /** A writer makes the schema and takes the one write lock; a reader only reads. */
  readonly role: 'writer' | 'reader'
  /** How long what was taken out may stay in the write-ahead log; the writer's. */
  readonly eraseAfterMs: Milliseconds
}

/** The repositories of a storage. */
export type RepositoryName = Exclude<keyof Storage, 'open' | 'close'>

/** Main thread to worker. */
export type WorkerRequest =
  | { readonly id: number; readonly call: 'close' }
  | {
      readonly id: number
      readonly call: 'method'
      readonly repository: RepositoryName
      readonly method: string
      readonly parameters: readonly unknown[]
    }

/** Worker to main thread; the first, with id 0, says that the database is open, or why not. */
export type WorkerReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: Error }
