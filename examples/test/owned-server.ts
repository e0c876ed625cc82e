import { once } from 'node:events'
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Client, createClient } from '@arclight/client-node'
import { createServer, type Server, type ServerOptions } from '@arclight/server'
import express from 'express'

export const PASSWORD = 'a password of mei'
const CODE = 'K7QX-2M4P'

/** A server on a port of this machine, with mei, who owns it. */
export class OwnedServer {
  readonly server: Server
  readonly url: string
  readonly origin: string
  readonly mei: Client
  readonly #http: HttpServer
  readonly #clients: Client[]

  private constructor(server: Server, http: HttpServer) {
    const { port } = http.address() as AddressInfo
    this.server = server
    this.#http = http
    this.origin = `http://127.0.0.1:${port}`
    this.url = `ws://127.0.0.1:${port}/arclight`
    this.mei = createClient({ url: this.url })
    this.#clients = [this.mei]
  }

  static async start(options: ServerOptions = {}): Promise<OwnedServer> {
    const server = createServer({ ...options, claim: { redeem: async (given) => given === CODE } })
    const http = createHttpServer(express().use(server.routes()))
    server.attach(http)
    await server.open()
    await once(http.listen(0, '127.0.0.1'), 'listening')
    const owned = new OwnedServer(server, http)
    await owned.mei.register({ name: 'mei', password: PASSWORD, claim: CODE })
    return owned
  }

  /** Somebody else, who is no owner. */
  async join(name: string): Promise<Client> {
    const client = createClient({ url: this.url })
    this.#clients.push(client)
    await client.register({ name, password: `a password of ${name}` })
    return client
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) await client.close()
    await this.server.close()
    const closed = once(this.#http, 'close')
    this.#http.close()
    this.#http.closeAllConnections()
    await closed
  }
}
