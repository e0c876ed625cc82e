import type { ErrorBody, ErrorCode } from '@arclight/core'

const RETRYABLE: ReadonlySet<ErrorCode> = new Set(['rate_limited', 'out_of_order', 'unavailable', 'internal'])

/** A request is answered with an error. Thrown by handlers; anything else thrown becomes `internal`. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly body: ErrorBody

  constructor(code: ErrorCode, message: string, more: Pick<ErrorBody, 'retryAfterMs' | 'issues'> = {}) {
    super(message)
    this.body = { code, message, retryable: RETRYABLE.has(code), ...more }
  }

  static notFound(what: string): Refusal {
    return new Refusal('not_found', `there is no ${what} of that name, or not for you`)
  }
}

/** Answers the request that is being handled with an error. */
export function refuse(code: ErrorCode, message: string): never {
  throw new Refusal(code, message)
}
