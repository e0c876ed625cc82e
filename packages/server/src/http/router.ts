import { Router as createRouter, type Router } from 'express'

/** What the routes ask of the server. */
export interface Health {
  /** Whether requests are served: storage is open, no shutdown is under way. */
  readonly ready: () => boolean
}

/** The server's HTTP routes, relative to wherever an application mounts them. */
export function routes({ ready }: Health): Router {
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
  return router
}
