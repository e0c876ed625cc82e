import { pipeline } from 'node:stream/promises'
import type { BlobStore } from '@arclight/core/contracts'
import type { Request, Response } from 'express'
import type { Sessions } from '../accounts/sessions.ts'
import type { Bans } from '../moderation/bans.ts'
import type { LinkClaims, Links } from '../recording/links.ts'
import { Refusal } from '../refusal.ts'
import { bearer } from './authorization.ts'
import { sendError } from './errors.ts'

/** How a file is to be shown. */
export type Disposition = LinkClaims['disposition']

/** Who is asked who asks. */
export interface FileKeepers {
  readonly sessions: Sessions
  readonly bans: Pick<Bans, 'has'>
  readonly links: Links
}

/** Nothing in a file may run, whatever a browser takes it for. */
export const INERT = {
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'X-Content-Type-Options': 'nosniff',
  'Accept-Ranges': 'bytes',
} as const

/**
 * Who asks for the file at a path, by session token or signed link. A link's word counts only without a token: the token says who
 * asks now. Throws `unauthenticated`; `not_found` for a link that is not good.
 */
export async function whoAsks(
  request: Request,
  path: string,
  { sessions, bans, links, what }: FileKeepers & { readonly what: string },
): Promise<{ user: string; disposition: Disposition }> {
  const query = new URL(request.originalUrl, 'http://localhost').searchParams
  if (request.headers.authorization !== undefined || !query.has('sign')) {
    return { user: await bearer(request, sessions), disposition: 'attachment' }
  }
  const claims = await links.verify(path, query)
  if (!claims || bans.has(claims.user)) throw Refusal.notFound(what)
  return claims
}

/** Content-Disposition with a name by RFC 8187. */
export function dispositionOf(disposition: Disposition, name: string): string {
  return `${disposition}; filename*=UTF-8''${encodeFileName(name)}`
}

/** Sends a file whose headers are set, whole or the range that is asked for. */
export async function sendBlob(
  request: Request,
  response: Response,
  blob: { readonly blobs: BlobStore; readonly key: string; readonly bytes: number },
): Promise<void> {
  const { blobs, key, bytes } = blob
  const ranges = isOfThis(request, response) ? request.range(bytes, { combine: true }) : undefined
  if (ranges === -1) {
    for (const name of ['Content-Disposition', 'Accept-Ranges', 'ETag']) response.removeHeader(name)
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

/** If-Range (RFC 9110, 13.1.5): a range of another version of the file is none. */
function isOfThis(request: Request, response: Response): boolean {
  const version = request.headers['if-range']
  return version === undefined || version === response.get('ETag')
}

/** RFC 8187: every byte that is not a plain letter or digit, as %XX. */
function encodeFileName(name: string): string {
  return encodeURIComponent(name).replace(/['()*!]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
}
