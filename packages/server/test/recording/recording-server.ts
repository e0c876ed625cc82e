import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { HEADER_BYTES, MediaFlag, MediaKind, NO_LEVEL, writeHeader } from '@arclight/core/codec'
import type { VideoFormat } from '@arclight/core/protocol'
import { createServer, type Server, type ServerOptions } from '@arclight/server'
import { fsBlobs } from '@arclight/server/blobs/fs'
import { nodeAvMuxer } from '@arclight/server/muxer/node-av'
import { sqliteStorage } from '@arclight/server/storage/sqlite'
import express from 'express'
import type { TestFrame } from '../muxer/test-media.ts'
import { RawClient } from '../raw-client.ts'
import { PASSWORD } from '../running-server.ts'

/** What the pictures of the tests are. */
export const H264: VideoFormat = { kind: 'video', codec: 'h264', width: 320, height: 240 }

/** What the servers of the tests sign links with. */
export const SECRET_KEY = 'a secret of at least thirty-two characters'

/** A server that records into a folder, with its http routes. */
export interface RecordingServer extends AsyncDisposable {
  readonly server: Server
  readonly url: string
  connect(): Promise<RawClient>
  /** Registers, or logs in where the name is known. */
  signIn(name: string): Promise<RawClient>
}

export async function recordingServer(directory: string, options: ServerOptions = {}): Promise<RecordingServer> {
  const server = createServer({
    storage: sqliteStorage({ file: `${directory}/arclight.db` }),
    blobs: fsBlobs({ directory }),
    muxer: nodeAvMuxer(),
    secretKey: SECRET_KEY,
    ...options,
  })
  await server.open()
  const http = createHttpServer(express().use(server.routes()))
  server.attach(http)
  await once(http.listen(0, '127.0.0.1'), 'listening')
  const { port } = http.address() as AddressInfo
  const clients: RawClient[] = []
  const connect = async (): Promise<RawClient> => {
    const client = await RawClient.connect(`ws://127.0.0.1:${port}/arclight`)
    clients.push(client)
    return client
  }
  return {
    server,
    url: `http://127.0.0.1:${port}`,
    connect,
    signIn: async (name) => {
      const client = await connect()
      const account = { name, password: PASSWORD }
      await client.authenticate('auth.register', account).catch(() => client.authenticate('auth.login', account))
      return client
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) await client[Symbol.asyncDispose]()
      await server.close()
      http.close()
      http.closeAllConnections()
    },
  }
}

/** Starts a recording with one track of pictures; returns its id and the track's number. */
export async function startRecording(client: RawClient, title = 'a test'): Promise<{ id: string; track: number }> {
  const { recording } = await client.ask('recording.start', { title })
  const { track } = await client.ask('track.publish', { key: 'camera', format: H264, to: { recording: recording.id } })
  return { id: recording.id, track }
}

/** A picture as it goes over the wire. */
export function wireFrame(track: number, seq: number, { payload, timestamp, keyFrame }: TestFrame): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES + payload.length)
  frame.set(payload, HEADER_BYTES)
  const flags = keyFrame ? MediaFlag.keyFrame : 0
  writeHeader(frame, { kind: MediaKind.video, flags, track, seq, level: NO_LEVEL, timestamp })
  return frame
}

/** Sends pictures, the first with `seq`. */
export function sendPictures(client: RawClient, track: number, pictures: readonly TestFrame[], seq = 0): void {
  for (const [index, picture] of pictures.entries()) client.sendBinary(wireFrame(track, seq + index, picture))
}
