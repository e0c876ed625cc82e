import { webcrypto } from 'node:crypto'
import type { StoredWebhook } from '@arclight/core/contracts'

/** As Standard Webhooks recommends: 24–64. */
const SECRET_BYTES = 24
const PREFIX = 'whsec_'

/** The webhooks' secrets: derived from the server's key, so that no store and no copy of one has them. */
export class WebhookSecrets {
  readonly #key: Promise<webcrypto.CryptoKey>

  /** `secretKey` is the server's: with another one every webhook has another secret. */
  constructor(secretKey: string) {
    const algorithm = { name: 'HMAC', hash: 'SHA-256' }
    this.#key = webcrypto.subtle.importKey('raw', Buffer.from(secretKey), algorithm, false, ['sign'])
  }

  /** The bytes that sign. */
  async of({ id, generation }: Pick<StoredWebhook, 'id' | 'generation'>): Promise<Buffer> {
    const purpose = Buffer.from(`webhook ${id} ${generation}`)
    return Buffer.from(await webcrypto.subtle.sign('HMAC', await this.#key, purpose)).subarray(0, SECRET_BYTES)
  }

  /** As the owner is shown it, and every library of Standard Webhooks takes it. */
  async shown(webhook: Pick<StoredWebhook, 'id' | 'generation'>): Promise<string> {
    return `${PREFIX}${(await this.of(webhook)).toString('base64')}`
  }
}
