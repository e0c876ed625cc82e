import { writeFile } from 'node:fs/promises'
import { readSettings, runServer, SettingError, type Settings } from '@arclight/server/cli'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../temporary-folder.ts'

const NONE = { flags: [], environment: {} }

/** Why these settings are refused. */
function refusal(input: Parameters<typeof readSettings>[0]): string {
  try {
    readSettings(input)
  } catch (error) {
    if (error instanceof SettingError) return error.message
    throw error
  }
  throw new Error('expected the settings to be refused')
}

test('without anything set a server is complete and listens on this machine alone', () => {
  expect(readSettings(NONE)).toEqual({
    PORT: 5005,
    HOST: '127.0.0.1',
    DATA_DIR: 'data',
    LOG_LEVEL: 'info',
    SESSION_DAYS: 30,
    REGISTRATION: 'open',
    ALLOW_GUESTS: false,
    ALLOWED_ORIGINS: [],
    TRUST_PROXY: [],
    UPLOAD_REFUSED_TYPES: [],
    RATE_LIMITS: 'on',
    TLS: false,
    INSECURE_HTTP: false,
  })
})

test('a flag wins over the environment, that over .env, that over the default', async () => {
  await using folder = await temporaryFolder()
  const dotenv = folder.file('.env')
  await writeFile(dotenv, 'PORT=1001\nHOST=127.0.0.1\nLOG_LEVEL=debug\nREGISTRATION="closed"\n# DATA_DIR=no\n')
  const environment = { PORT: '1002', HOST: '127.0.0.2', UNRELATED: 'x' }
  const settings = readSettings({ flags: ['--port', '1003'], environment, dotenv })
  expect(settings).toMatchObject({
    PORT: 1003,
    HOST: '127.0.0.2',
    LOG_LEVEL: 'debug',
    REGISTRATION: 'closed',
    DATA_DIR: 'data',
  })
})

test('[RUN-4] half an identity provider stops the start with the name of what is missing, and never with a secret', async () => {
  const started = async (environment: Record<string, string>): Promise<string> => {
    const settings = readSettings({ flags: ['--port', '0'], environment })
    const outcome: unknown = await runServer(settings).catch((error: unknown) => error)
    return outcome instanceof SettingError ? outcome.message : String(outcome)
  }
  const jwt = { JWT_ISSUER: 'https://id.example', JWT_AUDIENCE: 'arclight' }
  const secret = 'short, and nobody’s business'
  expect(await started({ JWT_ISSUER: 'https://id.example' })).toBe(
    'JWT_ISSUER, JWT_AUDIENCE go together; not set: JWT_AUDIENCE',
  )
  expect(await started(jwt)).toBe('JWT_ISSUER needs JWT_JWKS_URL or JWT_SECRET, one of them')
  expect(await started({ OIDC_CLIENT_ID: 'arclight' })).toMatch(/not set: OIDC_ISSUER, OIDC_REDIRECT_URI$/)
  const told = refusal({ flags: [], environment: { ...jwt, JWT_SECRET: secret } })
  expect(told).toMatch(/^JWT_SECRET \(environment\): expected at least 32 characters/)
  expect(told).not.toContain(secret)
  expect(refusal({ flags: ['--oidc-issuer', 'id.example'], environment: {} })).toMatch(/^OIDC_ISSUER \(flag\): /)
})

test('what is empty is not set', async () => {
  await using folder = await temporaryFolder()
  await writeFile(folder.file('.env'), 'PORT=\nHOST=127.0.0.3\n')
  const environment = { PORT: '', HOST: '', TLS: '', SECRET_KEY: '' }
  const settings = readSettings({ flags: [], environment, dotenv: folder.file('.env') })
  expect(settings).toMatchObject({ PORT: 5005, HOST: '127.0.0.3', TLS: false })
  expect(settings.SECRET_KEY).toBeUndefined()
})

test('what uploads may be is told in megabytes and types', () => {
  const environment = { UPLOAD_MAX_MB: '50', UPLOAD_REFUSED_TYPES: 'video/*, application/x-msdownload' }
  expect(readSettings({ flags: ['--upload-quota-mb', '1000'], environment })).toMatchObject({
    UPLOAD_MAX_MB: 50_000_000,
    UPLOAD_QUOTA_MB: 1_000_000_000,
    UPLOAD_REFUSED_TYPES: ['video/*', 'application/x-msdownload'],
  })
  for (const bad of [{ UPLOAD_MAX_MB: '0' }, { UPLOAD_QUOTA_MB: '1.5' }, { UPLOAD_REFUSED_TYPES: 'video' }]) {
    expect(refusal({ flags: [], environment: bad })).toContain(Object.keys(bad)[0])
  }
})

test('a .env that is not there is none', async () => {
  await using folder = await temporaryFolder()
  expect(readSettings({ ...NONE, dotenv: folder.file('.env') }).PORT).toBe(5005)
})

