import { join } from 'node:path'
import type { BlobStore } from '@arclight/core/contracts'

/** Where the bytes of an upload grow. */
export function growingPath({ scratch }: Pick<BlobStore, 'scratch'>, id: string): string {
  return join(scratch, `${id}.upload`)
}

/** Where a picture is made of it. */
export function madePath({ scratch }: Pick<BlobStore, 'scratch'>, id: string): string {
  return join(scratch, `${id}.webp`)
}

/** What a file has in the blob store: itself, and for a picture a smaller one. */
export type FilePart = 'file' | 'thumbnail'

/** Where a finished upload is kept. */
export function fileKey(id: string, part: FilePart): string {
  return part === 'file' ? `files/${id}` : `thumbnails/${id}`
}
