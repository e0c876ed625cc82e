import type { ErrorBody, ErrorCode } from '@arclight/core'
import type { ErrorRequestHandler, Response } from 'express'
import type { Logger } from '../log.ts'
import { Refusal } from '../refusal.ts'

/** Who is signed in and not allowed is told no more than who asks for what is not there. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  bad_request: 400,
  unauthenticated: 401,
  forbidden: 404,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  quota_reached: 413,
  unsupported_type: 415,
  rate_limited: 429,
  unavailable: 503,
  storage_full: 507,
}

/** Answers with an error of the protocol. */
export function sendError(response: Response, error: ErrorBody, status = STATUS[error.code] ?? 500): void {
  const { code, message, retryAfterMs } = error
  if (status === 401 && !response.get('WWW-Authenticate')) response.set('WWW-Authenticate', 'Bearer')
  if (retryAfterMs !== undefined) response.set('Retry-After', String(Math.ceil(retryAfterMs / 1_000)))
  response.set('Cache-Control', 'no-store').status(status).json({ error: { code, message } })
}

/** Whatever a route throws becomes an answer. The query of an address may be a signed link: it is never logged. */
export function answerErrors(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    if (response.headersSent) return void response.destroy()
    const refusal = error instanceof Refusal ? error : bodyRefusal(error)
    if (refusal) return sendError(response, refusal.body)
    if (error instanceof URIError) {
      return sendError(response, { code: 'bad_request', message: 'expected a well-formed path', retryable: false })
    }
    log.error({ method: request.method, path: request.path, error }, 'a route failed')
    sendError(response, { code: 'internal', message: 'the server failed; try again later', retryable: true })
  }
}

/** What reading a body found wrong: express says so by a status of its own. */
function bodyRefusal(error: unknown): Refusal | undefined {
  const { status } = Object(error) as { status?: unknown }
  if (status === 413) return new Refusal('too_large', 'the body is longer than this route takes')
  return status === 400 || status === 415 ? new Refusal('bad_request', 'the body cannot be read') : undefined
}
