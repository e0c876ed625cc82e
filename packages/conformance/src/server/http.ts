import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { SUBPROTOCOL } from '@arclight/core/protocol'
import { CaseFailure } from '../check.ts'
import type { FrameLog } from '../frame-log.ts'

/** How a server answered over HTTP. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** What every request of a run shares. */
export interface HttpSurroundings {
  readonly ca: string | Buffer | undefined
  readonly log: FrameLog
  readonly timeoutMs: number
}

/** The headers of a correct WebSocket upgrade (RFC 6455, section 1.3). */
const UPGRADE = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol': SUBPROTOCOL,
}

/** What is asked: `GET` unless told, `POST` where there is a body. */
export interface HttpAsk {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer | undefined
}

/** Asks with exactly these headers; an upgrade that is taken counts as 101 and is let go. */
export function ask(
  url: URL,
  surroundings: HttpSurroundings,
  { body, headers = {}, method = body === undefined ? 'GET' : 'POST' }: HttpAsk = {},
): Promise<HttpAnswer> {
  const { ca, log, timeoutMs } = surroundings
  const http = new URL(url.href.replace(/^ws/, 'http'))
  const send = http.protocol === 'https:' ? httpsRequest : httpRequest
  log.note(`${method} ${http.pathname}`)
  return new Promise((resolve, reject) => {
    const options = { method, headers, agent: false as const, timeout: timeoutMs, ...(ca === undefined ? {} : { ca }) }
    const asked = send(http, options)
    const answered = (status: number, came: IncomingHttpHeaders, answer: Buffer): void => {
      log.note(`${status} ${JSON.stringify(came)} ${answer.length} bytes`)
      resolve({ status, headers: came, body: answer })
    }
    asked.on('error', (error) =>
      reject(new CaseFailure(`expected an answer to ${method} ${http.pathname}; ${error.message}`)),
    )
    asked.on('timeout', () => asked.destroy(new Error(`none came within ${timeoutMs} ms`)))
    asked.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => answered(response.statusCode ?? 0, response.headers, Buffer.concat(chunks)))
    })
    asked.on('upgrade', (response, socket) => {
      socket.destroy()
      answered(response.statusCode ?? 0, response.headers, Buffer.alloc(0))
    })
    asked.end(body)
  })
}

/** Asks for a WebSocket with these headers beside the usual; an empty one is left out. */
export function askUpgrade(
  url: URL,
  surroundings: HttpSurroundings,
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpAnswer> {
  const all = Object.entries({ ...UPGRADE, ...headers }).filter(([, value]) => value !== '')
  return ask(url, surroundings, { headers: Object.fromEntries(all) })
}
