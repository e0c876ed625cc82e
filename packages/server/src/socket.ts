/** One connection's bytes, as the server needs them; it knows no WebSocket library. */
export interface Socket {
  /** The peer's address; proxies are resolved before. */
  readonly remoteAddress: string
  /** Bytes handed over that the network has not taken. */
  readonly bufferedBytes: number
  /** Whole WebSocket frames, unmasked, in order. The bytes must not change afterwards. */
  write(bytes: Uint8Array): void
  /** As `write`, several buffers in one call to the network. */
  writeMany(chunks: readonly Uint8Array[]): void
  /** Sends a close frame; `closed` follows within seconds, whatever the peer does. */
  close(code: number, reason: string): void
  /** Cuts the connection without a word. */
  destroy(): void
}

/** What a socket tells. `closed` comes exactly once, and nothing after it. */
export interface SocketHandler {
  text(text: string): void
  /** A whole binary message; the bytes are valid only during the call. */
  binary(bytes: Uint8Array): void
  /** Everything buffered has left. */
  drained(): void
  closed(): void
}
