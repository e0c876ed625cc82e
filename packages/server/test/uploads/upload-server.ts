import { request as httpRequest } from 'node:http'
import type { Server, ServerOptions } from '@arclight/server'
import { fsBlobs } from '@arclight/server/blobs/fs'
import { sharpImages } from '@arclight/server/images/sharp'
import { signInOwner } from '../owned-server.ts'
import type { RawClient } from '../raw-client.ts'
import { RunningServer } from '../running-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** What every request of the protocol says. */
export const TUS = { 'Tus-Resumable': '1.0.0' } as const
export const PATCH = { ...TUS, 'Content-Type': 'application/offset+octet-stream' } as const

/** A server that takes uploads, into a folder of its own. */
export interface UploadServer extends AsyncDisposable {
  readonly server: Server
  readonly url: string
  readonly folder: string
  signIn(name: string): Promise<RawClient>
  /** Of a server that was `claimed()`. */
  signInOwner(): Promise<RawClient>
}

export async function uploadServer(options: ServerOptions = {}): Promise<UploadServer> {
  const folder = await temporaryFolder()
  const blobs = fsBlobs({ directory: folder.path })
  const running = await RunningServer.start({ blobs, images: sharpImages(), ...options })
  return {
    server: running.server,
    url: running.httpUrl,
    folder: folder.path,
    signIn: (name) => running.signIn(name),
    signInOwner: () => signInOwner(running),
    [Symbol.asyncDispose]: async () => {
      await running[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

export function bearerOf(client: RawClient): { Authorization: string } {
  return { Authorization: `Bearer ${client.authenticated.token}` }
}

/** Upload-Metadata. */
export function metadata(words: Readonly<Record<string, string>>): string {
  return Object.entries(words)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',')
}

/** Makes an upload; the answer, whatever it is. */
export function create(
  { url }: Pick<UploadServer, 'url'>,
  client: RawClient,
  { size, name = 'a file', purpose = 'attachment' }: { size: number; name?: string; purpose?: string },
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const said = { 'Upload-Length': String(size), 'Upload-Metadata': metadata({ filename: name, purpose }) }
  return fetch(`${url}/uploads`, { method: 'POST', headers: { ...TUS, ...bearerOf(client), ...said, ...headers } })
}

/** Where an upload is, of the answer that made it. */
export function locationOf(response: Response): string {
  return new URL(response.headers.get('Location') ?? '', response.url).href
}

/** Sends bytes from an offset on. */
export function patch(location: string, client: RawClient, bytes: Uint8Array, offset = 0): Promise<Response> {
  const headers = { ...PATCH, ...bearerOf(client), 'Upload-Offset': String(offset) }
  return fetch(location, { method: 'PATCH', headers, body: Buffer.from(bytes) })
}

/** How far an upload is. */
export async function offsetOf(location: string, client: RawClient): Promise<number> {
  const response = await fetch(location, { method: 'HEAD', headers: { ...TUS, ...bearerOf(client) } })
  if (!response.ok) throw new Error(`HEAD was answered with ${response.status}`)
  return Number(response.headers.get('Upload-Offset'))
}

/** Sends what is left, as often as bytes of an earlier request come in between. */
export async function resume(location: string, client: RawClient, bytes: Uint8Array): Promise<Response> {
  for (;;) {
    const offset = await offsetOf(location, client)
    const response = await patch(location, client, bytes.subarray(offset), offset)
    if (response.status !== 409) return response
  }
}

/** Uploads in one go; resolves with the file's id. Throws with the server's sentence. */
export async function upload(
  server: Pick<UploadServer, 'url'>,
  client: RawClient,
  bytes: Uint8Array,
  more: { name?: string; purpose?: string } = {},
): Promise<string> {
  const made = await create(server, client, { size: bytes.length, ...more })
  if (made.status !== 201) throw new Error(`POST was answered with ${made.status}: ${await made.text()}`)
  const location = locationOf(made)
  const sent = await patch(location, client, bytes)
  if (sent.status !== 204) throw new Error(`PATCH was answered with ${sent.status}: ${await sent.text()}`)
  return location.split('/').at(-1) ?? ''
}

/** Status and code of an answer; of one that is good, the status alone. */
export async function outcome(response: Response | Promise<Response>): Promise<(number | string)[]> {
  const answer = await response
  const text = await answer.text()
  if (answer.ok) return [answer.status]
  const [, code = '', message = ''] = /^\{"error":\{"code":"(\w+)","message":"(.*)"\}\}$/.exec(text) ?? []
  if (message.length < 5) return [answer.status, `no error with a sentence: ${text}`]
  return [answer.status, code]
}

/** Sends the beginning of a body and cuts the connection; resolves when it is cut. */
export function sendAndCut(
  location: string,
  client: RawClient,
  { bytes, offset, cutAfter }: { bytes: Uint8Array; offset: number; cutAfter: number },
): Promise<void> {
  const headers = {
    ...PATCH,
    ...bearerOf(client),
    'Upload-Offset': String(offset),
    'Content-Length': String(bytes.length),
  }
  return new Promise((resolve) => {
    const asked = httpRequest(location, { method: 'PATCH', headers, agent: false })
    asked.on('error', () => resolve())
    asked.on('close', () => resolve())
    asked.write(bytes.subarray(0, cutAfter), () => asked.destroy())
  })
}

/** Gets a file by the session's token. */
export function get(
  { url }: Pick<UploadServer, 'url'>,
  client: RawClient,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(url + path, { headers: { ...bearerOf(client), ...headers } })
}
