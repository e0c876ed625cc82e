import { randomBytes } from 'node:crypto'
import type { SignInProvider } from '@arclight/core/contracts'
import { EncryptJWT, errors, jwtDecrypt } from 'jose'
import * as oidc from 'openid-client'
import { namesOf } from './names.ts'

/** A client of an OpenID provider, as it was registered there. */
export interface OidcOptions {
  /** The provider's address: its metadata stand at `/.well-known/openid-configuration` below it. Only https, but for this machine. */
  readonly issuer: URL
  readonly clientId: string
  /** Left out for a public client. */
  readonly clientSecret?: string | undefined
  /** Where the provider sends browsers back to: this server's `/auth/oidc/callback`, wherever its routes are mounted. */
  readonly redirectUri: URL
  /** What is asked of the provider; `openid profile` unless told. */
  readonly scope?: string | undefined
}

/** A user has so long for the provider's page. */
const PATIENCE = '10 minutes'
const KEY_BYTES = 32
const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost'])

/** What `start` keeps for `finish`, sealed in the `state` of the request, so that the server remembers nothing. */
interface Kept {
  readonly verifier: string
  readonly nonce: string
  readonly memo: string
}

/** Sign-in at an OpenID provider: the authorization code flow with PKCE, through `openid-client`. */
export function oidcSignIn({ issuer, clientId, clientSecret, redirectUri, scope }: OidcOptions): SignInProvider {
  const seal = new Seal()
  const execute = LOOPBACK.has(issuer.hostname) ? [oidc.allowInsecureRequests] : []
  let discovered: Promise<oidc.Configuration> | undefined
  /** Asked once; of a provider that did not answer, again. */
  const discover = (): Promise<oidc.Configuration> => {
    discovered ??= oidc.discovery(issuer, clientId, clientSecret, undefined, { execute }).catch((error: unknown) => {
      discovered = undefined
      throw error
    })
    return discovered
  }
  return {
    start: async (memo) => {
      const configuration = await discover()
      const kept: Kept = { verifier: oidc.randomPKCECodeVerifier(), nonce: oidc.randomNonce(), memo }
      const to = oidc.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri.href,
        scope: scope ?? 'openid profile',
        code_challenge: await oidc.calculatePKCECodeChallenge(kept.verifier),
        code_challenge_method: 'S256',
        nonce: kept.nonce,
        state: await seal.close(kept),
      })
      return to.href
    },
    finish: async (query) => {
      const back = new URL(`?${query}`, redirectUri)
      const state = back.searchParams.get('state') ?? ''
      const kept = await seal.open(state)
      if (!kept) return undefined
      const { verifier, nonce, memo } = kept
      try {
        const checks = { pkceCodeVerifier: verifier, expectedNonce: nonce, expectedState: state, idTokenExpected: true }
        const claims = (await oidc.authorizationCodeGrant(await discover(), back, checks)).claims()
        if (!claims) return undefined
        return { identity: { issuer: claims.iss, subject: claims.sub, names: namesOf(claims) }, memo }
      } catch (error) {
        if (isRefusal(error)) return undefined
        throw error
      }
    },
  }
}

/** The provider answered, and did not say who it is: the user declined, the code was used before, a check failed. */
function isRefusal(error: unknown): boolean {
  if (error instanceof oidc.AuthorizationResponseError) return true
  if (error instanceof oidc.ResponseBodyError) return error.status < 500
  return error instanceof oidc.ClientError && /^OAUTH_(INVALID_RESPONSE|JWT_\w+)$/.test(error.code ?? '')
}

/** Encrypts with a key that ends with the process: whoever is at the provider then begins again. */
class Seal {
  readonly #key = randomBytes(KEY_BYTES)

  close({ verifier, nonce, memo }: Kept): Promise<string> {
    const header = { alg: 'dir', enc: 'A256GCM' }
    return new EncryptJWT({ verifier, nonce, memo })
      .setProtectedHeader(header)
      .setExpirationTime(PATIENCE)
      .encrypt(this.#key)
  }

  /** Undefined for what was not sealed here, or too long ago. */
  async open(sealed: string): Promise<Kept | undefined> {
    try {
      const { verifier, nonce, memo } = (await jwtDecrypt(sealed, this.#key)).payload
      return { verifier: String(verifier), nonce: String(nonce), memo: String(memo) }
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined
      throw error
    }
  }
}
