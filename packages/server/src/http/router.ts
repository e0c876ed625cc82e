import type { IncomingMessage } from 'node:http'
import type { BlobStore } from '@arclight/core/contracts'
import { Router as createRouter, type RequestHandler, type Router } from 'express'
import type { Services } from '../handlers/handler.ts'
import { addressKey } from '../limits/address-key.ts'
import type { Peer } from '../limits/proxies.ts'
import type { Logger } from '../log.ts'
import { Refusal } from '../refusal.ts'
import { accountExportRoutes } from './account-export.ts'
import { crossOrigin } from './cross-origin.ts'
import { answerErrors } from './errors.ts'
import { fileRoutes } from './files.ts'
import { recordingRoutes } from './recordings.ts'
import { signInRoutes } from './sign-in.ts'
import { uploadRoutes } from './uploads.ts'
import { webhookRoutes } from './webhooks.ts'

/** What the routes ask of the server. */
export interface RouteParts {
  readonly services: Services
  /** Undefined where the server keeps no files. */
  readonly blobs: BlobStore | undefined
  /** Whether requests are served: storage is open, no shutdown is under way. */
  readonly ready: () => boolean
  readonly peerOf: (request: IncomingMessage) => Peer
  /** Whether pages of that origin are let in. */
  readonly allowsOrigin: (origin: string, host: string | undefined) => boolean
  readonly log: Logger
}

/** Pages of allowed origins may ask these. */
const FILES = [
  '/account/export',
  '/recordings',
  '/recordings/:id',
  '/uploads',
  '/uploads/:id',
  '/files/:id',
  '/files/:id/thumbnail',
]

/** The server's HTTP routes, relative to wherever an application mounts them; what they do not know passes through. */
export function routes(parts: RouteParts): Router {
  const { services, blobs, ready, peerOf, allowsOrigin, log } = parts
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
  const admit: RequestHandler = (request, _response, next) => {
    if (!ready()) throw new Refusal('unavailable', 'the server is not ready', { retryAfterMs: 1_000 })
    services.rates.admit(`address ${addressKey(peerOf(request).address)}`, 'http')
    next()
  }
  const ofPage = (origin: string, request: IncomingMessage) => allowsOrigin(origin, peerOf(request).host)
  const pages = crossOrigin(ofPage)
  router.all(FILES, pages, admit)
  router.post('/webhooks/:id', admit)
  router.use('/auth', admit)
  router.use(recordingRoutes({ ...services, blobs }))
  router.use(accountExportRoutes(services))
  router.use(uploadRoutes(services))
  router.use(fileRoutes({ ...services, blobs }))
  router.use(webhookRoutes(services))
  const { signInProvider: provider } = services
  if (provider) router.use(signInRoutes({ ...services, provider, allowsOrigin: ofPage }))
  router.use(answerErrors(log))
  return router
}
