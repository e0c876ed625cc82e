import type { Uploader } from '../contracts/uploader.ts'
import { RequestError } from '../errors/request-error.ts'
import type { Attachment } from '../protocol/file.ts'
import type { CallOptions } from './channels/channel.ts'
import type { Connection } from './connection.ts'
import { insist } from './insist.ts'

/** How far an upload is, in bytes. After a cut the first number may be lower than before. */
export interface UploadProgress {
  readonly sent: number
  readonly size: number
}

/** What an upload is told. An abort of `signal` gives it up, here and on the server. */
export interface UploadOptions extends CallOptions {
  /** What others see it called, at most 255 characters; the source's own name unless told. */
  readonly name?: string | undefined
  readonly onProgress?: ((progress: UploadProgress) => void) | undefined
}

/** What a link to a file is told. */
export interface FileLinkOptions extends CallOptions {
  /** Saves it instead of showing it. */
  readonly download?: boolean | undefined
  /** To the small picture of it. */
  readonly thumbnail?: boolean | undefined
}

/** A file of the server's: itself, or its id. */
export type FileName = string | Pick<Attachment, 'id'>

/** What files work with. */
export interface FilesParts<Source> {
  readonly connection: Connection
  readonly uploader: Uploader<Source> | undefined
  /** Where the server's http routes are. */
  readonly httpUrl: string
  readonly token: () => string | undefined
}

/** The id of a file. */
export function fileId(file: FileName): string {
  return typeof file === 'string' ? file : file.id
}

/** Files on the server: those of messages, avatars, and what is on its way there. */
export class Files<Source> {
  readonly #parts: FilesParts<Source>

  constructor(parts: FilesParts<Source>) {
    this.#parts = parts
  }

  /** A URL that shows the file, or with `download` saves it; good for ten minutes. */
  async link(file: FileName, { download = false, thumbnail = false, signal }: FileLinkOptions = {}): Promise<string> {
    const { connection, httpUrl } = this.#parts
    const disposition = download ? 'attachment' : 'inline'
    const { path } = await insist(connection, 'file.link', { file: fileId(file), disposition, thumbnail }, { signal })
    return httpUrl + path
  }

  /** Resolves when the server has the file whole. */
  async upload(source: Source, purpose: 'attachment' | 'avatar', options: UploadOptions): Promise<Attachment> {
    const { connection, uploader, httpUrl, token } = this.#parts
    const { signal, onProgress } = options
    const { hello } = await connection.machine.until('live', {
      signal,
      refuse: (state) => (state.name === 'closed' ? state.error : undefined),
    })
    if (!uploader) throw RequestError.unsent('upload', 'this client has no way to send files')
    if (!hello.capabilities.includes('uploads')) throw RequestError.unsent('upload', 'this server takes no files')
    const name = options.name ?? uploader.nameOf(source)
    const file = await uploader.send(source, {
      url: `${httpUrl}/uploads`,
      metadata: { purpose, ...(name === undefined ? {} : { filename: name }) },
      token,
      progress: (sent, size) => onProgress?.({ sent, size }),
      signal,
    })
    return (await insist(connection, 'file.get', { file }, { signal })).file
  }
}
