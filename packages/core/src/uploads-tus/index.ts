import type { DetailedError, Upload, UploadOptions } from 'tus-js-client'
import type { Uploader, UploadOrder } from '../contracts/uploader.ts'
import { ERROR_CODES, type ErrorCode } from '../errors/error-code.ts'
import { RequestError } from '../errors/request-error.ts'

/** What tus-js-client reads from. */
type TusFile = ConstructorParameters<typeof Upload>[0]

/** A source that is open. */
export interface OpenSource {
  readonly file: TusFile
  /** Bytes, where the file does not say so itself. */
  readonly size?: number | undefined
  /** Lets go of it. */
  close?(): void
}

/** What carries files by the tus protocol is told. */
export interface TusUploaderOptions<Source> {
  /** Opens what the runtime has for a file. Rejects where it cannot be read. */
  readonly open: (source: Source) => Promise<OpenSource>
  readonly nameOf: (source: Source) => string | undefined
  /** One more certificate authority to trust, PEM; Node only. */
  readonly ca?: string | Uint8Array | undefined
  /** Milliseconds before each attempt to go on, since the last one that got any further; about four minutes unless told. */
  readonly retryDelays?: readonly number[] | undefined
}

const UPLOAD = 'upload'
/** What one request carries: a server cuts off a request that takes half a minute, and what has come by then counts. */
const CHUNK_BYTES = 8 * 1_048_576
const RETRY_DELAYS = [0, 500, 1_000, 2_000, 4_000, 8_000, ...Array.from({ length: 15 }, () => 15_000)]
/** Statuses that another attempt may change: a cut, another request that has not ended, too many at a time. */
const PASSING: ReadonlySet<number> = new Set([408, 409, 423, 425, 429])
const STORAGE_FULL = 507

/** Uploads through tus-js-client, which is loaded with the first upload. */
export function tusUploader<Source>(options: TusUploaderOptions<Source>): Uploader<Source> {
  const { open, nameOf } = options
  return {
    nameOf,
    send: async (source, order) => {
      order.signal?.throwIfAborted()
      const opened = await open(source)
      try {
        return await send(opened, order, options)
      } finally {
        opened.close?.()
      }
    },
  }
}

async function send(
  { file, size }: OpenSource,
  { url, metadata, token, progress, signal }: UploadOrder,
  { ca, retryDelays = RETRY_DELAYS }: Pick<TusUploaderOptions<unknown>, 'ca' | 'retryDelays'>,
): Promise<string> {
  const tus = await import('tus-js-client')
  signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    const options: UploadOptions = {
      endpoint: url,
      metadata: { ...metadata },
      chunkSize: CHUNK_BYTES,
      retryDelays: [...retryDelays],
      storeFingerprintForResuming: false,
      ...(size === undefined ? {} : { uploadSize: size }),
      ...(ca === undefined ? {} : { httpStack: new tus.DefaultHttpStack({ ca }) }),
      onBeforeRequest: (request) => {
        const now = token()
        if (now !== undefined) request.setHeader('Authorization', `Bearer ${now}`)
      },
      onShouldRetry: (error) => mayPass(statusOf(error)),
      // One that is there goes on, or has gone: it is never begun again by the way.
      onUploadUrlAvailable: () => {
        upload.options.endpoint = null
      },
      onProgress: progress,
      onSuccess: () => {
        release()
        resolve(idOf(upload.url))
      },
      onError: (error) => {
        release()
        reject(errorOf(error))
      },
    }
    const upload = new tus.Upload(file, options)
    const abort = (): void => {
      release()
      upload.abort(true).catch(() => {})
      reject(signal?.reason)
    }
    const release = (): void => signal?.removeEventListener('abort', abort)
    signal?.addEventListener('abort', abort, { once: true })
    upload.start()
  })
}

/** The last part of an upload's address. */
function idOf(url: string | null): string {
  return url?.split('/').at(-1) ?? ''
}

function statusOf(error: Error | DetailedError): number {
  return ('originalResponse' in error && error.originalResponse?.getStatus()) || 0
}

/** 0 is a cut. */
function mayPass(status: number): boolean {
  return status === 0 || PASSING.has(status) || (status >= 500 && status !== STORAGE_FULL)
}

/** What the server says of it; the request itself, which has the token, goes no further. */
function errorOf(error: Error | DetailedError): RequestError {
  const response = 'originalResponse' in error ? error.originalResponse : null
  const refusal = response ? refusalOf(response.getBody(), statusOf(error)) : undefined
  if (refusal) return RequestError.failed(UPLOAD, refusal)
  const cause = 'causingError' in error ? error.causingError : error
  const why = response
    ? `the server answered with ${response.getStatus()}`
    : (cause?.message ?? 'the connection was cut')
  return RequestError.unknown(UPLOAD, why, cause)
}

/** The error of a server of ours, of which the answer to a HEAD has the status alone. */
function refusalOf(body: string, status: number): Parameters<typeof RequestError.failed>[1] | undefined {
  if (status === 404 && body === '') return { code: 'not_found', message: 'the upload has gone', retryable: false }
  try {
    const { code, message } = (JSON.parse(body) as { error: { code: string; message: string } }).error
    const known = ERROR_CODES.find((one): one is ErrorCode => one === code) ?? 'internal'
    return { code: known, message, retryable: mayPass(status) }
  } catch {
    return undefined
  }
}
