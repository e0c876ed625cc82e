import type { Server as HttpServer, IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { LIMITS, SUBPROTOCOL } from '@arclight/core/protocol'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Peer } from '../../limits/proxies.ts'
import type { Socket, SocketHandler } from '../../socket.ts'

/** A new connection: its socket, and who is at its other end; returns who handles what comes. */
export type Accept = (socket: Socket, peer: Peer) => SocketHandler

/** How upgrades are taken. */
export interface AttachOptions {
  readonly path: string
  /** Who asks; proxies are resolved. */
  readonly peerOf: (request: IncomingMessage) => Peer
  /** Whether a page of this origin may connect. */
  readonly allowsOrigin: (origin: string | undefined, host: string | undefined) => boolean
  /** Why one more connection of the peer is not taken. */
  readonly refusal: (peer: Peer) => 'address' | 'server' | undefined
  readonly accept: Accept
}

const TOO_MANY = { address: '429 Too Many Requests', server: '503 Service Unavailable' } as const
const MOST_BEFORE_PONG = 65_536
/** By then strangers have authenticated or gone. */
const RETRY_AFTER_S = String(LIMITS.authenticationMs / 1_000)

/** Takes the upgrades of one path of an http server, by `ws`; leaves every other path alone. Returns the undo. */
export function attachWebSockets(http: HttpServer, options: AttachOptions): () => void {
  const wss = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    autoPong: false,
    perMessageDeflate: false,
    maxPayload: LIMITS.mediaBytes,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  })
  const upgrade = (request: IncomingMessage, raw: Duplex, head: Buffer): void => {
    if (pathOf(request) !== options.path) {
      if (http.listenerCount('upgrade') === 1) refuse(raw, '404 Not Found')
      return
    }
    if (!offers(request)) return refuse(raw, '400 Bad Request')
    const peer = options.peerOf(request)
    if (!options.allowsOrigin(request.headers.origin, peer.host)) return refuse(raw, '403 Forbidden')
    const refusal = options.refusal(peer)
    if (refusal) return refuse(raw, TOO_MANY[refusal], { 'Retry-After': RETRY_AFTER_S })
    wss.handleUpgrade(request, raw, head, (ws) => connect(ws, raw, peer, options.accept))
  }
  http.on('upgrade', upgrade)
  return () => http.off('upgrade', upgrade)
}

/**
 * Whole frames go to the raw socket in one write. That is sound while `ws` itself writes whole frames in one go,
 * which it does without deflate: hence the assertion.
 */
function connect(ws: WebSocket, raw: Duplex, peer: Peer, accept: Accept): void {
  if (ws.extensions !== '') throw new Error(`expected a WebSocket without extensions, got ${ws.extensions}`)
  const socket: Socket = {
    remoteAddress: peer.address,
    get bufferedBytes() {
      return raw.writableLength
    },
    write: (bytes) => void raw.write(bytes),
    writeMany: (chunks) => {
      raw.cork()
      for (const chunk of chunks) raw.write(chunk)
      raw.uncork()
    },
    close: (code, reason) => ws.close(code, reason),
    destroy: () => ws.terminate(),
  }
  const handler = accept(socket, peer)
  ws.on('message', (data: Buffer, isBinary) => (isBinary ? handler.binary(data) : handler.text(data.toString())))
  // A peer that pings without end and takes no pong is not to fill our memory.
  ws.on('ping', (data) => {
    if (raw.writableLength < MOST_BEFORE_PONG) ws.pong(data)
  })
  ws.on('error', () => {})
  ws.on('close', () => handler.closed())
  raw.on('drain', () => handler.drained())
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0] as string
}

function offers(request: IncomingMessage): boolean {
  const offered = request.headers['sec-websocket-protocol'] ?? ''
  return offered.split(',').some((name) => name.trim() === SUBPROTOCOL)
}

/** Answers and lets go: a peer that does not close has no socket of ours to hold. */
function refuse(raw: Duplex, status: string, headers: Readonly<Record<string, string>> = {}): void {
  raw.on('error', () => {})
  raw.once('finish', () => raw.destroy())
  const all = Object.entries({ ...headers, Connection: 'close', 'Content-Length': '0' })
  raw.end(`HTTP/1.1 ${status}\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`)
}
