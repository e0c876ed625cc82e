/** What `takeProviderSignIn` finds, for `client.login`. */
export interface ProviderSignIn {
  readonly code: string
  readonly verifier: string
}

const KEPT = 'arclight.sign-in'
const VERIFIER_BYTES = 32

/** Where the browser goes to sign in. */
export interface ProviderOptions {
  /** Where the server's http routes are: `https://talk.example.org`; the page's own origin unless told. */
  readonly httpUrl?: string | undefined
  /** The page to come back to; this one unless told. Its part behind `#` is lost. */
  readonly returnTo?: string | undefined
}

/**
 * Leaves the page for the identity provider's, of a server with the capability `oidc`. The browser comes back to the page, which
 * then calls `takeProviderSignIn`. What proves that it is the same browser stays in this tab's session storage.
 */
export async function signInAtProvider({
  httpUrl = location.origin,
  returnTo = location.href,
}: ProviderOptions = {}): Promise<void> {
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(VERIFIER_BYTES)))
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
  sessionStorage.setItem(KEPT, verifier)
  const back = new URL(returnTo, location.href)
  back.hash = ''
  const query = new URLSearchParams({ challenge: base64url(new Uint8Array(digest)), return: back.href })
  location.assign(`${httpUrl.replace(/\/$/, '')}/auth/oidc?${query}`)
}

/**
 * What the provider's page led back with, once: `await client.login(found)`. Undefined where the page was opened in another way. Takes it
 * out of the address. Throws Error where the sign-in failed, with the code of the protocol.
 */
export function takeProviderSignIn(): ProviderSignIn | undefined {
  const found = new URLSearchParams(location.hash.slice(1))
  const [code, error, verifier] = [found.get('code'), found.get('error'), sessionStorage.getItem(KEPT)]
  if (verifier === null || (code === null && error === null)) return undefined
  sessionStorage.removeItem(KEPT)
  history.replaceState(history.state, '', location.pathname + location.search)
  if (code === null) throw new Error(`the sign-in failed: ${error}`)
  return { code, verifier }
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
