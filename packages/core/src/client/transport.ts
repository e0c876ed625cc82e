/** One open or opening connection; what the client needs of a WebSocket. */
export interface Transport {
  /** Bytes handed over and not yet given to the network. */
  readonly bufferedBytes: number
  sendText(text: string): void
  /** The bytes belong to the transport from here on. */
  sendBinary(bytes: Uint8Array): void
  /** Starts closing; `closed` follows. */
  close(code: number, reason: string): void
}

/** What a transport tells. `closed` comes exactly once, and nothing after it. */
export interface TransportHandlers {
  opened(): void
  text(text: string): void
  binary(bytes: Uint8Array): void
  closed(close: { code: number; reason: string }): void
}

/** Opens a connection; failures come as `closed`. */
export type ConnectTransport = (url: string, subprotocol: string, handlers: TransportHandlers) => Transport
