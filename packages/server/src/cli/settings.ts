import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { parse as parseDotenv } from 'dotenv'
import * as z from 'zod'
import { Proxies } from '../limits/proxies.ts'
import { WebhookTargets } from '../webhooks/targets.ts'
import { SettingError } from './setting-error.ts'

const flag = z.stringbool({ truthy: ['true', '1', 'yes', 'on'], falsy: ['false', '0', 'no', 'off', ''] })
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
)
const port = z
  .string()
  .regex(/^\d{1,5}$/, 'expected a port number')
  .transform(Number)
  .pipe(z.int().max(65_535))

const webAddress = z.url({ protocol: /^https?$/, error: 'expected https://…' })

/** Of a million bytes. */
const megabytes = z
  .string()
  .regex(/^\d{1,9}$/, 'expected a number of megabytes')
  .transform((text) => Number(text) * 1_000_000)
  .pipe(z.int().min(1, 'expected at least 1'))

function areProxies(trusted: string[]): boolean {
  try {
    return new Proxies(trusted) !== undefined
  } catch {
    return false
  }
}

function areTargets(allowed: string[]): boolean {
  try {
    return new WebhookTargets(allowed) !== undefined
  } catch {
    return false
  }
}

/** Every setting, by its name in the environment; the flag of PORT is --port. `.env.example` explains each. */
const schema = z.object({
  PORT: port.default(5005),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATA_DIR: z.string().min(1).default('data'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'expected postgres://user:password@host/database' })
    .optional(),
  LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
  SESSION_DAYS: z
    .string()
    .regex(/^\d{1,4}$/, 'expected a number of days')
    .transform(Number)
    .pipe(z.int().min(1))
    .default(30),
  REGISTRATION: z.enum(['open', 'invite', 'closed']).default('open'),
  JWT_ISSUER: z.string().min(1).optional(),
  JWT_AUDIENCE: z.string().min(1).optional(),
  JWT_JWKS_URL: webAddress.optional(),
  JWT_SECRET: z.string().min(32, 'expected at least 32 characters').optional(),
  OIDC_ISSUER: webAddress.optional(),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  OIDC_REDIRECT_URI: webAddress.optional(),
  ALLOW_GUESTS: flag.default(false),
  ALLOWED_ORIGINS: list
    .pipe(z.array(z.url('expected origins, separated by commas')))
    .transform((urls) => urls.map((url) => new URL(url).origin))
    .default([]),
  TRUST_PROXY: list.refine(areProxies, 'expected addresses or CIDRs, separated by commas').default([]),
  WEBHOOK_TARGETS: list.refine(areTargets, 'expected origins, hosts and "public", separated by commas').optional(),
  UPLOAD_MAX_MB: megabytes.optional(),
  UPLOAD_QUOTA_MB: megabytes.optional(),
  UPLOAD_REFUSED_TYPES: list
    .pipe(z.array(z.string().regex(/^[\w.+-]+\/([\w.+-]+|\*)$/, 'expected types such as video/mp4 or video/*')))
    .default([]),
  RATE_LIMITS: z.enum(['on', 'off']).default('on'),
  SECRET_KEY: z.string().min(32, 'expected at least 32 characters').optional(),
  TLS: flag.default(false),
  TLS_CERT: z.string().min(1).optional(),
  TLS_KEY: z.string().min(1).optional(),
  INSECURE_HTTP: flag.default(false),
})

/** What the program runs with. */
export type Settings = z.infer<typeof schema>

type SettingName = keyof typeof schema.shape
const NAMES = Object.keys(schema.shape) as SettingName[]
/** Settings whose flag needs no value. */
const SWITCHES: ReadonlySet<SettingName> = new Set(['ALLOW_GUESTS', 'TLS', 'INSECURE_HTTP'])

/** What is in them is not to be shown. */
const SECRETS: ReadonlySet<string> = new Set<SettingName>([
  'SECRET_KEY',
  'DATABASE_URL',
  'JWT_SECRET',
  'OIDC_CLIENT_SECRET',
])

type Source = { readonly from: string; readonly values: Readonly<Record<string, string | undefined>> }

/** Reads the settings: a flag wins over the environment, that over `.env`, that over the default. Throws SettingError. */
export function readSettings(input: {
  readonly flags: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The `.env` file's path; it need not exist. */
  readonly dotenv?: string
}): Settings {
  const sources: Source[] = [
    { from: 'flag', values: readFlags(input.flags) },
    { from: 'environment', values: input.environment },
    { from: '.env', values: readDotenv(input.dotenv) },
  ]
  const picked: Record<string, string> = {}
  const origin = new Map<string, string>()
  for (const name of NAMES) {
    const source = sources.find(({ values }) => values[name] !== undefined && values[name] !== '')
    if (!source) continue
    picked[name] = source.values[name] as string
    origin.set(name, source.from)
  }
  const result = schema.safeParse(picked)
  if (result.success) return result.data
  throw new SettingError(result.error.issues.map((issue) => describe(issue, picked, origin)).join('\n'))
}

function describe(issue: z.core.$ZodIssue, values: Record<string, string>, origin: Map<string, string>): string {
  const name = String(issue.path[0])
  const value = SECRETS.has(name) ? 'what is set' : JSON.stringify(values[name])
  return `${name} (${origin.get(name) ?? 'default'}): ${issue.message}; it is ${value}`
}

function flagOf(name: SettingName): string {
  return name.toLowerCase().replaceAll('_', '-')
}

function readFlags(parameters: readonly string[]): Record<string, string | undefined> {
  const options = Object.fromEntries(
    NAMES.map((name) => [flagOf(name), { type: SWITCHES.has(name) ? ('boolean' as const) : ('string' as const) }]),
  )
  try {
    const { values } = parseArgs({ args: [...parameters], options, strict: true, allowPositionals: false })
    return Object.fromEntries(NAMES.map((name) => [name, values[flagOf(name)]?.toString()]))
  } catch (error) {
    throw new SettingError(
      `${(error as Error).message}; the flags are ${NAMES.map((name) => `--${flagOf(name)}`).join(' ')}`,
    )
  }
}

function readDotenv(path: string | undefined): Record<string, string> {
  return path !== undefined && existsSync(path) ? parseDotenv(readFileSync(path)) : {}
}
