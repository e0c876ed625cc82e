import type { RequestHandler } from 'express'
import helmet from 'helmet'

const HALF_A_YEAR_S = 15_552_000
/** Pages may ask for these; frames of others may not. */
const DEVICES = 'camera=(self), microphone=(self), display-capture=(self), screen-wake-lock=(self), autoplay=(self)'

/**
 * What browsers are told with every answer: scripts, styles, workers and connections of this origin alone, so that what is
 * injected does not run; no frame around it; no address told to other sites. `https`: a certificate of the operator's own, with
 * which browsers stay. Routes that serve files set stricter policies of their own.
 */
export function securityHeaders({ https }: { https: boolean }): readonly RequestHandler[] {
  const headers = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        // Opus in WebAssembly is compiled where a browser has no codec of its own; nothing else is evaluated.
        'script-src': ["'self'", "'wasm-unsafe-eval'"],
        'worker-src': ["'self'"],
        'style-src': ["'self'"],
        'font-src': ["'self'"],
        'img-src': ["'self'", 'data:', 'blob:'],
        'media-src': ["'self'", 'blob:'],
        'connect-src': ["'self'"],
        'manifest-src': ["'self'"],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
    // Files are shown in pages of other origins that the operator allows; each link is signed.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    strictTransportSecurity: https ? { maxAge: HALF_A_YEAR_S, includeSubDomains: false } : false,
    xFrameOptions: { action: 'deny' },
    // A Node server does not guess, and says of itself nothing.
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
  })
  return [
    headers,
    (_request, response, next) => {
      response.set('Permissions-Policy', DEVICES)
      next()
    },
  ]
}
