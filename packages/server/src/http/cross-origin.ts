import type { RequestHandler } from 'express'
import { sendError } from './errors.ts'

/** What a page of an allowed origin may send and see: the headers of the tus protocol, and a token. */
const ALLOWED = 'Authorization, Content-Type, Range, Tus-Resumable, Upload-Length, Upload-Metadata, Upload-Offset'
const EXPOSED =
  'Content-Disposition, Content-Length, Content-Range, ETag, Location, Retry-After, Tus-Extension, Tus-Max-Size, Tus-Resumable, Tus-Version, Upload-Expires, Upload-Length, Upload-Metadata, Upload-Offset'
const METHODS = 'GET, HEAD, POST, PATCH, DELETE'
const DAY_S = '86400'

/**
 * Lets pages in whose origin is allowed, and refuses those of any other (the Fetch standard's CORS protocol). Programs send no origin.
 * No credentials are allowed: there are no cookies, and a token is sent by hand.
 */
export function crossOrigin(
  allows: (origin: string, request: Parameters<RequestHandler>[0]) => boolean,
): RequestHandler {
  return (request, response, next) => {
    const { origin } = request.headers
    response.vary('Origin')
    if (origin === undefined) return next()
    if (!allows(origin, request)) {
      return sendError(
        response,
        { code: 'forbidden', message: 'pages of that origin are not let in', retryable: false },
        403,
      )
    }
    response.set('Access-Control-Allow-Origin', origin).set('Access-Control-Expose-Headers', EXPOSED)
    if (request.method === 'OPTIONS') {
      response.set('Access-Control-Allow-Methods', METHODS).set('Access-Control-Allow-Headers', ALLOWED)
      response.set('Access-Control-Max-Age', DAY_S)
    }
    next()
  }
}
