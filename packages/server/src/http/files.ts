import type { Attachment } from '@arclight/core'
import type { BlobStore } from '@arclight/core/contracts'
import { Router as createRouter, type Request, type Response, type Router } from 'express'
import type { Services } from '../handlers/handler.ts'
import { Refusal } from '../refusal.ts'
import { type FilePart, fileKey } from '../uploads/file-places.ts'
import { mayBeShown } from '../uploads/file-type.ts'
import { type Disposition, dispositionOf, INERT, sendBlob, whoAsks } from './blob.ts'

/** What the routes of files work with. */
export interface FileRoutes extends Pick<Services, 'bans' | 'links' | 'sessions' | 'uploads'> {
  /** Undefined where the server keeps no files. */
  readonly blobs: BlobStore | undefined
}

/** A thumbnail's, whatever it is of. */
const WEBP = 'image/webp'

/** The path of an uploaded file, or of its thumbnail, to be signed. */
export function filePath(id: string, part: FilePart): string {
  return `/files/${encodeURIComponent(id)}${part === 'thumbnail' ? '/thumbnail' : ''}`
}

/**
 * `GET /files/<id>` and `GET /files/<id>/thumbnail`: what was uploaded, for whoever may read the message that has it, and an avatar
 * for everybody who is signed in; whole or in ranges, by session token or signed link.
 */
export function fileRoutes({ bans, links, sessions, uploads, blobs }: FileRoutes): Router {
  const router = createRouter()
  router.get('/files/:id', (request, response) => send(request, response, 'file'))
  router.get('/files/:id/thumbnail', (request, response) => send(request, response, 'thumbnail'))

  async function send(request: Request<{ id: string }>, response: Response, part: FilePart): Promise<void> {
    const { id } = request.params
    const { user, disposition } = await whoAsks(request, filePath(id, part), { sessions, bans, links, what: 'file' })
    const file = await uploads.file(id, user)
    const blob = await blobs?.stat(fileKey(file.id, part))
    if (!blobs || !blob) throw Refusal.notFound('file')
    response.set(headersOf(file, part, disposition))
    if (isKnown(request, response)) return void response.status(304).end()
    await sendBlob(request, response, { blobs, key: fileKey(file.id, part), bytes: blob.bytes })
  }
  return router
}

/** If-None-Match (RFC 9110, 13.1.2): who asks has this version of the file. */
function isKnown(request: Request, response: Response): boolean {
  const known = request.get('If-None-Match')?.split(',') ?? []
  return known.some((version) => version.trim().replace(/^W\//, '') === response.get('ETag'))
}

/** A file never changes; whether somebody may still have it is asked each time. */
function headersOf(file: Attachment, part: FilePart, asked: Disposition): Record<string, string> {
  const { id, name, type } = part === 'file' ? file : { ...file, name: `${file.name}.webp`, type: WEBP }
  return {
    ...INERT,
    'Content-Type': type === 'text/plain' ? 'text/plain; charset=utf-8' : type,
    'Content-Disposition': dispositionOf(mayBeShown(type) ? asked : 'attachment', name),
    'Cache-Control': 'private, no-cache',
    ETag: `"${id}-${part}"`,
  }
}
