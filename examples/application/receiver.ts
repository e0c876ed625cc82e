import type { LogEntry } from '@arclight/core/protocol'
import express, { type Router, raw } from 'express'
import { Webhook } from 'standardwebhooks'

/** What an `out` webhook's requests are for. */
export interface ReceiverParts {
  readonly secret: string
  /** Whether an entry was taken before: an id that is kept with what came of it. */
  readonly has: (id: string) => Promise<boolean>
  /** Resolves once the entry, and its id with it, is kept. */
  readonly take: (entry: LogEntry, id: string) => Promise<void>
}

/** Takes what an `out` webhook posts to `/arclight`. What fails is answered with 500, and comes again. */
export function receiver({ secret, has, take }: ReceiverParts): Router {
  const router = express.Router()
  router.post('/arclight', raw({ type: 'application/json', limit: '1mb' }), async (request, response) => {
    const id = request.get('webhook-id') ?? ''
    const entry = verified(secret, request.body, request.headers as Record<string, string>)
    if (!entry) return void response.status(401).end()
    if (!(await has(id))) await take(entry, id)
    response.status(204).end()
  })
  return router
}

/** Undefined where the signature is wrong or older than five minutes: of the bytes as they came, not of parsed JSON. */
function verified(secret: string, body: Buffer, headers: Record<string, string>): LogEntry | undefined {
  try {
    return new Webhook(secret).verify(body, headers) as LogEntry
  } catch {
    return undefined
  }
}
