/** Every way in which a device, a file or a codec can refuse to give or take media. */
export type MediaErrorReason =
  | 'insecure-context'
  | 'permission-denied'
  | 'permission-dismissed'
  | 'not-found'
  | 'in-use'
  | 'unsupported'
  | 'failed'

/** A source, sink or codec of media cannot do its work; `message` says what the user can do about it. */
export class MediaError extends Error {
  override readonly name = 'MediaError'
  readonly reason: MediaErrorReason

  constructor(reason: MediaErrorReason, message: string, cause?: unknown) {
    super(message, { cause })
    this.reason = reason
  }
}
