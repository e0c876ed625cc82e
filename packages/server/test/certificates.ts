import { writeFile } from 'node:fs/promises'
import { generate } from 'selfsigned'
import type { TemporaryFolder } from './temporary-folder.ts'

const DAY_MS = 86_400_000

/** Makes a certificate for 127.0.0.1, valid for `days` from now; returns the paths of its two files. */
export async function makeCertificate(
  folder: TemporaryFolder,
  name: string,
  days: { readonly from: number; readonly to: number } = { from: -1, to: 1 },
): Promise<{ cert: string; key: string }> {
  const now = Date.now()
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    curve: 'P-256',
    notBeforeDate: new Date(now + days.from * DAY_MS),
    notAfterDate: new Date(now + days.to * DAY_MS),
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  })
  const paths = { cert: folder.file(`${name}-cert.pem`), key: folder.file(`${name}-key.pem`) }
  await writeFile(paths.cert, made.cert)
  await writeFile(paths.key, made.private)
  return paths
}
