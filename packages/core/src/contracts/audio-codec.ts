import type { AudioFormat } from '../protocol/track.ts'

/** Turns frames of samples into packets; one packet for each frame, in order. */
export interface AudioEncoder {
  /** Samples of one frame: 20 ms, mono. */
  readonly frameSamples: number
  /** Takes one frame; the samples are copied or used before this returns. */
  encode(samples: Float32Array): void
  /** Resolves when every frame taken has come out. */
  flush(): Promise<void>
  close(): void
}

/** Turns packets back into samples, in order. */
export interface AudioDecoder {
  /** Takes one packet; the bytes are copied or used before this returns. */
  decode(packet: Uint8Array): void
  close(): void
}

/** An audio codec of one runtime. Errors are MediaErrors. */
export interface AudioCodec {
  readonly format: AudioFormat
  createEncoder(options: {
    /** Bytes to leave free before each packet, so that a header fits without a copy. */
    headroom: number
    /** Bits a second. */
    bitrate: number
    /** `headroom` free bytes, then the packet; the receiver owns them. */
    output: (bytes: Uint8Array) => void
    failed: (error: Error) => void
  }): Promise<AudioEncoder>
  createDecoder(options: {
    /** Samples at `format.sampleRate`, mono; valid only during the call. */
    output: (samples: Float32Array) => void
    failed: (error: Error) => void
  }): Promise<AudioDecoder>
}
