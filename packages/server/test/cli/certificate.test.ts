import { createPrivateKey, X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, copyFile, readFile, stat, writeFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { SettingError } from '@arclight/server/cli'
import { expect, test } from 'vitest'
import { findCertificate } from '../../src/cli/certificate.ts'
import { makeCertificate } from '../certificates.ts'
import { type TemporaryFolder, temporaryFolder } from '../temporary-folder.ts'

const DAY_MS = 86_400_000

type Asked = Parameters<typeof findCertificate>[0]

function settings(folder: TemporaryFolder, rest: Partial<Asked> = {}): Asked {
  return { DATA_DIR: folder.path, HOST: '127.0.0.1', TLS: false, ...rest }
}

/** The sentence with which a certificate is refused. */
async function refusal(asked: Asked, now?: number): Promise<string> {
  const error: unknown = await findCertificate(asked, now).catch((reason: unknown) => reason)
  if (error instanceof Error && error.name === SettingError.name) return error.message
  throw new Error(`expected a SettingError, got ${String(error)}`)
}

test('without --tls and without a pair there is none', async () => {
  await using folder = await temporaryFolder()
  expect(await findCertificate(settings(folder))).toBeUndefined()
})

test('TLS_CERT and TLS_KEY win over the pair in the data folder, which wins over making one', async () => {
  await using folder = await temporaryFolder()
  const own = await makeCertificate(folder, 'own')
  const kept = await makeCertificate(folder, 'kept')
  await copyFile(kept.cert, folder.file('cert.pem'))
  await copyFile(kept.key, folder.file('key.pem'))
  const named = await findCertificate(settings(folder, { TLS: true, TLS_CERT: own.cert, TLS_KEY: own.key }))
  expect(named).toEqual({ cert: await readFile(own.cert, 'utf8'), key: await readFile(own.key, 'utf8') })
  for (const TLS of [true, false]) {
    const found = await findCertificate(settings(folder, { TLS }))
    expect(found?.cert).toBe(await readFile(kept.cert, 'utf8'))
  }
})

test('[RUN-3] a certificate or key that is missing or garbage stops with a sentence that names the file', async () => {
  await using folder = await temporaryFolder()
  const { cert, key } = await makeCertificate(folder, 'own')
  const garbage = folder.file('garbage.pem')
  await writeFile(garbage, '-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n')
  const missing = folder.file('missing.pem')
  const ask = (TLS_CERT: string, TLS_KEY: string): Promise<string> => refusal(settings(folder, { TLS_CERT, TLS_KEY }))
  expect(await ask(missing, key)).toMatch(/^\S+missing\.pem cannot be read: ENOENT/)
  expect(await ask(cert, missing)).toMatch(/^\S+missing\.pem cannot be read: ENOENT/)
  expect(await ask(garbage, key)).toMatch(/^\S+garbage\.pem is not a PEM certificate: /)
  expect(await ask(cert, garbage)).toMatch(/^\S+garbage\.pem is not a PEM private key: /)
  expect(await ask(key, key)).toMatch(/own-key\.pem is not a PEM certificate: /)
  expect(await ask(cert, cert)).toMatch(/own-cert\.pem is not a PEM private key: /)
})

test('[RUN-3] one of the two alone stops with a sentence', async () => {
  await using folder = await temporaryFolder()
  const { cert, key } = await makeCertificate(folder, 'own')
  const together = 'TLS_CERT and TLS_KEY go together; only'
  expect(await refusal(settings(folder, { TLS_CERT: cert }))).toBe(`${together} TLS_CERT is set`)
  expect(await refusal(settings(folder, { TLS_KEY: key }))).toBe(`${together} TLS_KEY is set`)
  await copyFile(cert, folder.file('cert.pem'))
  expect(await refusal(settings(folder, { TLS: true }))).toMatch(
    /cert\.pem and \S+key\.pem go together; one of them is missing$/,
  )
  expect(existsSync(folder.file('key.pem'))).toBe(false)
})

test('[RUN-3] a key that does not fit the certificate stops with a sentence', async () => {
  await using folder = await temporaryFolder()
  const one = await makeCertificate(folder, 'one')
  const other = await makeCertificate(folder, 'other')
  expect(await refusal(settings(folder, { TLS_CERT: one.cert, TLS_KEY: other.key }))).toBe(
    `${other.key} is not the key of the certificate in ${one.cert}`,
  )
})

test('[RUN-3] a certificate that is over or not yet valid stops with a sentence', async () => {
  await using folder = await temporaryFolder()
  const over = await makeCertificate(folder, 'over', { from: -10, to: -1 })
  const early = await makeCertificate(folder, 'early', { from: 1, to: 10 })
  expect(await refusal(settings(folder, { TLS_CERT: over.cert, TLS_KEY: over.key }))).toMatch(
    /^the certificate in \S+over-cert\.pem expired on .+ GMT; replace it/,
  )
  expect(await refusal(settings(folder, { TLS_CERT: early.cert, TLS_KEY: early.key }))).toMatch(
    /^the certificate in \S+early-cert\.pem is not valid before .+ GMT$/,
  )
})

test('[RUN-3] the first and the last second of a certificate are valid, those around them are not', async () => {
  await using folder = await temporaryFolder()
  const { cert, key } = await makeCertificate(folder, 'own')
  const { validFrom, validTo } = new X509Certificate(await readFile(cert))
  const asked = settings(folder, { TLS_CERT: cert, TLS_KEY: key })
  const [from, to] = [Date.parse(validFrom), Date.parse(validTo)]
  expect((await findCertificate(asked, from))?.cert).toBeDefined()
  expect((await findCertificate(asked, to))?.cert).toBeDefined()
  expect(await refusal(asked, from - 1)).toContain('not valid before')
  expect(await refusal(asked, to + 1)).toContain('expired')
})

test('[RUN-3] --tls makes a self-signed P-256 pair for what is listened on, its key for its owner alone', async () => {
  await using folder = await temporaryFolder()
  const DATA_DIR = folder.file('data')
  const now = Date.now()
  const made = await findCertificate({ DATA_DIR, HOST: 'talk.example.org', TLS: true }, now)
  const certificate = new X509Certificate(made?.cert ?? '')
  const key = createPrivateKey(made?.key ?? '')
  expect([key.asymmetricKeyType, key.asymmetricKeyDetails?.namedCurve]).toEqual(['ec', 'prime256v1'])
  expect(certificate.checkPrivateKey(key)).toBe(true)
  expect(certificate.subjectAltName?.split(', ')).toEqual([
    'DNS:localhost',
    'IP Address:127.0.0.1',
    'IP Address:0:0:0:0:0:0:0:1',
    'DNS:talk.example.org',
  ])
  expect(certificate.ca).toBe(false)
  expect(Date.parse(certificate.validFrom)).toBeLessThanOrEqual(now)
  expect(Math.round((Date.parse(certificate.validTo) - now) / DAY_MS)).toBe(397)
  expect(((await stat(folder.file('data/key.pem'))).mode & 0o777).toString(8)).toBe('600')
})

test('[RUN-3] listening everywhere, a self-signed certificate names each address of the machine', async () => {
  await using folder = await temporaryFolder()
  const made = await findCertificate(settings(folder, { TLS: true, HOST: '0.0.0.0' }))
  const certificate = new X509Certificate(made?.cert ?? '')
  const addresses = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address))
  expect(addresses.length).toBeGreaterThan(0)
  for (const address of addresses) {
    const [bare = ''] = address.split('%')
    expect(certificate.checkIP(bare), address).toBe(bare)
  }
  expect(certificate.checkHost('localhost')).toBe('localhost')
})

test('[RUN-3] a second start keeps the pair that the first one made', async () => {
  await using folder = await temporaryFolder()
  const first = await findCertificate(settings(folder, { TLS: true }))
  expect(await findCertificate(settings(folder, { TLS: true }))).toEqual(first)
  expect(await findCertificate(settings(folder))).toEqual(first)
  const later = Date.now() + 400 * DAY_MS
  expect(await refusal(settings(folder, { TLS: true }), later)).toContain('delete it and its key and start with --tls')
})

const isRoot = process.getuid?.() === 0
const why = isRoot ? ' (skipped: root may read every file)' : ''

test.skipIf(isRoot)(`[RUN-3] a key that may not be read stops with a sentence${why}`, async () => {
  await using folder = await temporaryFolder()
  const { cert, key } = await makeCertificate(folder, 'own')
  await chmod(key, 0)
  expect(await refusal(settings(folder, { TLS_CERT: cert, TLS_KEY: key }))).toMatch(
    /own-key\.pem cannot be read: EACCES/,
  )
})
