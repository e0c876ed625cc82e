import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer, type ServerOptions } from '@arclight/server'
import { fsBlobs } from '@arclight/server/blobs/fs'
import { sharpImages } from '@arclight/server/images/sharp'
import express from 'express'

/** A server that keeps files, with its http routes, on a port of this machine. */
export interface UploadServer extends AsyncDisposable {
  readonly port: number
}

export async function uploadServer(directory: string, options: ServerOptions = {}): Promise<UploadServer> {
  const server = createServer({ blobs: fsBlobs({ directory }), images: sharpImages(), ...options })
  await server.open()
  const http = createHttpServer(express().use(server.routes()))
  server.attach(http)
  await once(http.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (http.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      await server.close()
      http.close()
      http.closeAllConnections()
    },
  }
}