test('every setting has a flag, and the switches need no value', () => {
  const flags = [
    '--port=8443',
    '--host',
    '0.0.0.0',
    '--data-dir=/srv/arclight',
    '--database-url=postgresql://arclight:secret@db.example.org/chat?sslmode=verify-full',
    '--log-level=warn',
    '--session-days=7',
    '--registration=closed',
    '--allow-guests',
    '--allowed-origins=https://a.example.org, http://localhost:3000,',
    '--trust-proxy=10.0.0.0/8, ::1',
    '--webhook-targets=public, http://10.0.0.5:9000',
    '--upload-max-mb=50',
    '--upload-quota-mb=1000',
    '--upload-refused-types=video/*',
    '--rate-limits=off',
    `--secret-key=${'k'.repeat(32)}`,
    '--tls',
    '--tls-cert=c.pem',
    '--tls-key=k.pem',
    '--insecure-http',
  ]
  const expected: Settings = {
    PORT: 8443,
    HOST: '0.0.0.0',
    DATA_DIR: '/srv/arclight',
    DATABASE_URL: 'postgresql://arclight:secret@db.example.org/chat?sslmode=verify-full',
    LOG_LEVEL: 'warn',
    SESSION_DAYS: 7,
    REGISTRATION: 'closed',
    ALLOW_GUESTS: true,
    ALLOWED_ORIGINS: ['https://a.example.org', 'http://localhost:3000'],
    TRUST_PROXY: ['10.0.0.0/8', '::1'],
    WEBHOOK_TARGETS: ['public', 'http://10.0.0.5:9000'],
    UPLOAD_MAX_MB: 50_000_000,
    UPLOAD_QUOTA_MB: 1_000_000_000,
    UPLOAD_REFUSED_TYPES: ['video/*'],
    RATE_LIMITS: 'off',
    SECRET_KEY: 'k'.repeat(32),
    TLS: true,
    TLS_CERT: 'c.pem',
    TLS_KEY: 'k.pem',
    INSECURE_HTTP: true,
  }
  expect(readSettings({ flags, environment: {} })).toMatchObject(expected)
})

test('a switch in the environment is true, 1, yes or on, or false, 0, no or off', () => {
  for (const TLS of ['true', '1', 'yes', 'on', 'TRUE'])
    expect(readSettings({ flags: [], environment: { TLS } }).TLS).toBe(true)
  for (const TLS of ['false', '0', 'no', 'off'])
    expect(readSettings({ flags: [], environment: { TLS } }).TLS).toBe(false)
})

test('[RUN-4] a bad value is refused with the setting’s name, where it came from, and the value', () => {
  const bad: [name: string, value: string][] = [
    ['PORT', 'http'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['PORT', '0x50'],
    ['LOG_LEVEL', 'loud'],
    ['REGISTRATION', 'maybe'],
    ['ALLOWED_ORIGINS', 'chat.example.org'],
    ['TRUST_PROXY', 'proxy.example.org'],
    ['WEBHOOK_TARGETS', 'http://10.0.0.5/path'],
    ['RATE_LIMITS', 'some'],
    ['TLS', 'perhaps'],
    ['INSECURE_HTTP', '2'],
  ]
  for (const [name, value] of bad) {
    const sentence = refusal({ flags: [], environment: { [name]: value } })
    expect(sentence.startsWith(`${name} (environment): `), sentence).toBe(true)
    expect(sentence).toContain(JSON.stringify(value))
    expect(sentence.split('\n')).toHaveLength(1)
  }
})

test('[RUN-4] the sentence names a flag and .env as the source, and several bad values have a line each', async () => {
  await using folder = await temporaryFolder()
  await writeFile(folder.file('.env'), 'LOG_LEVEL=loud\n')
  const lines = refusal({ flags: ['--port=x'], environment: { TLS: 'maybe' }, dotenv: folder.file('.env') }).split('\n')
  expect(lines.map((line) => line.split(':')[0]).sort()).toEqual([
    'LOG_LEVEL (.env)',
    'PORT (flag)',
    'TLS (environment)',
  ])
})

test('[RUN-4] a secret that is refused is not shown', () => {
  for (const input of [
    { flags: [], environment: { SECRET_KEY: 'hunter2-hunter2' } },
    { flags: ['--secret-key=hunter2-hunter2'], environment: {} },
  ]) {
    const sentence = refusal(input)
    expect(sentence).toMatch(/^SECRET_KEY \((flag|environment)\): expected at least 32 characters/)
    expect(sentence).not.toContain('hunter2')
  }
  const sentence = refusal({ flags: [], environment: { DATABASE_URL: 'mysql://mei:hunter2@localhost/chat' } })
  expect(sentence).toBe(
    'DATABASE_URL (environment): expected postgres://user:password@host/database; it is what is set',
  )
})

test('[RUN-4] an unknown flag and a stray word are refused with the flags that there are', () => {
  expect(refusal({ flags: ['--prot', '80'], environment: {} })).toMatch(/--prot.*--port --host --data-dir/s)
  expect(refusal({ flags: ['8080'], environment: {} })).toMatch(/8080.*--port/s)
  expect(refusal({ flags: ['--port'], environment: {} })).toMatch(/--port/)
})
