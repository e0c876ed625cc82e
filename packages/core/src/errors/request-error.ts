import type { ErrorCode } from './error-code.ts'

/** What an error reply says, as it stands on the wire. */
export interface ErrorBody {
  readonly code: ErrorCode
  readonly message: string
  readonly retryable: boolean
  readonly retryAfterMs?: number | undefined
  readonly issues?: readonly { readonly path: string; readonly message: string }[] | undefined
}

/**
 * A request did not succeed. Decide by `reason`:
 * `failed`: the server said no, and `code` says why;
 * `unknown`: it was sent and no reply came, so the server may have carried it out; or it is kept, to be sent later;
 * `unsent`: it never left, so repeating it is safe.
 */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly reason: 'failed' | 'unknown' | 'unsent'
  /** The server's code; set exactly when `reason` is `failed`. */
  readonly code: ErrorCode | undefined
  readonly retryable: boolean
  readonly retryAfterMs: number | undefined
  /** Which fields did not fit, for `bad_request`. */
  readonly issues: readonly { readonly path: string; readonly message: string }[]

  private constructor(reason: RequestError['reason'], message: string, body?: ErrorBody, cause?: unknown) {
    super(message, { cause })
    this.reason = reason
    this.code = body?.code
    this.retryable = body?.retryable ?? true
    this.retryAfterMs = body?.retryAfterMs
    this.issues = body?.issues ?? []
  }

  static failed(type: string, body: ErrorBody): RequestError {
    const details = (body.issues ?? []).map((issue) => ` (${issue.path}: ${issue.message})`).join('')
    return new RequestError('failed', `${type} was refused: ${body.message}${details}`, body)
  }

  static unknown(type: string, why: string, cause?: unknown): RequestError {
    return new RequestError('unknown', `${type} was sent and no reply came: ${why}`, undefined, cause)
  }

  /** It is kept and leaves later: to repeat it would be to say it twice. */
  static kept(type: string, why: string, cause?: unknown): RequestError {
    return new RequestError('unknown', `${type} has no reply and is kept to be sent later: ${why}`, undefined, cause)
  }

  static unsent(type: string, why: string, cause?: unknown): RequestError {
    return new RequestError('unsent', `${type} was not sent: ${why}`, undefined, cause)
  }
}
