/** Where an upload goes, and what it is. */
export interface UploadOrder {
  /** The server's uploads. */
  readonly url: string
  /** `filename` and `purpose`, as PROTOCOL.md has them. */
  readonly metadata: Readonly<Record<string, string>>
  /** The session's token as it is now: asked before each request. */
  readonly token: () => string | undefined
  /** Called with bytes; after a cut the first number may be lower than before. */
  readonly progress: (sent: number, size: number) => void
  readonly signal?: AbortSignal | undefined
}

/** Carries files to a server by the tus protocol. `Source` is what a runtime has for a file. */
export interface Uploader<Source = unknown> {
  /** The name that the source has by itself. */
  nameOf(source: Source): string | undefined
  /**
   * Resolves with the upload's id when the server has all of it. A cut is waited out and the upload goes on where it was. Rejects with
   * RequestError; with the signal's reason, having told the server to forget it.
   */
  send(source: Source, order: UploadOrder): Promise<string>
}
