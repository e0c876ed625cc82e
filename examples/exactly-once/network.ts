import type { Cut } from './cut-plan.ts'
import { CuttingProxy } from './cutting-proxy.ts'

/** A stall ends by itself where nothing else moves that could end it. */
const MOST_STALL_MS = 1_000

/** A connection that stands still until so many bytes have come in somewhere. */
interface Stall {
  readonly until: number
  readonly end: () => void
}

/** The proxies of everybody, and the cuts that are made on them. */
export class Network {
  readonly #target: () => number
  readonly #proxies: CuttingProxy[] = []
  /** Cuts whose bytes have not passed yet, by their proxy. */
  readonly #armed = new Map<Cut, CuttingProxy>()
  readonly #stalls = new Set<Stall>()
  #arrived = 0
  #made = 0
  #killed = 0

  /** `target`: the server's port. */
  constructor(target: () => number) {
    this.#target = target
  }

  /** Cuts made so far. */
  get made(): number {
    return this.#made
  }

  /** Connections that ended by a cut. */
  get killed(): number {
    return this.#killed
  }

  /** Cuts that wait for their bytes, or for the end of their stall. */
  get waiting(): number {
    return this.#armed.size + this.#stalls.size
  }

  /** Whether everybody has a connection: a client hears of its end later than it is cut. */
  get whole(): boolean {
    return this.#proxies.every(({ connected }) => connected)
  }

  /** A client's own way to the server; resolves with its proxy and port. */
  async open(): Promise<{ proxy: CuttingProxy; port: number }> {
    const proxy = new CuttingProxy({ target: this.#target, arrived: (bytes) => this.#moved(bytes) })
    this.#proxies.push(proxy)
    return { proxy, port: await proxy.listen() }
  }

  /** Makes the cut as soon as its bytes have passed. */
  arm(proxy: CuttingProxy, cut: Cut): void {
    this.#armed.set(cut, proxy)
    proxy.after(cut.way, cut.bytes, () => this.#make(cut))
  }

  /** Makes a cut that still waits, at once, on whatever passes; returns whether there was one. */
  makeNext(): boolean {
    const [next] = this.#armed.keys()
    if (next) this.#make(next)
    for (const stall of [...this.#stalls]) stall.end()
    return next !== undefined
  }

  async close(): Promise<void> {
    for (const stall of [...this.#stalls]) stall.end()
    await Promise.all(this.#proxies.map((proxy) => proxy.close()))
  }

  #make(cut: Cut): void {
    const own = this.#armed.get(cut)
    if (!own) return
    this.#armed.delete(cut)
    if (cut.manner !== 'stall') return this.#cut(own, cut)
    for (const proxy of this.#hit(own, cut)) proxy.hold()
    const end = (): void => {
      clearTimeout(timer)
      if (this.#stalls.delete(stall)) this.#cut(own, cut)
    }
    const stall: Stall = { until: this.#arrived + cut.stalledBytes, end }
    const timer = setTimeout(end, MOST_STALL_MS)
    this.#stalls.add(stall)
  }

  #cut(own: CuttingProxy, cut: Cut): void {
    const manner = cut.manner === 'reset' ? 'reset' : 'close'
    const killed = this.#hit(own, cut).reduce((sum, proxy) => sum + proxy.cut(manner), 0)
    // What it was meant for has ended by itself meanwhile: it waits for the next connection.
    if (killed === 0) return this.arm(own, cut)
    this.#made++
    this.#killed += killed
  }

  #hit(own: CuttingProxy, cut: Cut): readonly CuttingProxy[] {
    return cut.everywhere ? this.#proxies : [own]
  }

  #moved(bytes: number): void {
    this.#arrived += bytes
    for (const stall of [...this.#stalls]) if (this.#arrived >= stall.until) stall.end()
  }
}
