/** Bytes from a peer are not what the protocol says they must be. The only error that a decoder throws. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError'
  readonly reason: 'truncated' | 'version' | 'kind' | 'reserved' | 'json' | 'envelope'

  private constructor(reason: DecodeError['reason'], message: string, cause?: unknown) {
    super(message, { cause })
    this.reason = reason
  }

  static truncated(expected: number, length: number): DecodeError {
    return new DecodeError('truncated', `expected at least ${expected} bytes of media frame, got ${length}`)
  }

  static version(version: number): DecodeError {
    return new DecodeError('version', `expected media header version 1, got ${version}`)
  }

  static kind(kind: number): DecodeError {
    return new DecodeError('kind', `expected media kind 0, 1 or 2, got ${kind}`)
  }

  static reserved(offset: number, value: number): DecodeError {
    return new DecodeError('reserved', `expected 0 in the reserved bits at byte ${offset}, got ${value}`)
  }

  static json(cause: unknown): DecodeError {
    return new DecodeError('json', 'expected a JSON object in a text frame', cause)
  }

  static envelope(what: string): DecodeError {
    return new DecodeError('envelope', `expected ${what}`)
  }
}
