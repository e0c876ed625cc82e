/**
 * The client has no connection and will not make one by itself.
 * `refused`: the server closed with a code that forbids reconnecting (`code`);
 * `signed-out`: there is no token, or the server no longer accepts it: log in again;
 * `closed`: `close()` was called.
 */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError'
  readonly reason: 'refused' | 'signed-out' | 'closed'
  /** WebSocket close code, where there was one. */
  readonly code: number | undefined

  private constructor(reason: ConnectionError['reason'], message: string, code?: number, cause?: unknown) {
    super(message, { cause })
    this.reason = reason
    this.code = code
  }

  static refused(code: number, why: string): ConnectionError {
    return new ConnectionError('refused', `the server closed the connection for good: ${code} ${why}`.trim(), code)
  }

  static signedOut(cause?: unknown): ConnectionError {
    return new ConnectionError('signed-out', 'not signed in: log in or register first', undefined, cause)
  }

  /** The server ended the session itself. */
  static sessionOver(code: number, why: string): ConnectionError {
    return new ConnectionError('signed-out', `signed out: ${why || `closed with ${code}`}`, code)
  }

  static closed(): ConnectionError {
    return new ConnectionError('closed', 'the client was closed')
  }
}
