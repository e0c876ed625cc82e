import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { LogEntry } from '@arclight/core/protocol'
import { Webhook } from 'standardwebhooks'
import { Inbox } from '../inbox.ts'

/** What a receiver was sent. */
export interface Posted {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A receiver of webhooks on this machine, which answers as the test says. */
export class Receiver {
  readonly posts = new Inbox<Posted>()
  /** How it answers; with 204 unless told. */
  answer: (response: ServerResponse, posted: Posted) => void = (response) => void response.writeHead(204).end()
  readonly #http: Server

  private constructor(http: Server) {
    this.#http = http
    http.on('request', async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const posted = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() }
      this.posts.push(posted)
      this.answer(response, posted)
    })
  }

  static async start(): Promise<Receiver> {
    const http = createServer()
    await once(http.listen(0, '127.0.0.1'), 'listening')
    return new Receiver(http)
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`
  }

  get url(): string {
    return `${this.origin}/hook`
  }

  /** The next entry, its signature checked by the standard's own library. */
  async entry(secret: string): Promise<LogEntry> {
    const { headers, body } = await this.posts.take()
    return new Webhook(secret).verify(body, headers as Record<string, string>) as LogEntry
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#http, 'close')
    this.#http.close()
    this.#http.closeAllConnections()
    await closed
  }
}
