import { fileURLToPath } from 'node:url'
import express, { type Express } from 'express'

const PAGE = fileURLToPath(new URL('../voice-page/', import.meta.url))

/** Scripts, styles and connections of our own only: what is injected does not run. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "media-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The voice page at `/`. */
export function pages(app: Express): void {
  app.use((_request, response, next) => {
    response.set({
      'Content-Security-Policy': POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Permissions-Policy': 'microphone=(self), camera=(self)',
    })
    next()
  })
  app.use(express.static(PAGE, { cacheControl: false }))
}
