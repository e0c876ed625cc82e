import type { ConnectTransport } from '../client/transport.ts'

/** What to lose on the way from the server to the client; both see each frame once, in order. */
export interface Faults {
  readonly dropText?: (text: string) => boolean
  readonly dropBinary?: (frame: Uint8Array) => boolean
}

/** A transport that loses what it is told to. */
export function faultTransport(connect: ConnectTransport, faults: Faults): ConnectTransport {
  return (url, subprotocol, handlers) =>
    connect(url, subprotocol, {
      ...handlers,
      text: (text) => {
        if (!faults.dropText?.(text)) handlers.text(text)
      },
      binary: (frame) => {
        if (!faults.dropBinary?.(frame)) handlers.binary(frame)
      },
    })
}
