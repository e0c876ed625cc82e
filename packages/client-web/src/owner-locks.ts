/**
 * Which tab owns what: each holds a lock of its own for as long as it lives, and the browser lets go of it when the
 * tab ends, however it ends. The others wait for that, so that one of them can take over.
 */
export class OwnerLocks {
  /** This tab's name. */
  readonly owner = crypto.randomUUID()
  readonly #name: string
  readonly #ended = new AbortController()
  readonly #followed = new Set<string>([this.owner])
  #channel: BroadcastChannel | undefined
  #release = (): void => {}
  #sweeping: Promise<void> = Promise.resolve()

  private constructor(name: string) {
    this.#name = name
  }

  /** Resolves when the lock is held. Rejects where the page has no Web Locks. */
  static async acquire(name: string): Promise<OwnerLocks> {
    if (!('locks' in navigator)) throw new Error('expected Web Locks, which a page has over https only')
    const locks = new OwnerLocks(name)
    await new Promise<void>((resolve, reject) => {
      const hold = (): Promise<void> => {
        resolve()
        return new Promise((release) => {
          locks.#release = release
        })
      }
      navigator.locks.request(locks.#lockOf(locks.owner), hold).catch(reject)
    })
    return locks
  }

  /** Calls `adopt` with all owners that live, now and whenever one has gone; of all tabs one at a time. */
  async watch(adopt: (living: ReadonlySet<string>) => Promise<void>): Promise<void> {
    const follow = (owner: string): void => {
      if (this.#followed.has(owner)) return
      this.#followed.add(owner)
      navigator.locks
        .request(this.#lockOf(owner), { mode: 'shared', signal: this.#ended.signal }, () => {})
        .then(sweep)
        .catch(() => {})
    }
    const look = async (): Promise<void> => {
      const living = await this.#living()
      await adopt(living)
      for (const owner of living) follow(owner)
    }
    const sweep = async (): Promise<void> => {
      const swept = navigator.locks.request(`${this.#name} adopt`, { signal: this.#ended.signal }, look)
      this.#sweeping = swept.then(
        () => {},
        () => {},
      )
      await swept
    }
    // The lock comes first, then the ear, then the greeting, then the look around: of two tabs that open at one time
    // each learns of the other.
    this.#channel = new BroadcastChannel(this.#name)
    this.#channel.onmessage = ({ data }) => follow(String(data))
    this.#channel.postMessage(this.owner)
    await sweep()
  }

  /** Adopts no more; resolves when nothing of it is under way. */
  async unwatch(): Promise<void> {
    this.#ended.abort()
    this.#channel?.close()
    await this.#sweeping
  }

  /** What this tab owns is anybody's from here on. */
  release(): void {
    this.#release()
  }

  /** Those who wait for an owner's end hold its lock too, for a moment, but share it. */
  async #living(): Promise<ReadonlySet<string>> {
    const { held = [] } = await navigator.locks.query()
    const prefix = this.#lockOf('')
    const names = held.filter(({ mode }) => mode === 'exclusive').map(({ name = '' }) => name)
    return new Set(names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)))
  }

  #lockOf(owner: string): string {
    return `${this.#name} owner ${owner}`
  }
}
