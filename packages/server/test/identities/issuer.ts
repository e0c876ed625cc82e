import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

/** What the tokens of the tests are for. */
export const AUDIENCE = 'arclight'

/** Somebody who signs tokens, and shows the keys to check them with. */
export interface Issuer extends AsyncDisposable {
  readonly name: string
  readonly jwks: URL
  /** How often the keys were asked for. */
  readonly asked: number
  /** A token; of `sub` mei, good for a minute, unless told. */
  sign(claims?: Readonly<Record<string, unknown>>, more?: { kid?: string }): Promise<string>
  /** From here on it answers with an error. */
  fail(): void
}

export async function startIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' }]
  let [asked, failing] = [0, false]
  const http = createServer((_request, response) => {
    asked++
    if (failing) return void response.writeHead(500).end()
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ keys }))
  })
  await once(http.listen(0, '127.0.0.1'), 'listening')
  const name = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  return {
    name,
    jwks: new URL('/keys', name),
    get asked() {
      return asked
    },
    sign: (claims = {}, { kid = 'one' } = {}) => {
      const now = Math.floor(Date.now() / 1_000)
      const whole = { iss: name, aud: AUDIENCE, sub: 'u-mei', exp: now + 60, ...claims }
      return new SignJWT(whole).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey)
    },
    fail: () => {
      failing = true
    },
    [Symbol.asyncDispose]: async () => {
      http.close()
      http.closeAllConnections()
    },
  }
}
