import { timingSafeEqual, webcrypto } from 'node:crypto'

/** A request as Standard Webhooks 1.0 signs it. */
export interface SignedContent {
  /** `webhook-id`: the same for each attempt. */
  readonly id: string
  /** `webhook-timestamp`: seconds since 1970. */
  readonly timestamp: number
  /** The body's bytes as they are sent. */
  readonly body: Uint8Array
}

const ALGORITHM = { name: 'HMAC', hash: 'SHA-256' }

/**
 * What `webhook-signature` has to say. Web Crypto, so that the hash of a long body leaves the event loop alone: the
 * library of the standard has neither that nor a clock other than the machine's. https://www.standardwebhooks.com
 */
export async function sign(secret: Uint8Array, { id, timestamp, body }: SignedContent): Promise<string> {
  const key = await webcrypto.subtle.importKey('raw', secret, ALGORITHM, false, ['sign'])
  const hash = await webcrypto.subtle.sign('HMAC', key, Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]))
  return `v1,${Buffer.from(hash).toString('base64')}`
}

/** Whether one of the signatures in the header, which a sender that changes its secret has several of, is right. */
export async function isSigned(secret: Uint8Array, content: SignedContent, signatures: string): Promise<boolean> {
  const right = Buffer.from(await sign(secret, content))
  return signatures.split(' ').some((signature) => {
    const given = Buffer.from(signature)
    return given.length === right.length && timingSafeEqual(given, right)
  })
}
