import { pipeline } from 'node:stream/promises'
import type { BlobStore, Storage } from '@arclight/core/contracts'
import { Router as createRouter, type Request, type Response, type Router } from 'express'
import type { Links } from '../recording/links.ts'
import { blobKey } from '../recording/recordings.ts'

/** What the route of the recordings works with. */
export interface RecordingRoutes {
  readonly links: Links
  readonly blobs: BlobStore
  readonly storage: Storage
}

/** The path of a recording's file, to be signed. */
export function recordingPath(id: string): string {
  return `/recordings/${encodeURIComponent(id)}`
}

/** `GET /recordings/<id>` by signed link, whole or in ranges. A link that is not good is 404, like a file that is not there. */
export function recordingRoutes({ links, blobs, storage }: RecordingRoutes): Router {
  const router = createRouter()
  router.get('/recordings/:id', async (request, response) => {
    const { id } = request.params
    const query = new URL(request.originalUrl, 'http://localhost').searchParams
    const claims = await links.verify(recordingPath(id), query)
    const recording = claims && (await storage.recordings.get(id))
    if (!claims || recording?.owner.id !== claims.user) return void response.status(404).end()
    const blob = await blobs.stat(blobKey(id))
    if (!blob) return void response.status(404).end()
    response.set({
      'Content-Type': 'video/mp4',
      'Content-Disposition': `${claims.disposition}; filename*=UTF-8''${encodeFileName(`${recording.title}.mp4`)}`,
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'private, no-store',
      'Accept-Ranges': 'bytes',
    })
    await send(request, response, { blobs, key: blobKey(id), bytes: blob.bytes })
  })
  return router
}

async function send(
  request: Request,
  response: Response,
  blob: { blobs: BlobStore; key: string; bytes: number },
): Promise<void> {
  const { blobs, key, bytes } = blob
  const ranges = request.range(bytes, { combine: true })
  if (ranges === -1) return void response.status(416).set('Content-Range', `bytes */${bytes}`).end()
  const range = Array.isArray(ranges) && ranges.type === 'bytes' && ranges.length === 1 ? ranges[0] : undefined
  const { start, end } = range ?? { start: 0, end: bytes - 1 }
  if (range) response.status(206).set('Content-Range', `bytes ${start}-${end}/${bytes}`)
  response.set('Content-Length', String(end - start + 1))
  if (request.method === 'HEAD') return void response.end()
  // A player that seeks closes its connection half-way: nothing is wrong then.
  await pipeline(blobs.read(key, { start, end }), response).catch(() => response.destroy())
}

/** RFC 8187: every byte that is not a plain letter or digit, as %XX. */
function encodeFileName(name: string): string {
  return encodeURIComponent(name).replace(/['()*!]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
}
