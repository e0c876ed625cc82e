import { Router as createRouter, type Router } from 'express'
import { type RecordingRoutes, recordingRoutes } from './recordings.ts'

/** What the routes ask of the server. */
export interface RouteParts {
  /** Whether requests are served: storage is open, no shutdown is under way. */
  readonly ready: () => boolean
  /** Undefined where the server does not record. */
  readonly recordings?: RecordingRoutes | undefined
}

/** The server's HTTP routes, relative to wherever an application mounts them. */
export function routes({ ready, recordings }: RouteParts): Router {
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
  if (recordings) router.use(recordingRoutes(recordings))
  return router
}
