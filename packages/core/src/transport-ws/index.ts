import WebSocket from 'isomorphic-ws'
import type { ConnectTransport } from '../client/transport.ts'

/** Bytes of one frame that a client accepts: past the largest legal one the server is not one of ours. */
const MOST_FRAME_BYTES = 4 * 1_048_576

/** No status received (RFC 6455): what a socket that never opened reports. */
const ABNORMAL = 1006

/**
 * Opens WebSockets: the browser's own, or `ws` in Node. `ca` (Node only) trusts one more certificate authority,
 * such as a development server's own certificate.
 */
export function wsTransport(options: { ca?: string | Uint8Array | undefined } = {}): ConnectTransport {
  return (url, subprotocol, handlers) => {
    let socket: WebSocket
    try {
      socket = open(url, subprotocol, options.ca)
    } catch (error) {
      const reason = (error as Error).message
      queueMicrotask(() => handlers.closed({ code: ABNORMAL, reason }))
      return { bufferedBytes: 0, sendText: () => {}, sendBinary: () => {}, close: () => {} }
    }
    socket.binaryType = 'arraybuffer'
    socket.onopen = () => handlers.opened()
    socket.onmessage = ({ data }) => {
      if (typeof data === 'string') handlers.text(data)
      else handlers.binary(new Uint8Array(data as ArrayBuffer))
    }
    socket.onerror = () => {}
    socket.onclose = ({ code, reason }) => handlers.closed({ code: code || ABNORMAL, reason })
    return {
      get bufferedBytes() {
        return socket.bufferedAmount
      },
      sendText: (text) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(text)
      },
      sendBinary: (bytes) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(bytes)
      },
      close: (code, reason) => socket.close(code, reason),
    }
  }
}

function open(url: string, subprotocol: string, ca: string | Uint8Array | undefined): WebSocket {
  const inBrowser = typeof globalThis === 'object' && 'document' in globalThis
  if (inBrowser) return new WebSocket(url, subprotocol)
  return new WebSocket(url, subprotocol, {
    perMessageDeflate: false,
    maxPayload: MOST_FRAME_BYTES,
    ...(ca === undefined ? {} : { ca: typeof ca === 'string' ? ca : Buffer.from(ca) }),
  })
}
