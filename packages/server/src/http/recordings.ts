import type { RecordingSummary } from '@arclight/core'
import type { BlobStore } from '@arclight/core/contracts'
import { Router as createRouter, type Router } from 'express'
import type { Sessions } from '../accounts/sessions.ts'
import type { Bans } from '../moderation/bans.ts'
import type { Links } from '../recording/links.ts'
import { blobKey, type Recordings } from '../recording/recordings.ts'
import { Refusal } from '../refusal.ts'
import { bearer } from './authorization.ts'
import { type Disposition, dispositionOf, INERT, sendBlob, whoAsks } from './blob.ts'

/** What the routes of the recordings work with. */
export interface RecordingRoutes {
  readonly sessions: Sessions
  readonly bans: Pick<Bans, 'has'>
  readonly links: Links
  readonly recordings: Recordings
  /** Undefined where the server keeps no files. */
  readonly blobs: BlobStore | undefined
}

/** The path of a recording's file, to be signed. */
export function recordingPath(id: string): string {
  return `/recordings/${encodeURIComponent(id)}`
}

/**
 * `GET /recordings`, the caller's own; `GET /recordings/<id>`, the file, whole or in ranges, by session token or signed
 * link. A link that is not good is 404, like a file that is not there.
 */
export function recordingRoutes({ sessions, bans, links, recordings, blobs }: RecordingRoutes): Router {
  const router = createRouter()
  router.get('/recordings', async (request, response) => {
    const user = await bearer(request, sessions)
    response.set('Cache-Control', 'private, no-store').json({ recordings: await recordings.list(user) })
  })
  router.get('/recordings/:id', async (request, response) => {
    const { id } = request.params
    const { user, disposition } = await whoAsks(request, recordingPath(id), {
      sessions,
      bans,
      links,
      what: 'recording',
    })
    const recording = await recordings.get(user, id)
    const blob = await blobs?.stat(blobKey(recording.id))
    if (!blobs || !blob) throw Refusal.notFound('recording')
    response.set(headersOf(recording, disposition))
    await sendBlob(request, response, { blobs, key: blobKey(recording.id), bytes: blob.bytes })
  })
  return router
}

/** What is made by us may be shown inline; nothing in it may run. */
function headersOf({ title }: RecordingSummary, disposition: Disposition): Record<string, string> {
  return {
    ...INERT,
    'Content-Type': 'video/mp4',
    'Content-Disposition': dispositionOf(disposition, `${title}.mp4`),
    'Cache-Control': 'private, no-store',
  }
}
