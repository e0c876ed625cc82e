import { once } from 'node:events'
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Clock, clockFrom } from '@arclight/core'
import { seededRandom } from '@arclight/core/testing'
import { WebSocket, WebSocketServer } from 'ws'
import { FrameLog, type LoggedFrame } from './frame-log.ts'
import { Link } from './link.ts'
import type { Rule } from './rule.ts'
import { Strikes } from './strikes.ts'

/** What a proxy is told. */
export interface ProxyOptions {
  /** The server's WebSocket address; clients connect to the proxy with any path, which is passed on. */
  readonly target: string
  readonly rules?: readonly Rule[] | undefined
  /** What decides where a rule has a probability; 1 unless told. */
  readonly seed?: number | undefined
  /** Where to listen: a free port of 127.0.0.1 unless told. */
  readonly port?: number | undefined
  readonly host?: string | undefined
  /** One more certificate authority to trust of the server, PEM. */
  readonly ca?: string | Uint8Array | undefined
  /** Told of each frame that came, after it was decided what to do with it. */
  readonly told?: ((frame: LoggedFrame) => void) | undefined
  /** What delays are measured by; the machine's unless told. */
  readonly clock?: Clock | undefined
}

/** A proxy that runs. */
export interface FaultProxy {
  /** Where clients connect, with the path of the target. */
  readonly url: string
  readonly port: number
  /** What came through, oldest first: the newest 100,000 frames. */
  readonly log: readonly LoggedFrame[]
  readonly seed: number
  /** Other rules for what comes from now on; counts and randomness begin anew. */
  setRules(rules: readonly Rule[]): void
  /** Cuts all connections and stops listening. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Of what a client says in its upgrade, what the server is told by a socket of ours instead. */
const OWN_HEADERS = /^(connection|upgrade|sec-websocket-.*)$/i

/** Starts a proxy between clients and a server that does to their frames what its rules say. */
export async function startProxy(options: ProxyOptions): Promise<FaultProxy> {
  const { target, seed = 1, host = '127.0.0.1', clock = clockFrom(globalThis) } = options
  const to = new URL(target)
  const log = new FrameLog((frame) => options.told?.(frame))
  const started = clock.now()
  const links = new Set<Link>()
  const dialling = new Set<WebSocket>()
  /** What the server chose for this upgrade is what its client is told. */
  const chosen = new WeakMap<IncomingMessage, string>()
  const acceptor = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    autoPong: false,
    skipUTF8Validation: true,
    handleProtocols: (_offered, request) => chosen.get(request) ?? false,
  })
  let strikes = new Strikes(options.rules ?? [], seededRandom(seed))
  let connections = 0

  function join(client: WebSocket, server: WebSocket): void {
    const connection = ++connections
    const opened = clock.now()
    const link = new Link({
      client,
      server,
      clock,
      arrived: (frame) => {
        const { direction, kind, type, isReply, channel, bytes } = frame
        const rules = strikes.of(frame, clock.now() - opened)
        const size = bytes.length
        const done = rules.map(({ action }) => action)
        const seen = { direction, kind, type, ...(isReply ? { reply: true as const } : {}), channel, size, done }
        log.add({ at: clock.now() - started, connection, ...seen })
        return rules
      },
    })
    links.add(link)
    client.on('close', () => links.delete(link))
  }

  const http = createServer((request, response) => passRequest(to, options.ca, request, response))
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => {})
    const path = new URL(request.url ?? '/', to)
    const server = new WebSocket(`${to.origin}${path.pathname}${path.search}`, offered(request), {
      headers: passedHeaders(request, to),
      perMessageDeflate: false,
      autoPong: false,
      skipUTF8Validation: true,
      ...(options.ca === undefined ? {} : { ca: Buffer.from(options.ca) }),
    })
    dialling.add(server)
    socket.on('close', () => dialling.delete(server) && server.terminate())
    server.on('error', () => socket.destroy())
    server.on('unexpected-response', (_request, refusal) => {
      dialling.delete(server)
      refuse(socket, refusal)
    })
    server.on('open', () => {
      dialling.delete(server)
      // Its first frame may come at once: nobody reads it before the client is there.
      server.pause()
      if (server.protocol) chosen.set(request, server.protocol)
      acceptor.handleUpgrade(request, socket, head, (client) => {
        join(client, server)
        server.resume()
      })
    })
  })
  http.listen(options.port ?? 0, host)
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo

  async function close(): Promise<void> {
    for (const server of dialling) server.terminate()
    for (const link of links) link.cut()
    http.closeAllConnections()
    if (http.listening) await new Promise<unknown>((resolve) => http.close(resolve))
  }

  return {
    url: `ws://${host.includes(':') ? `[${host}]` : host}:${port}${to.pathname}`,
    port,
    log: log.frames,
    seed,
    setRules: (rules) => {
      strikes = new Strikes(rules, seededRandom(seed))
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function offered({ headers }: IncomingMessage): string[] {
  return (headers['sec-websocket-protocol'] ?? '').split(',').flatMap((one) => one.trim() || [])
}

function passedHeaders(request: IncomingMessage, to: URL): Record<string, string | string[]> {
  const kept = Object.entries(request.headers).filter(([name]) => !OWN_HEADERS.test(name))
  const headers = Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
  // A page of the proxy's own origin is, to the server, one of its own.
  const own = headers.origin === `http://${request.headers.host}`
  return { ...headers, host: to.host, ...(own ? { origin: httpOrigin(to) } : {}) }
}

/** The client gets the refusal that the server gave. */
function refuse(socket: Duplex, refusal: IncomingMessage): void {
  const lines = [`HTTP/1.1 ${refusal.statusCode} ${refusal.statusMessage}`, 'Connection: close']
  for (const name of ['retry-after', 'content-type'] as const) {
    const value = refusal.headers[name]
    if (value !== undefined) lines.push(`${name}: ${value}`)
  }
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  refusal.on('data', (chunk) => socket.write(chunk))
  refusal.on('end', () => socket.end())
}

/** Routes beside the socket pass as they are: a client takes their address from the socket's. */
function passRequest(to: URL, ca: ProxyOptions['ca'], request: IncomingMessage, response: ServerResponse): void {
  const ask = to.protocol === 'wss:' ? httpsRequest : httpRequest
  const { pathname, search } = new URL(request.url ?? '/', to)
  const asked = ask(
    `${httpOrigin(to)}${pathname}${search}`,
    {
      method: request.method,
      headers: { ...request.headers, host: to.host },
      ...(ca === undefined ? {} : { ca: Buffer.from(ca) }),
    },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    },
  )
  asked.on('error', () => response.destroy())
  response.on('close', () => asked.destroy())
  request.pipe(asked)
}

function httpOrigin(to: URL): string {
  return `${to.protocol === 'wss:' ? 'https' : 'http'}://${to.host}`
}
