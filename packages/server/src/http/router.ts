import type { IncomingMessage } from 'node:http'
import { Router as createRouter, type Router } from 'express'
import { addressKey } from '../limits/address-key.ts'
import type { Peer } from '../limits/proxies.ts'
import type { RateLimiter } from '../limits/rate-limiter.ts'
import type { Logger } from '../log.ts'
import { Refusal } from '../refusal.ts'
import { answerErrors } from './errors.ts'
import { type RecordingRoutes, recordingRoutes } from './recordings.ts'

/** What the routes ask of the server. */
export interface RouteParts extends RecordingRoutes {
  /** Whether requests are served: storage is open, no shutdown is under way. */
  readonly ready: () => boolean
  readonly peerOf: (request: IncomingMessage) => Peer
  readonly rates: RateLimiter
  readonly log: Logger
}

/** The server's HTTP routes, relative to wherever an application mounts them; what they do not know passes through. */
export function routes(parts: RouteParts): Router {
  const { ready, peerOf, rates, log } = parts
  const router = createRouter()
  router.get('/healthz', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'ok' })
  })
  router.get('/readyz', (_request, response) => {
    response
      .set('Cache-Control', 'no-store')
      .status(ready() ? 200 : 503)
      .json({ status: ready() ? 'ready' : 'not ready' })
  })
  router.get(['/recordings', '/recordings/:id'], (request, _response, next) => {
    if (!ready()) throw new Refusal('unavailable', 'the server is not ready', { retryAfterMs: 1_000 })
    rates.admit(`address ${addressKey(peerOf(request).address)}`, 'http')
    next()
  })
  router.use(recordingRoutes(parts))
  router.use(answerErrors(log))
  return router
}
