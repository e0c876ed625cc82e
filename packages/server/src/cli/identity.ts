import type { SignInProvider, TokenVerifier } from '@arclight/core/contracts'
import { SettingError } from './setting-error.ts'
import type { Settings } from './settings.ts'

/** The names that go together. */
const JWT = ['JWT_ISSUER', 'JWT_AUDIENCE'] as const
const OIDC = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_REDIRECT_URI'] as const

/** Whom else the settings trust to say who somebody is. Throws SettingError where half of it is said. */
export async function findIdentity(
  settings: Settings,
): Promise<{ tokenVerifier?: TokenVerifier; signInProvider?: SignInProvider }> {
  return { ...(await findVerifier(settings)), ...(await findProvider(settings)) }
}

async function findVerifier(settings: Settings): Promise<{ tokenVerifier?: TokenVerifier }> {
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience, JWT_JWKS_URL: jwks, JWT_SECRET: secret } = settings
  if (!isSet(settings, JWT)) return {}
  const keys = jwks === undefined ? secret && { secret } : new URL(jwks)
  if (!keys || (jwks !== undefined && secret !== undefined)) {
    throw new SettingError('JWT_ISSUER needs JWT_JWKS_URL or JWT_SECRET, one of them')
  }
  const { jwtVerifier } = await load(() => import('../adapters/auth/jwt.ts'), 'JWT_ISSUER', 'jose')
  return { tokenVerifier: jwtVerifier({ issuer: issuer ?? '', audience: audience ?? '', keys }) }
}

async function findProvider(settings: Settings): Promise<{ signInProvider?: SignInProvider }> {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET: clientSecret, OIDC_REDIRECT_URI } = settings
  if (!isSet(settings, OIDC)) return {}
  const { oidcSignIn } = await load(() => import('../adapters/auth/oidc.ts'), 'OIDC_ISSUER', 'openid-client jose')
  const [issuer, redirectUri] = [new URL(OIDC_ISSUER ?? ''), new URL(OIDC_REDIRECT_URI ?? '')]
  return { signInProvider: oidcSignIn({ issuer, clientId: OIDC_CLIENT_ID ?? '', clientSecret, redirectUri }) }
}

/** Whether they are set: all, or none. */
function isSet(settings: Settings, names: readonly (keyof Settings)[]): boolean {
  const missing = names.filter((name) => settings[name] === undefined)
  if (missing.length > 0 && missing.length < names.length) {
    throw new SettingError(`${names.join(', ')} go together; not set: ${missing.join(', ')}`)
  }
  return missing.length === 0
}

/** What they need are optional packages: only who uses them installs them. */
async function load<Module>(module: () => Promise<Module>, setting: string, packages: string): Promise<Module> {
  try {
    return await module()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new SettingError(`${setting} needs more packages: npm install ${packages}`)
  }
}
