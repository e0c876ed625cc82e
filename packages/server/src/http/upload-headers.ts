import { LIMITS } from '@arclight/core/protocol'
import type { Request } from 'express'
import { Refusal } from '../refusal.ts'
import type { UploadWish } from '../uploads/uploads.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })
/** What a name may hold: see the protocol's `storable`. */
const STORABLE = /^[^\0\p{Cs}]+$/u
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/
const NUMBER = /^\d{1,15}$/
/** The name of a file that came without one. */
const UNNAMED = 'file'
const CONTENT_TYPE = 'application/offset+octet-stream'

/** The version of the tus protocol. */
export const TUS_VERSION = '1.0.0'

/** What the headers that make an upload ask for. Throws `bad_request`. */
export function wishOf(request: Request, owner: string): UploadWish {
  for (const name of ['Upload-Defer-Length', 'Upload-Concat']) {
    if (request.get(name) !== undefined) throw bad(`${name} is not supported: expected an Upload-Length, and no parts`)
  }
  const length = request.get('Upload-Length') ?? ''
  if (!NUMBER.test(length)) throw bad('expected an Upload-Length, a number of bytes')
  if (Number(length) === 0) throw bad('the file is empty')
  const metadata = metadataOf(request.get('Upload-Metadata') ?? '')
  return { owner, size: Number(length), ...named(metadata) }
}

/** Whether the headers of a PATCH are those of one. Throws `bad_request`. */
export function checkPatch(request: Request): void {
  if (!NUMBER.test(request.get('Upload-Offset') ?? '')) throw bad('expected an Upload-Offset, a number of bytes')
  if (request.get('Content-Type') !== CONTENT_TYPE) throw bad(`expected Content-Type: ${CONTENT_TYPE}`)
}

function named(metadata: ReadonlyMap<string, string>): Pick<UploadWish, 'name' | 'purpose'> {
  const purpose = metadata.get('purpose') ?? 'attachment'
  if (purpose !== 'attachment' && purpose !== 'avatar') throw bad('expected the purpose attachment or avatar')
  const name = metadata.get('filename') ?? UNNAMED
  if (!STORABLE.test(name) || name.length > LIMITS.fileName) {
    throw bad(`expected a filename of 1–${LIMITS.fileName} characters without U+0000`)
  }
  // What its owner called it is nobody's business.
  return { purpose, name: purpose === 'avatar' ? 'avatar.webp' : name }
}

/** Pairs of a word and base64, separated by commas. */
function metadataOf(header: string): Map<string, string> {
  const pairs = new Map<string, string>()
  for (const part of header === '' ? [] : header.split(',')) {
    const [key = '', value = '', ...rest] = part.trim().split(' ')
    if (key === '' || rest.length > 0 || pairs.has(key) || !BASE64.test(value))
      throw bad('the Upload-Metadata cannot be read')
    pairs.set(key, decode(value))
  }
  return pairs
}

function decode(base64: string): string {
  try {
    return utf8.decode(Buffer.from(base64, 'base64'))
  } catch {
    throw bad('expected UTF-8 in the Upload-Metadata')
  }
}

function bad(message: string): Refusal {
  return new Refusal('bad_request', message)
}
