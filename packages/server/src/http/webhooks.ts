import type { ErrorCode } from '@arclight/core'
import { LIMITS } from '@arclight/core/protocol'
import express, { Router as createRouter, type Request, type Router } from 'express'
import { sendAs } from '../dispatch.ts'
import type { Services } from '../handlers/handler.ts'
import { Refusal } from '../refusal.ts'
import { isSigned } from '../webhooks/signature.ts'
import { sendError } from './errors.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })
/** A request that is older, or newer, was not made now. */
const MOST_SKEW_S = 300

/** Who has the secret may know why not: other routes tell nobody of what they may not have. */
const STATUS: Partial<Record<ErrorCode, number>> = { forbidden: 403, conflict: 409, out_of_order: 409 }

/** `POST /webhooks/<id>`: a message of the webhook's bot, signed by Standard Webhooks 1.0. */
export function webhookRoutes(services: Services): Router {
  const router = createRouter()
  const raw = express.raw({ type: () => true, limit: LIMITS.webhookBytes, inflate: false })
  router.post('/webhooks/:id', known, raw, async (request, response) => {
    const { webhook, bot } = incoming(request)
    const body: Uint8Array = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const id = header(request, 'webhook-id')
    const timestamp = Number(/^\d{1,12}$/.exec(header(request, 'webhook-timestamp'))?.[0] ?? Number.NaN)
    const now = services.clock.wall() / 1_000
    // NaN is near nothing.
    const isNow = Math.abs(now - timestamp) <= MOST_SKEW_S
    const secret = await services.webhooks.secretOf(webhook)
    if (!isNow || !(await isSigned(secret, { id, timestamp, body }, header(request, 'webhook-signature')))) {
      response.set('WWW-Authenticate', 'Webhook')
      throw new Refusal('unauthenticated', 'expected a signature of this webhook’s secret, made within five minutes')
    }
    try {
      const message = await sendAs(bot, { ...said(body), channel: webhook.channel, clientId: id }, services)
      response.set('Cache-Control', 'no-store').json({ message })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      sendError(response, withIssues(error), STATUS[error.body.code])
    }
  })

  function known(request: Request, _response: unknown, next: () => void): void {
    incoming(request)
    next()
  }

  function incoming(request: Request): NonNullable<ReturnType<Services['webhooks']['incoming']>> {
    const found = services.webhooks.incoming(String(request.params['id']))
    if (!found) throw Refusal.notFound('webhook')
    return found
  }
  return router
}

function header(request: Request, name: string): string {
  return request.get(name) ?? ''
}

/** Of the body, what a webhook may say. Throws `bad_request`. */
function said(body: Uint8Array): object {
  try {
    const { text, replyTo, mentions } = JSON.parse(utf8.decode(body))
    return { text, ...(replyTo === undefined ? {} : { replyTo }), ...(mentions === undefined ? {} : { mentions }) }
  } catch {
    throw new Refusal('bad_request', 'expected a JSON object with a text')
  }
}

/** An error over HTTP has no issues: its message names them. */
function withIssues({ body }: Refusal): Refusal['body'] {
  const [first] = body.issues ?? []
  return first ? { ...body, message: `${first.path}: ${first.message}` } : body
}
