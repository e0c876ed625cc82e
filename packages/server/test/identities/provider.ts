import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'

export const CLIENT = { clientId: 'arclight', clientSecret: 'a secret between two servers' } as const

/** A real OpenID provider, whose users are whoever they say they are. */
export interface OpenIdProvider extends AsyncDisposable {
  readonly issuer: URL
}

export async function startProvider(redirectUri: URL): Promise<OpenIdProvider> {
  const http = createServer((request, response) => void handle(request, response))
  await once(http.listen(0, '127.0.0.1'), 'listening')
  const issuer = new URL(`http://127.0.0.1:${(http.address() as AddressInfo).port}`)
  const provider = new Provider(issuer.origin, {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: [redirectUri.href],
        grant_types: ['authorization_code'],
      },
    ],
    claims: { openid: ['sub'], profile: ['preferred_username'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: async () => ({ sub, preferred_username: sub }),
    }),
  })
  const handle = provider.callback()
  return {
    issuer,
    [Symbol.asyncDispose]: async () => {
      http.close()
      http.closeAllConnections()
    },
  }
}

/** A browser, as far as redirects, cookies and the provider's plain forms go. */
export class Browser {
  readonly #cookies = new Map<string, string>()

  /** Goes to an address, and on from there through redirects and forms, until one that `isThere`. Throws with what it met else. */
  async go(address: string, { name, isThere }: { name: string; isThere: (url: URL) => boolean }): Promise<URL> {
    let [url, init]: [URL, RequestInit] = [new URL(address), {}]
    for (let steps = 0; steps < 20; steps++) {
      if (isThere(url)) return url
      const cookie = [...this.#cookies].map(([key, value]) => `${key}=${value}`).join('; ')
      const response = await fetch(url, { ...init, headers: { ...init.headers, cookie }, redirect: 'manual' })
      for (const line of response.headers.getSetCookie()) {
        const [, key = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        this.#cookies.set(key, value)
      }
      const location = response.headers.get('location')
      if (location !== null) {
        url = new URL(location, url)
        init = {}
        continue
      }
      const page = await response.text()
      const [, action] = /<form[^>]+action="([^"]+)"/.exec(page) ?? []
      const [, prompt] = /name="prompt" value="([^"]+)"/.exec(page) ?? []
      if (action === undefined) throw new Error(`${url.pathname} answered ${response.status}: ${page.slice(0, 300)}`)
      url = new URL(action, url)
      const body = new URLSearchParams({ prompt: prompt ?? '', login: name, password: 'any' })
      init = { method: 'POST', body }
    }
    throw new Error(`expected to arrive; the browser is at ${url.href}`)
  }
}
