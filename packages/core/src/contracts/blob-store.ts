/** Finished files: recordings and uploads. Keys are the server's own, never somebody's file name. */
export interface BlobStore {
  /** A local folder where files may grow before they are adopted; on the same volume where that makes adopting cheap. */
  readonly scratch: string
  /** Takes a finished local file over; resolves when it is durable under `key` and gone from where it was. */
  adopt(key: string, file: string): Promise<void>
  /** Undefined where there is none. */
  stat(key: string): Promise<{ readonly bytes: number } | undefined>
  /** The bytes from `start` to `end`, both included, in chunks. Rejects where there is none. */
  read(key: string, range: { readonly start: number; readonly end: number }): AsyncIterable<Uint8Array>
  /** Harmless where there is none. */
  remove(key: string): Promise<void>
}
