import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { encodeProbe, MediaKind, writeHeader } from '@arclight/core/codec'
import { ManualClock } from '@arclight/core/testing'
import { WebSocket, WebSocketServer } from 'ws'
import { type FaultProxy, type ProxyOptions, startProxy } from '../../src/proxy/index.ts'

/** One end of a connection, and what came to it. */
export interface End {
  readonly socket: WebSocket
  readonly frames: (string | Buffer)[]
  /** Resolves when `count` frames have come. */
  has(count: number): Promise<(string | Buffer)[]>
  /** How it was closed. */
  readonly closed: Promise<{ code: number; reason: string }>
}

/** A client and a server with a proxy between them, on real sockets; the test moves the proxy's time. */
export interface Pair extends AsyncDisposable {
  readonly proxy: FaultProxy
  readonly clock: ManualClock
  connect(): Promise<{ client: End; server: End }>
}

export async function pair(options: Omit<ProxyOptions, 'target'> = {}): Promise<Pair> {
  const http = createServer((request, response) => response.end(`${request.method} ${request.url}`))
  const acceptor = new WebSocketServer({ server: http, perMessageDeflate: false, handleProtocols: () => 'arclight.v1' })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo
  const clock = new ManualClock()
  const proxy = await startProxy({ target: `ws://127.0.0.1:${port}/arclight`, clock, ...options })
  return {
    proxy,
    clock,
    connect: async () => {
      const accepted = once(acceptor, 'connection') as Promise<[WebSocket]>
      const client = endOf(new WebSocket(proxy.url, 'arclight.v1', { perMessageDeflate: false }))
      const [server] = await accepted
      const end = endOf(server)
      await once(client.socket, 'open')
      return { client, server: end }
    },
    [Symbol.asyncDispose]: async () => {
      await proxy.close()
      for (const socket of acceptor.clients) socket.terminate()
      await new Promise<unknown>((resolve) => http.close(resolve))
    },
  }
}

function endOf(socket: WebSocket): End {
  const frames: (string | Buffer)[] = []
  let waiting: (() => void)[] = []
  socket.on('error', () => {})
  socket.on('message', (data, isBinary) => {
    frames.push(isBinary ? (data as Buffer) : String(data))
    for (const look of waiting) look()
  })
  return {
    socket,
    frames,
    has: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (frames.length < count) return
          waiting = waiting.filter((one) => one !== look)
          resolve([...frames])
        }
        waiting.push(look)
        look()
      }),
    closed: new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }))
    }),
  }
}

/** A request as a client sends it. */
export function ask(id: number, type: string, data: object = {}): string {
  return JSON.stringify({ id, type, data })
}

/** A media frame, or a probe. */
export function media(kind: keyof typeof MediaKind, seq: number, track = 7): Uint8Array {
  if (kind === 'probe') return encodeProbe({ seq, timestamp: seq as never, echo: false })
  const frame = new Uint8Array(40).fill(seq, 16)
  writeHeader(frame, { kind: MediaKind[kind], flags: 0, track, seq, level: 30, timestamp: seq as never })
  return frame
}
