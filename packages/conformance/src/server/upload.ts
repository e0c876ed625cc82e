import { crc32, deflateSync } from 'node:zlib'
import { CaseFailure, CaseSkip, checkEqual } from '../check.ts'
import type { ServerContext } from './context.ts'
import type { HttpAnswer } from './http.ts'

/** Of cases that upload. */
export const UPLOADS = { needs: ['uploads'] } as const
const TUS = { 'Tus-Resumable': '1.0.0' } as const

/** Who uploads. */
export interface Uploader {
  readonly token: string
}

/** Whether an answer is an error of the protocol; its code. */
export function codeOf({ body }: HttpAnswer): string | undefined {
  try {
    return (JSON.parse(body.toString()) as { error?: { code?: string } }).error?.code
  } catch {
    return undefined
  }
}

/** Upload-Metadata. */
export function metadata(words: Readonly<Record<string, string>>): Record<string, string> {
  const pairs = Object.entries(words).map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
  return { 'Upload-Metadata': pairs.join(',') }
}

/** Asks about uploads. */
export function askUploads(
  context: ServerContext,
  { token }: Uploader,
  asked: { readonly method: string; readonly id?: string; readonly headers?: object; readonly body?: Buffer },
): Promise<HttpAnswer> {
  const { method, id, headers = {}, body } = asked
  const path = id === undefined ? '/uploads' : `/uploads/${id}`
  return context.http(path, { method, headers: { ...TUS, Authorization: `Bearer ${token}`, ...headers }, body })
}

/** Makes an upload; its id. */
export async function begin(
  context: ServerContext,
  who: Uploader,
  { size, name = 'conformance', purpose = 'attachment' }: { size: number; name?: string; purpose?: string },
): Promise<string> {
  const headers = { 'Upload-Length': String(size), ...metadata({ filename: name, purpose }) }
  const made = await askUploads(context, who, { method: 'POST', headers })
  if (purpose === 'avatar' && made.status === 415) throw new CaseSkip('this server makes no avatars')
  if (made.status !== 201) throw CaseFailure.unlike('POST /uploads to make an upload', made.status)
  return made.headers.location?.split('/').at(-1) ?? ''
}

/** Sends bytes of an upload. */
export function send(
  context: ServerContext,
  who: Uploader,
  { id, bytes, offset = 0 }: { id: string; bytes: Buffer; offset?: number },
): Promise<HttpAnswer> {
  const headers = { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': String(offset) }
  return askUploads(context, who, { method: 'PATCH', id, headers, body: bytes })
}

/** Uploads in one go; the file's id. */
export async function upload(
  context: ServerContext,
  who: Uploader,
  bytes: Buffer,
  more: { name?: string; purpose?: string } = {},
): Promise<string> {
  const id = await begin(context, who, { size: bytes.length, ...more })
  checkEqual((await send(context, who, { id, bytes })).status, 204, 'the status of the last bytes')
  return id
}

/** Gets a file by a session's token. */
export function getFile(
  context: ServerContext,
  { token }: Uploader,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpAnswer> {
  return context.get(`/files/${path}`, { Authorization: `Bearer ${token}`, ...headers })
}

/** A grey PNG (ISO 15948); `says` is what its header says of its size, if that is not so. */
export function png(width: number, height: number, says = { width, height }): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(says.width, 0)
  header.writeUInt32BE(says.height, 4)
  // Eight bits, grey.
  header.set([8, 0, 0, 0, 0], 8)
  const rows = Buffer.alloc((width + 1) * height, 128)
  for (let row = 0; row < height; row++) rows[row * (width + 1)] = 0
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}
