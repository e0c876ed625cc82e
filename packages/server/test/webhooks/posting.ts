import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'

/** Where a test posts, and with which secret. */
export interface PostTarget {
  readonly url: string
  readonly secret: string
}

/** What of a post is other than it should be. */
export interface PostChanges {
  readonly id?: string
  /** Wall time, milliseconds; now unless told. */
  readonly at?: number
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** Sent as it is, and signed. */
  readonly raw?: string | Buffer
}

interface PostAnswer {
  readonly error?: { readonly code: string; readonly message: string }
  readonly message?: unknown
}

/** Posts as any program with a library of Standard Webhooks would. */
export async function postTo(
  { url, secret }: PostTarget,
  body: unknown,
  { id = `msg_${crypto.randomUUID()}`, at = Date.now(), headers = {}, raw }: PostChanges = {},
): Promise<{ readonly status: number; readonly body: PostAnswer; readonly headers: Headers }> {
  const payload = raw ?? JSON.stringify(body)
  const signed = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1_000)),
    'webhook-signature': signatureOf(secret, id, at, payload),
    ...headers,
  }
  const kept = Object.entries(signed).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const response = await fetch(url, { method: 'POST', headers: kept, body: payload })
  return { status: response.status, body: (await response.json()) as PostAnswer, headers: response.headers }
}

/** By the standard's own library; it takes texts alone, and what is none is signed by hand. */
function signatureOf(secret: string, id: string, at: number, payload: string | Buffer): string {
  if (typeof payload === 'string') return new Webhook(secret).sign(id, new Date(at), payload)
  const hmac = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
  hmac.update(`${id}.${Math.floor(at / 1_000)}.`).update(payload)
  return `v1,${hmac.digest('base64')}`
}
