import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { Message } from '@arclight/client-node'
import { Webhook } from 'standardwebhooks'

const ATTEMPTS = 5
const FIRST_WAIT_MS = 1_000

/** An `in` webhook: the server's address with the webhook's `path`, and the secret that was shown once. */
export interface IncomingWebhook {
  readonly url: string
  readonly secret: string
}

/** What a webhook says. */
export interface Post {
  readonly text: string
  readonly replyTo?: number
  readonly mentions?: readonly string[]
}

/** Writes a message; resolves with it once it is stored. `id` stays with it, so that repeating it adds nothing. */
export async function postMessage(webhook: IncomingWebhook, post: Post, id: string = randomUUID()): Promise<Message> {
  for (let attempt = 1; ; attempt++) {
    const response = await postOnce(webhook, JSON.stringify(post), id).catch(() => undefined)
    if (response?.ok) return ((await response.json()) as { message: Message }).message
    const mayPass = !response || response.status === 429 || response.status >= 500
    if (!mayPass || attempt === ATTEMPTS) throw new Error(`the message was not stored: ${await reasonOf(response)}`)
    const wanted = Number(response?.headers.get('Retry-After') ?? Number.NaN) * 1_000
    await setTimeout(Number.isNaN(wanted) ? FIRST_WAIT_MS * 2 ** (attempt - 1) : wanted)
  }
}

/** Signed anew for each attempt: a signature is good for five minutes. */
function postOnce({ url, secret }: IncomingWebhook, body: string, id: string): Promise<Response> {
  const at = new Date()
  const headers = {
    'Content-Type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  }
  return fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(10_000) })
}

async function reasonOf(response: Response | undefined): Promise<string> {
  return response ? `${response.status} ${await response.text()}` : 'no answer'
}
