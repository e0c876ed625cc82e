import { type IncomingHttpHeaders, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SUBPROTOCOL } from '@arclight/core/protocol'
import type { RunningServer } from './running-server.ts'

/** How the server answered an upgrade. */
export interface UpgradeAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
}

/** The headers of a correct WebSocket upgrade. */
const UPGRADE = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol': SUBPROTOCOL,
}

/** Asks for a WebSocket with these headers beside the usual; an empty one is left out. */
export function upgrade(
  { http }: Pick<RunningServer, 'http'>,
  options: { path?: string; headers?: Readonly<Record<string, string>> } = {},
): Promise<UpgradeAnswer> {
  const { port } = http.address() as AddressInfo
  const { path = '/arclight' } = options
  const headers = Object.fromEntries(
    Object.entries({ ...UPGRADE, ...options.headers }).filter(([, value]) => value !== ''),
  )
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, headers, agent: false })
    asked.on('error', reject)
    asked.on('response', (response) => {
      response.resume()
      resolve({ status: response.statusCode ?? 0, headers: response.headers })
    })
    asked.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve({ status: response.statusCode ?? 0, headers: response.headers })
    })
    asked.end()
  })
}
