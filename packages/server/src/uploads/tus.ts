import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import type { Clock } from '@arclight/core'
import type { StoredUpload } from '@arclight/core/contracts'
import { DataStore, type ServerOptions, Server as TusServer, Upload } from '@tus/server'
import { UploadLocks } from './upload-locks.ts'
import type { Uploads, UploadWish } from './uploads.ts'

/** What a request of the tus protocol is about, as its route found out: who asks is settled by then. */
export type TusAsk =
  | {
      readonly wish: UploadWish
      readonly locationOf: (id: string) => string
      created(upload: { expiresAt: number }): void
    }
  | { readonly upload: StoredUpload }

/** How long a request that another one waits for may take to come to its end. */
const LOCK_DRAIN_MS = 500
/** The path is the route's matter; the library wants one. */
const PATH = '/'

type TusRequest = Parameters<NonNullable<ServerOptions['onIncomingRequest']>>[0]

/** Speaks the tus protocol (1.0.0: core, creation, termination) for uploads. */
export class Tus {
  readonly #uploads: Uploads
  readonly #server: TusServer
  readonly #asks = new WeakMap<IncomingMessage, TusAsk>()

  constructor(uploads: Uploads, clock: Clock) {
    this.#uploads = uploads
    this.#server = new TusServer({
      path: PATH,
      datastore: new UploadStore(uploads),
      locker: new UploadLocks(clock),
      lockDrainTimeout: LOCK_DRAIN_MS,
      // Who may come in is the routes' to say, before this is asked.
      allowedOrigins: () => true,
      exposedHeaders: ['Upload-Expires', 'Retry-After'],
      maxSize: uploads.settings.mostBytes,
      namingFunction: (request) => this.#create(request),
      getFileIdFromRequest: (request) => this.#known(request).id,
      generateUrl: (request, { id }) => {
        const ask = this.#askOf(request)
        return 'wish' in ask ? ask.locationOf(id) : id
      },
      onUploadFinish: async (_request, { id }) => {
        await uploads.finish(await uploads.known(id))
        return {}
      },
      onResponseError: (_request, error) => {
        throw error
      },
    })
  }

  /** Answers the request. Rejects with Refusal, or with the library's `{ status_code, body }`, before anything was sent. */
  async handle(request: IncomingMessage, response: ServerResponse, ask: TusAsk): Promise<void> {
    // One that was cut after its last byte is whole, and nobody sends another byte of it.
    if ('upload' in ask && request.method === 'HEAD') await this.#uploads.finishIdle(ask.upload)
    this.#asks.set(request, ask)
    try {
      await this.#server.handle(request, response)
    } catch (error) {
      // Of a disk that takes nothing more the library says that the request was aborted.
      throw ('upload' in ask && (await this.#uploads.takeFailure(ask.upload.id))) || error
    }
  }

  async #create(request: TusRequest): Promise<string> {
    const ask = this.#askOf(request)
    if (!('wish' in ask)) throw new Error('expected a request that makes an upload')
    const upload = await this.#uploads.create(ask.wish)
    ask.created(upload)
    return upload.id
  }

  #known(request: TusRequest): StoredUpload {
    const ask = this.#askOf(request)
    if ('upload' in ask) return ask.upload
    throw new Error('expected a request about an upload')
  }

  #askOf(request: TusRequest): TusAsk {
    const node = request.runtime?.node?.req
    const ask = node && this.#asks.get(node as IncomingMessage)
    if (!ask) throw new Error('expected a request that came by its route')
    return ask
  }
}

/** The library's view of uploads. */
class UploadStore extends DataStore {
  readonly #uploads: Uploads
  override readonly extensions = ['creation', 'creation-with-upload', 'termination']

  constructor(uploads: Uploads) {
    super()
    this.#uploads = uploads
  }

  /** It is in storage by the time that it has a name. */
  override async create(upload: Upload): Promise<Upload> {
    return upload
  }

  override async getUpload(id: string): Promise<Upload> {
    const upload = await this.#uploads.known(id)
    const offset = await this.#uploads.offset(upload)
    return new Upload({ id, size: upload.size, offset, metadata: { filename: upload.name, purpose: upload.purpose } })
  }

  override async write(source: Readable, id: string, offset: number): Promise<number> {
    return await this.#uploads.write(id, source, offset)
  }

  override async remove(id: string): Promise<void> {
    await this.#uploads.remove(id)
  }
}
