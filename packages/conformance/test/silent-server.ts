import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'

const GREETING = {
  server: 'silent',
  capabilities: ['chat'],
  registration: 'closed',
  limits: {},
  clock: { session: 1, wall: 1_700_000_000_000 },
}

/** A server that greets and then says nothing: it keeps CONN-2 and breaks MSG-1. */
export interface SilentServer extends AsyncDisposable {
  readonly url: string
  /** Resolves when one more connects. */
  connected(): Promise<unknown>
}

export async function silentServer(registration: 'open' | 'closed' = 'closed'): Promise<SilentServer> {
  const greeting = JSON.stringify({ type: 'session.hello', data: { ...GREETING, registration } })
  const wss = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'arclight.v1' })
  wss.on('connection', (ws) => ws.send(greeting))
  await once(wss, 'listening')
  return {
    url: `ws://127.0.0.1:${(wss.address() as AddressInfo).port}/arclight`,
    connected: () => once(wss, 'connection'),
    [Symbol.asyncDispose]: async () => {
      for (const ws of wss.clients) ws.terminate()
      wss.close()
    },
  }
}
