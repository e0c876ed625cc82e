import { fileURLToPath } from 'node:url'
import express, { type Express } from 'express'

const PAGE = fileURLToPath(new URL('../voice-page/', import.meta.url))

/** The voice page at `/`. */
export function pages(app: Express): void {
  app.use(express.static(PAGE, { cacheControl: false }))
}
