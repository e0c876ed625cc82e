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
  too_large: 413,
  rate_limited: 429,
  unavailable: 503,
}

/** Answers with an error of the protocol. */
export function sendError(response: Response, error: ErrorBody, status = STATUS[error.code] ?? 500): void {
  const { code, message, retryAfterMs } = error
  if (status === 401) response.set('WWW-Authenticate', 'Bearer')
  if (retryAfterMs !== undefined) response.set('Retry-After', String(Math.ceil(retryAfterMs / 1_000)))
  response.set('Cache-Control', 'no-store').status(status).json({ error: { code, message } })
}

/** Whatever a route throws becomes an answer. The query of an address may be a signed link: it is never logged. */
export function answerErrors(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    if (response.headersSent) return void response.destroy()
    if (error instanceof Refusal) return sendError(response, error.body)
    if (error instanceof URIError) {
      return sendError(response, { code: 'bad_request', message: 'expected a well-formed path', retryable: false })
    }
    log.error({ method: request.method, path: request.path, error }, 'a route failed')
    sendError(response, { code: 'internal', message: 'the server failed; try again later', retryable: true })
  }
}
