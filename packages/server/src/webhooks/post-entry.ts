import type { Milliseconds } from '@arclight/core'
import { post } from './post.ts'
import { sign } from './signature.ts'
import type { WebhookTargets } from './targets.ts'

/** Posts an entry of a channel's log, signed. Rejects where it may not go there, or the receiver does not take it. */
export async function postEntry(parts: {
  readonly url: string
  readonly entry: { readonly id: string; readonly body: Uint8Array }
  readonly secret: Uint8Array
  readonly targets: WebhookTargets
  readonly signal: AbortSignal
  /** Wall time. */
  readonly at: Milliseconds
}): Promise<void> {
  const { url, entry, secret, targets, signal, at } = parts
  const addresses = await untilAborted(targets.addresses(url), signal)
  const timestamp = Math.floor(at / 1_000)
  const headers = {
    'Content-Type': 'application/json',
    'Content-Length': String(entry.body.length),
    'User-Agent': 'Arclight',
    'webhook-id': entry.id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': await sign(secret, { ...entry, timestamp }),
  }
  const status = await post({ url, addresses, headers, body: entry.body, signal })
  if (status < 200 || status > 299) throw new Error(`the receiver answered ${status}`)
}

/** A name that is looked up cannot be called back: it is waited for no longer. */
async function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  signal.throwIfAborted()
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  return Promise.race([work, aborted])
}
