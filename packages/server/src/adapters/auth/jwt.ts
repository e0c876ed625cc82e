import { createSecretKey, type KeyObject } from 'node:crypto'
import type { ExternalIdentity, TokenVerifier } from '@arclight/core/contracts'
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose'
import { namesOf } from './names.ts'

/** Which tokens are good. */
export interface JwtVerifierOptions {
  /** Who makes them: their `iss`. */
  readonly issuer: string
  /** Whom they are for: this server's name at the issuer, their `aud`. */
  readonly audience: string
  /** The issuer's keys: the address of its JWKS, which is asked when needed; or a secret that both share, of 32 bytes or more. */
  readonly keys: URL | { readonly secret: string | Uint8Array }
  /** Algorithms that are taken; those with a public key, or those with a secret, unless told. */
  readonly algorithms?: readonly string[] | undefined
}

/** Never `none`; and no public key is ever taken for a secret (RFC 8725, 3.1). */
const PUBLIC_KEY = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']
const SECRET = ['HS256', 'HS384', 'HS512']
const LEAST_SECRET_BYTES = 32
const LEEWAY_S = 60
const JWKS_TIMEOUT_MS = 5_000
/** What says that the token is wrong; anything else says that the issuer could not be asked. */
const WRONG: ReadonlySet<string> = new Set([
  errors.JWTExpired.code,
  errors.JWTClaimValidationFailed.code,
  errors.JWTInvalid.code,
  errors.JWSInvalid.code,
  errors.JWSSignatureVerificationFailed.code,
  errors.JOSEAlgNotAllowed.code,
  errors.JOSENotSupported.code,
  errors.JWKSNoMatchingKey.code,
])

/** Takes JSON Web Tokens (RFC 7519) of one issuer, through `jose`. Throws TypeError for a secret that is too short. */
export function jwtVerifier({ issuer, audience, keys, algorithms }: JwtVerifierOptions): TokenVerifier {
  const read = readerOf(keys)
  const options: JWTVerifyOptions = {
    issuer,
    audience,
    algorithms: [...(algorithms ?? (keys instanceof URL ? PUBLIC_KEY : SECRET))],
    clockTolerance: LEEWAY_S,
    requiredClaims: ['sub', 'exp'],
  }
  return {
    verify: async (token) => {
      try {
        return identityOf(issuer, await read(token, options))
      } catch (error) {
        if (error instanceof errors.JOSEError && WRONG.has(error.code)) return undefined
        throw error
      }
    },
  }
}

type Reader = (token: string, options: JWTVerifyOptions) => Promise<JWTPayload>

function readerOf(keys: JwtVerifierOptions['keys']): Reader {
  if (keys instanceof URL) {
    const set = createRemoteJWKSet(keys, { timeoutDuration: JWKS_TIMEOUT_MS })
    return async (token, options) => (await jwtVerify(token, set, options)).payload
  }
  const secret = secretOf(keys.secret)
  return async (token, options) => (await jwtVerify(token, secret, options)).payload
}

function secretOf(secret: string | Uint8Array): KeyObject {
  const bytes = Buffer.from(secret)
  if (bytes.length < LEAST_SECRET_BYTES) throw new TypeError(`expected a secret of ${LEAST_SECRET_BYTES} bytes or more`)
  return createSecretKey(bytes)
}

function identityOf(issuer: string, claims: JWTPayload): ExternalIdentity | undefined {
  const { sub: subject } = claims
  return subject ? { issuer, subject, names: namesOf(claims) } : undefined
}
