import type { ErrorCode } from '../../src/errors/error-code.ts'
import type { ErrorBody } from '../../src/errors/request-error.ts'

/** A scripted answer that is an error reply. */
export class Refusal {
  readonly error: ErrorBody

  constructor(code: ErrorCode, change: Partial<ErrorBody> = {}) {
    this.error = { code, message: `the script says ${code}`, retryable: false, ...change }
  }
}
