import type { ConnectTransport, TransportHandlers } from '../client/transport.ts'

/** One connection as the test's server sees it. */
export interface ScriptedConnection {
  /** Text frames from the client, parsed, oldest first. */
  readonly received: { id: number; type: string; data: Record<string, unknown> }[]
  /** Binary frames from the client, oldest first. */
  readonly frames: Uint8Array[]
  /** The close code and reason that the client sent, once it did. */
  readonly closedByClient: { code: number; reason: string } | undefined
  send(message: object): void
  sendText(text: string): void
  sendBinary(bytes: Uint8Array): void
  /** Drops the connection as the network or the server would. */
  close(code: number, reason?: string): void
}

/** A server moved by hand: nothing happens on the wire but what the test does. */
export class ScriptedServer {
  readonly connections: ScriptedConnection[] = []

  /** The newest connection. */
  get connection(): ScriptedConnection {
    const newest = this.connections.at(-1)
    if (!newest) throw new Error('nobody has connected')
    return newest
  }

  readonly connect: ConnectTransport = (_url, _subprotocol, handlers: TransportHandlers) => {
    const received: ScriptedConnection['received'] = []
    const frames: Uint8Array[] = []
    let closedByClient: ScriptedConnection['closedByClient']
    this.connections.push({
      received,
      frames,
      get closedByClient() {
        return closedByClient
      },
      send: (message) => handlers.text(JSON.stringify(message)),
      sendText: (text) => handlers.text(text),
      sendBinary: (bytes) => handlers.binary(bytes),
      close: (code, reason = '') => handlers.closed({ code, reason }),
    })
    return {
      bufferedBytes: 0,
      sendText: (text) => void received.push(JSON.parse(text)),
      sendBinary: (bytes) => void frames.push(bytes.slice()),
      close: (code, reason) => {
        closedByClient = { code, reason }
      },
    }
  }
}
