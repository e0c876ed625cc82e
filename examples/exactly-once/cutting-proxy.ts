import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import type { Way } from './cut-plan.ts'

/** One connection through the proxy. */
interface Link {
  readonly client: Socket
  readonly server: Socket
  /** `held`: it looks open from both ends, and nothing passes. */
  state: 'open' | 'held' | 'cut'
}

/** Something that happens when so many more bytes have passed. */
interface Mark {
  readonly way: Way
  left: number
  readonly reached: () => void
}

/** One client's way to the server: passes bytes on until told to stop, in the middle of whatever they are. */
export class CuttingProxy {
  readonly #target: () => number
  readonly #arrived: (bytes: number) => void
  readonly #links = new Set<Link>()
  #marks: Mark[] = []
  #server: Server | undefined

  /** `target` is the server's port; `arrived` is told of all bytes that come in, from either end. */
  constructor(options: { target: () => number; arrived: (bytes: number) => void }) {
    this.#target = options.target
    this.#arrived = options.arrived
  }

  get connected(): boolean {
    return this.#links.size > 0
  }

  /** Resolves with the port. */
  async listen(): Promise<number> {
    this.#server = createServer({ noDelay: true }, (client) => this.#accept(client))
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return (this.#server.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    this.cut('close')
    const server = this.#server
    if (server?.listening) await new Promise<unknown>((resolve) => server.close(resolve))
  }

  /** Calls `reached` once `bytes` more have passed `way`, before any other does. */
  after(way: Way, bytes: number, reached: () => void): void {
    this.#marks.push({ way, left: bytes, reached })
  }

  /** No byte passes any more on the connections of now; both ends take them for open. */
  hold(): void {
    for (const link of this.#links) if (link.state === 'open') link.state = 'held'
  }

  /** Ends the connections of now; returns how many. */
  cut(manner: 'close' | 'reset'): number {
    const links = [...this.#links]
    this.#links.clear()
    for (const link of links) {
      link.state = 'cut'
      for (const socket of [link.client, link.server]) {
        if (manner === 'reset') socket.resetAndDestroy()
        else socket.destroySoon()
      }
    }
    return links.length
  }

  #accept(client: Socket): void {
    const server = connect({ port: this.#target(), host: '127.0.0.1', noDelay: true })
    const link: Link = { client, server, state: 'open' }
    this.#links.add(link)
    this.#join(link, 'up', client, server)
    this.#join(link, 'down', server, client)
  }

  #join(link: Link, way: Way, from: Socket, to: Socket): void {
    from.on('data', (chunk) => {
      this.#arrived(chunk.length)
      this.#pass(link, way, chunk, to)
      if (to.writableNeedDrain) from.pause()
    })
    to.on('drain', () => from.resume())
    from.on('error', () => {})
    from.on('close', () => {
      this.#links.delete(link)
      to.destroySoon()
    })
  }

  #pass(link: Link, way: Way, chunk: Buffer, to: Socket): void {
    if (link.state !== 'open') return
    const mark = this.#marks
      .filter((one) => one.way === way && one.left < chunk.length)
      .sort((one, other) => one.left - other.left)[0]
    const passing = mark ? mark.left : chunk.length
    for (const one of this.#marks) if (one.way === way) one.left -= passing
    if (passing > 0) to.write(chunk.subarray(0, passing))
    if (!mark) return
    this.#marks = this.#marks.filter((one) => one !== mark)
    mark.reached()
    this.#pass(link, way, chunk.subarray(passing), to)
  }
}
