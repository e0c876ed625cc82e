import { randomUUID } from 'node:crypto'
import { type ClientOptions, clockFrom, type Family, MediaError, memoryTokenStore } from '@arclight/core'
import { type Client, type ConnectTransport, createClientCore } from '@arclight/core/client'
import type { AudioCodec, OutboxStore, TokenStore } from '@arclight/core/contracts'
import { wsTransport } from '@arclight/core/transport-ws'
import { tusUploader } from '@arclight/core/uploads-tus'
import { nameOf, openSource, type UploadSource } from './upload-source.ts'

/** What a Node client is told. */
export interface NodeClientOptions<Own extends readonly Family[] = readonly []> extends ClientOptions<Own> {
  /** A session token got elsewhere: `resume()` signs in with it. */
  readonly token?: string | undefined
  /** Where the token is kept between runs; in memory unless told. */
  readonly tokens?: TokenStore | undefined
  /** Where messages wait that shall outlive the process: `fileOutbox()`; in the client's memory unless told. */
  readonly outbox?: OutboxStore | undefined
  /** One more certificate authority to trust, PEM: a development server's own certificate. */
  readonly ca?: string | Uint8Array | undefined
  /** Names this device in voice, so that a program that starts again gets its place back; a new name unless told. */
  readonly device?: string | undefined
  /** How voice is encoded; Opus by the optional peer `node-av` unless told. */
  readonly codec?: AudioCodec | undefined
  /** How sockets are opened: a tunnel, or a test's faults. */
  readonly connect?: ConnectTransport | undefined
}

/** A client for Node: bots, headless clients, tests. */
export function createClient<const Own extends readonly Family[] = readonly []>(
  options: NodeClientOptions<Own>,
): Client<Own, UploadSource> {
  const { token, tokens, outbox, device, ca, codec, connect, ...common } = options
  return createClientCore(
    {
      clock: clockFrom(globalThis),
      random: Math.random,
      createId: randomUUID,
      connect: connect ?? wsTransport({ ca }),
      tokens: tokens ?? memoryTokenStore(token),
      device: device ?? randomUUID(),
      outbox,
      uploader: tusUploader<UploadSource>({ open: openSource, nameOf, ca }),
      audioCodec: codec ? async () => codec : loadNodeAv,
    },
    common,
  )
}

/** node-av is 175 MB of native code: it is loaded only where voice is used, and voice says so where it is absent. */
async function loadNodeAv(): Promise<AudioCodec> {
  try {
    return (await import('./audio/node-av/index.ts')).opusCodec()
  } catch (error) {
    throw new MediaError('unsupported', 'voice needs the package node-av: npm install node-av', error)
  }
}
