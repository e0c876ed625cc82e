import { Router as createRouter, type Request, type RequestHandler, type Response, type Router } from 'express'
import type { Services } from '../handlers/handler.ts'
import { may } from '../permissions/may.ts'
import { Refusal } from '../refusal.ts'
import { Tus } from '../uploads/tus.ts'
import { bearer } from './authorization.ts'
import { sendError } from './errors.ts'
import { checkPatch, TUS_VERSION, wishOf } from './upload-headers.ts'

/** What the routes of uploads work with. */
export type UploadRoutes = Pick<Services, 'sessions' | 'standings' | 'uploads' | 'clock'>

/** What a client may do about an upload, beside asking what it may do. */
const METHODS: ReadonlySet<string> = new Set(['HEAD', 'PATCH', 'DELETE'])

/**
 * `POST /uploads` makes an upload; `HEAD`, `PATCH` and `DELETE /uploads/<id>` ask how far it is, send more of it and give it up:
 * the tus protocol (https://tus.io/protocols/resumable-upload), for its owner alone. Nothing is read here.
 */
export function uploadRoutes({ sessions, standings, uploads, clock }: UploadRoutes): Router {
  const router = createRouter()
  const tus = new Tus(uploads, clock)
  router.options(['/uploads', '/uploads/:id'], (_request, response) => {
    response
      .set('Tus-Version', TUS_VERSION)
      .set('Tus-Extension', 'creation,creation-with-upload,termination,expiration')
    response.set('Tus-Max-Size', String(uploads.settings.mostBytes)).status(204).end()
  })
  router.all('/uploads', only(new Set(['POST'])), async (request, response) => {
    const owner = await bearer(request, sessions)
    const wish = wishOf(request, owner)
    if (wish.purpose !== 'avatar' && !may(standings.who(owner), { to: 'attach' })) {
      throw new Refusal('forbidden', 'you may not attach files here')
    }
    const created = ({ expiresAt }: { expiresAt: number }) => setExpiry(response, expiresAt)
    await answer(request, response, { wish, created, locationOf: (id) => beside(request, id) })
  })
  router.all('/uploads/:id', only(METHODS), async (request, response) => {
    const owner = await bearer(request, sessions)
    const upload = await uploads.owned(String(request.params['id']), owner)
    if (request.method === 'PATCH') checkPatch(request)
    if (upload.state === 'growing') setExpiry(response, upload.expiresAt)
    await answer(request, response, { upload })
  })

  async function answer(request: Request, response: Response, ask: Parameters<Tus['handle']>[2]): Promise<void> {
    try {
      await tus.handle(request, response, ask)
    } catch (error) {
      if (response.headersSent || !isLibraryError(error)) throw error
      const { status_code: status, body } = error
      const code = status === 409 ? 'conflict' : status === 413 ? 'too_large' : 'bad_request'
      sendError(response, { code, message: body.trim(), retryable: false }, status)
    }
  }
  return router
}

/** Nothing but these methods, in the version that is spoken here. */
function only(methods: ReadonlySet<string>): RequestHandler {
  return (request, response, next) => {
    response.set('Tus-Resumable', TUS_VERSION)
    if (!methods.has(request.method)) {
      response.set('Allow', [...methods, 'OPTIONS'].join(', '))
      return sendError(
        response,
        { code: 'bad_request', message: 'there is no such method here', retryable: false },
        405,
      )
    }
    if (request.get('Tus-Resumable') === TUS_VERSION) return next()
    response.set('Tus-Version', TUS_VERSION)
    const message = `expected Tus-Resumable: ${TUS_VERSION}`
    sendError(response, { code: 'bad_request', message, retryable: false }, 412)
  }
}

/** An address beside that of the request, wherever the application mounted the routes. */
function beside(request: Request, id: string): string {
  return request.path.endsWith('/') ? id : `uploads/${id}`
}

/** When an unfinished upload goes. */
function setExpiry(response: Response, at: number): void {
  response.set('Upload-Expires', new Date(at).toUTCString())
}

/** What @tus/server throws where the protocol was not kept. */
function isLibraryError(error: unknown): error is { status_code: number; body: string } {
  const { status_code, body } = Object(error) as { status_code?: unknown; body?: unknown }
  return !(error instanceof Refusal) && typeof status_code === 'number' && status_code < 500 && typeof body === 'string'
}
