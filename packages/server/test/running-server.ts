import { once } from 'node:events'
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type ServerOptions } from '@arclight/server'
import express from 'express'
import { RawClient, type RawClientOptions } from './raw-client.ts'

/** Long enough for every account of the tests. */
export const PASSWORD = 'correct horse'

/** A server on a port of this machine, with the clients that connected to it. */
export class RunningServer {
  readonly server: Server
  readonly http: HttpServer
  readonly url: string
  readonly #clients: RawClient[] = []

  private constructor(server: Server, http: HttpServer, path: string) {
    this.server = server
    this.http = http
    this.url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}${path}`
  }

  static async start(options: ServerOptions & { readonly path?: string } = {}): Promise<RunningServer> {
    const { path = '/arclight', ...rest } = options
    const server = createServer(rest)
    const http = createHttpServer(express().use(server.routes()))
    server.attach(http, { path })
    await server.open()
    await once(http.listen(0, '127.0.0.1'), 'listening')
    return new RunningServer(server, http, path)
  }

  /** Where its routes are. */
  get httpUrl(): string {
    return new URL(this.url.replace(/^ws/, 'http')).origin
  }

  /** A client that has not authenticated; its greeting is taken. */
  async connect(options: RawClientOptions = {}): Promise<RawClient> {
    const client = await RawClient.connect(this.url, options)
    this.#clients.push(client)
    await client.event('session.hello')
    return client
  }

  /** A client with an account of its own. */
  async signIn(name: string, options: RawClientOptions = {}): Promise<RawClient> {
    const client = await this.connect(options)
    await client.authenticate('auth.register', { name, password: PASSWORD })
    return client
  }

  /** A client with an account that there is already. */
  async withToken(token: string, options: RawClientOptions = {}): Promise<RawClient> {
    const client = await this.connect(options)
    await client.authenticate('auth.token', { token })
    return client
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) await client[Symbol.asyncDispose]()
    await this.server.close()
    const closed = once(this.http, 'close')
    this.http.close()
    this.http.closeAllConnections()
    await closed
  }
}
