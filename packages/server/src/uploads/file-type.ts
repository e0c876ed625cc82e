import { open } from 'node:fs/promises'

/** What is read of a file's beginning. */
const HEAD_BYTES = 4_096
const UNKNOWN = 'application/octet-stream'
const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Bytes that stand at one place of all files of a type. */
interface Signature {
  readonly type: string
  readonly at?: number
  /** As latin-1. */
  readonly bytes: string
  /** More of them, at another place. */
  readonly and?: { readonly at: number; readonly bytes: string }
}

/** Sources: the WHATWG's MIME Sniffing Standard, and for what it lacks the formats' own specifications. */
const SIGNATURES: readonly Signature[] = [
  { type: 'image/png', bytes: '\x89PNG\r\n\x1a\n' },
  { type: 'image/jpeg', bytes: '\xff\xd8\xff' },
  { type: 'image/gif', bytes: 'GIF87a' },
  { type: 'image/gif', bytes: 'GIF89a' },
  { type: 'image/webp', bytes: 'RIFF', and: { at: 8, bytes: 'WEBPVP' } },
  { type: 'image/bmp', bytes: 'BM', and: { at: 6, bytes: '\0\0\0\0' } },
  { type: 'image/tiff', bytes: 'II*\0' },
  { type: 'image/tiff', bytes: 'MM\0*' },
  { type: 'image/avif', at: 4, bytes: 'ftypavif' },
  { type: 'image/avif', at: 4, bytes: 'ftypavis' },
  { type: 'image/heic', at: 4, bytes: 'ftypheic' },
  { type: 'image/heic', at: 4, bytes: 'ftypheix' },
  { type: 'image/heic', at: 4, bytes: 'ftypmif1' },
  { type: 'audio/mp4', at: 4, bytes: 'ftypM4A ' },
  { type: 'video/quicktime', at: 4, bytes: 'ftypqt  ' },
  { type: 'video/mp4', at: 4, bytes: 'ftyp' },
  { type: 'audio/wav', bytes: 'RIFF', and: { at: 8, bytes: 'WAVE' } },
  { type: 'audio/ogg', bytes: 'OggS\0', and: { at: 28, bytes: 'OpusHead' } },
  { type: 'audio/ogg', bytes: 'OggS\0', and: { at: 28, bytes: '\x01vorbis' } },
  { type: 'video/ogg', bytes: 'OggS\0' },
  { type: 'audio/flac', bytes: 'fLaC' },
  { type: 'audio/mpeg', bytes: 'ID3' },
  { type: 'audio/mpeg', bytes: '\xff\xfb' },
  { type: 'audio/mpeg', bytes: '\xff\xf3' },
  { type: 'audio/aac', bytes: '\xff\xf1' },
  { type: 'application/pdf', bytes: '%PDF-' },
  { type: 'application/zip', bytes: 'PK\x03\x04' },
  { type: 'application/gzip', bytes: '\x1f\x8b' },
  { type: 'application/x-7z-compressed', bytes: '7z\xbc\xaf\x27\x1c' },
  { type: 'application/vnd.rar', bytes: 'Rar!\x1a\x07' },
  { type: 'application/x-msdownload', bytes: 'MZ' },
  { type: 'application/x-executable', bytes: '\x7fELF' },
]

/** EBML, which says what it is a container of in its first bytes. */
const EBML = '\x1a\x45\xdf\xa3'
/** What a browser takes for a page, or runs. */
const MARKUP: readonly (readonly [RegExp, string])[] = [
  [/<svg[\s>]/i, 'image/svg+xml'],
  [
    /<(!doctype\s+html|html|head|body|script|iframe|meta|style|a|p|div|h1|img|title|table|br|b|font)[\s>/]/i,
    'text/html',
  ],
  [/^\s*<\?xml/i, 'application/xml'],
]
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what tells text from anything else
const BINARY = /[\0-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]/

/** A file's media type by its bytes, whatever anybody says of it. */
export async function sniffFile(path: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    return sniff(buffer.subarray(0, bytesRead))
  } finally {
    await file.close()
  }
}

/** As `sniffFile`, of a file's beginning. */
export function sniff(head: Buffer): string {
  const text = head.toString('latin1')
  const found = SIGNATURES.find(({ at = 0, bytes, and }) => {
    return text.startsWith(bytes, at) && (!and || text.startsWith(and.bytes, and.at))
  })
  if (found) return found.type
  if (text.startsWith(EBML)) return text.includes('webm') ? 'video/webm' : 'video/x-matroska'
  return sniffText(head) ?? UNKNOWN
}

function sniffText(head: Buffer): string | undefined {
  const text = decode(head)
  if (text === undefined || BINARY.test(text)) return undefined
  const markup = MARKUP.find(([sign]) => sign.test(text))
  return markup ? markup[1] : 'text/plain'
}

/** A head may end within a character. */
function decode(head: Buffer): string | undefined {
  for (let cut = 0; cut < 4 && cut <= head.length; cut++) {
    try {
      return utf8.decode(head.subarray(0, head.length - cut))
    } catch {
      if (head.length < HEAD_BYTES) return undefined
    }
  }
  return undefined
}

/** What a decoder of pictures is given: nothing that is a document, and nothing that a browser does not show. */
const PICTURES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'])

/** What may be shown in a page: it cannot run. */
const SHOWN: ReadonlySet<string> = new Set([
  ...PICTURES,
  'video/mp4',
  'video/webm',
  'video/ogg',
  'audio/mp4',
  'audio/mpeg',
  'audio/ogg',
  'audio/wav',
  'audio/flac',
  'audio/aac',
])

/** Whether a type is one of a picture that is looked into. */
export function isPicture(type: string): boolean {
  return PICTURES.has(type)
}

/** Whether a file of that type may be shown inline. */
export function mayBeShown(type: string): boolean {
  return SHOWN.has(type)
}
