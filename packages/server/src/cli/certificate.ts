import { createPrivateKey, X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { SettingError } from './setting-error.ts'
import type { Settings } from './settings.ts'

/** A certificate chain and its private key, PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

const DAY_MS = 86_400_000
/** The longest that browsers accept of anybody (CA/Browser Forum ballot SC31). */
const SELF_SIGNED_DAYS = 397
/** Readable by its owner alone. */
const PRIVATE = 0o600

/**
 * The certificate to serve with: TLS_CERT and TLS_KEY; else cert.pem and key.pem in the data folder, which `--tls`
 * makes where they are not; else none. Throws SettingError for one that would not work.
 */
export async function findCertificate(
  settings: Pick<Settings, 'TLS' | 'TLS_CERT' | 'TLS_KEY' | 'DATA_DIR' | 'HOST'>,
  now: number = Date.now(),
): Promise<Certificate | undefined> {
  const { TLS_CERT, TLS_KEY, DATA_DIR, HOST } = settings
  if ((TLS_CERT === undefined) !== (TLS_KEY === undefined)) {
    throw new SettingError(`TLS_CERT and TLS_KEY go together; only ${TLS_CERT ? 'TLS_CERT' : 'TLS_KEY'} is set`)
  }
  if (TLS_CERT && TLS_KEY) return load(TLS_CERT, TLS_KEY, now)
  const [cert, key] = [join(DATA_DIR, 'cert.pem'), join(DATA_DIR, 'key.pem')]
  if (existsSync(cert) && existsSync(key)) return load(cert, key, now)
  if (existsSync(cert) || existsSync(key)) {
    throw new SettingError(`${cert} and ${key} go together; one of them is missing`)
  }
  if (!settings.TLS) return undefined
  await makeSelfSigned({ cert, key, directory: DATA_DIR, host: HOST, now })
  return load(cert, key, now)
}

async function load(certPath: string, keyPath: string, now: number): Promise<Certificate> {
  const [cert, key] = await Promise.all([readPem(certPath), readPem(keyPath)])
  const certificate = attempt(() => new X509Certificate(cert), `${certPath} is not a PEM certificate`)
  const privateKey = attempt(() => createPrivateKey(key), `${keyPath} is not a PEM private key`)
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new SettingError(`${keyPath} is not the key of the certificate in ${certPath}`)
  }
  if (now < Date.parse(certificate.validFrom)) {
    throw new SettingError(`the certificate in ${certPath} is not valid before ${certificate.validFrom}`)
  }
  if (now > Date.parse(certificate.validTo)) {
    throw new SettingError(
      `the certificate in ${certPath} expired on ${certificate.validTo}; replace it, or delete it and its key and start with --tls`,
    )
  }
  return { cert, key }
}

async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new SettingError(`${path} cannot be read: ${(error as Error).message}`)
  }
}

function attempt<Result>(run: () => Result, sentence: string): Result {
  try {
    return run()
  } catch (error) {
    throw new SettingError(`${sentence}: ${(error as Error).message}`)
  }
}

/** P-256, for development: it names what is listened on, and its key is for its owner alone. */
async function makeSelfSigned(to: {
  cert: string
  key: string
  directory: string
  host: string
  now: number
}): Promise<void> {
  const altNames = namesOf(to.host).map((name) =>
    isIP(name) ? { type: 7 as const, ip: name } : { type: 2 as const, value: name },
  )
  const made = await generate([{ name: 'commonName', value: 'Arclight development' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(to.now - DAY_MS),
    notAfterDate: new Date(to.now + SELF_SIGNED_DAYS * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames },
    ],
  })
  await mkdir(to.directory, { recursive: true, mode: 0o700 })
  await writeFile(to.key, made.private, { mode: PRIVATE })
  await chmod(to.key, PRIVATE)
  await writeFile(to.cert, made.cert)
}

/** What the server can be reached as: where it listens everywhere, each of the machine's addresses. */
function namesOf(host: string): string[] {
  const everywhere = host === '0.0.0.0' || host === '::'
  const addresses = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address))
  const own = everywhere ? [hostname(), ...addresses.map((address) => address.split('%')[0] as string)] : [host]
  return [...new Set(['localhost', '127.0.0.1', '::1', ...own])]
}
