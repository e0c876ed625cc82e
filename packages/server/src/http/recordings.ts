import { pipeline } from 'node:stream/promises'
import type { RecordingSummary } from '@arclight/core'
import type { BlobStore } from '@arclight/core/contracts'
import { Router as createRouter, type Request, type Response, type Router } from 'express'
import type { Sessions } from '../accounts/sessions.ts'
import type { LinkClaims, Links } from '../recording/links.ts'
import { blobKey, type Recordings } from '../recording/recordings.ts'
import { Refusal } from '../refusal.ts'
import { bearer } from './authorization.ts'
import { sendError } from './errors.ts'

/** What the routes of the recordings work with. */
export interface RecordingRoutes {
  readonly sessions: Sessions
  readonly links: Links
  readonly recordings: Recordings
  /** Undefined where the server keeps no files. */
  readonly blobs: BlobStore | undefined
}

type Disposition = LinkClaims['disposition']

/** The path of a recording's file, to be signed. */
export function recordingPath(id: string): string {
  return `/recordings/${encodeURIComponent(id)}`
}

/**
 * `GET /recordings`, the caller's own; `GET /recordings/<id>`, the file, whole or in ranges, by session token or signed
 * link. A link that is not good is 404, like a file that is not there.
 */
export function recordingRoutes({ sessions, links, recordings, blobs }: RecordingRoutes): Router {
  const router = createRouter()
  router.get('/recordings', async (request, response) => {
    const user = await bearer(request, sessions)
    response.set('Cache-Control', 'private, no-store').json({ recordings: await recordings.list(user) })
  })
  router.get('/recordings/:id', async (request, response) => {
    const { id } = request.params
    const { user, disposition } = await whoAsks(id, request)
    const recording = await recordings.get(user, id)
    const blob = await blobs?.stat(blobKey(recording.id))
    if (!blobs || !blob) throw Refusal.notFound('recording')
    response.set(headersOf(recording, disposition))
    await send(request, response, { blobs, key: blobKey(recording.id), bytes: blob.bytes })
  })

  /** A link's word counts only without a token: the token says who asks now. */
  async function whoAsks(id: string, request: Request): Promise<{ user: string; disposition: Disposition }> {
    const query = new URL(request.originalUrl, 'http://localhost').searchParams
    if (request.headers.authorization !== undefined || !query.has('sign')) {
      return { user: await bearer(request, sessions), disposition: 'attachment' }
    }
    const claims = await links.verify(recordingPath(id), query)
    if (!claims) throw Refusal.notFound('recording')
    return claims
  }
  return router
}

/** What is made by us may be shown inline; nothing in it may run. */
function headersOf({ title }: RecordingSummary, disposition: Disposition): Record<string, string> {
  return {
    'Content-Type': 'video/mp4',
    'Content-Disposition': `${disposition}; filename*=UTF-8''${encodeFileName(`${title}.mp4`)}`,
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'private, no-store',
    'Accept-Ranges': 'bytes',
  }
}

async function send(
  request: Request,
  response: Response,
  blob: { blobs: BlobStore; key: string; bytes: number },
): Promise<void> {
  const { blobs, key, bytes } = blob
  const ranges = request.range(bytes, { combine: true })
  if (ranges === -1) {
    for (const name of ['Content-Disposition', 'Accept-Ranges']) response.removeHeader(name)
    response.set('Content-Range', `bytes */${bytes}`)
    const message = `expected a range within ${bytes} bytes`
    return sendError(response, { code: 'bad_request', message, retryable: false }, 416)
  }
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
