import { createReadStream } from 'node:fs'
import { access, constants } from 'node:fs/promises'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import type { OpenSource } from '@arclight/core/uploads-tus'

/**
 * What a program uploads: a file by its path, bytes, a blob, or a stream whose size is known. Of a stream 8 MiB are kept in memory, since
 * what was cut on its way is sent again; the others are read again.
 */
export type UploadSource =
  | string
  | Uint8Array
  | Blob
  | { readonly stream: Readable; readonly size: number; readonly name?: string | undefined }

/** Rejects where the file cannot be read. */
export async function openSource(source: UploadSource): Promise<OpenSource> {
  if (typeof source === 'string') return openFile(source)
  if (source instanceof Uint8Array) return { file: Buffer.from(source.buffer, source.byteOffset, source.byteLength) }
  if (source instanceof Blob) return ofStream(Readable.fromWeb(source.stream() as never), source.size)
  return ofStream(source.stream, source.size)
}

/** The name that a source has by itself. */
export function nameOf(source: UploadSource): string | undefined {
  if (typeof source === 'string') return basename(source)
  return 'name' in source && typeof source.name === 'string' ? source.name : undefined
}

/** By its path: what is open tells the path alone. */
async function openFile(path: string): Promise<OpenSource> {
  await access(path, constants.R_OK)
  const stream = createReadStream(path, { autoClose: true })
  // Read errors are those of the streams that are made of its path.
  stream.on('error', () => {})
  return { ...ofStream(stream, undefined), close: () => stream.destroy() }
}

/** The library's types know of the web's readers alone. */
function ofStream(stream: Readable, size: number | undefined): OpenSource {
  return { file: stream as unknown as OpenSource['file'], ...(size === undefined ? {} : { size }) }
}
