import { LIMITS } from '@arclight/core/protocol'

/** How many connections there may be at a time; what is left out is as the protocol's LIMITS have it. */
export interface ConnectionCounts {
  readonly perUser: number
  readonly perAddress: number
  /** Of one address, those that have not authenticated. */
  readonly strangersPerAddress: number
  readonly total: number
}

/** The limits of a server: `off`, or those that differ. */
export type ConnectionLimitsOption = 'off' | { readonly [Name in keyof ConnectionCounts]?: number | undefined }

const NONE: ConnectionCounts = {
  perUser: Number.POSITIVE_INFINITY,
  perAddress: Number.POSITIVE_INFINITY,
  strangersPerAddress: Number.POSITIVE_INFINITY,
  total: Number.POSITIVE_INFINITY,
}

/** One connection's place among those that are counted. */
export interface Slot {
  /** The connection has become a user's; false, and it has not, where that user has too many. */
  authenticate(user: string): boolean
  /** The connection is over. */
  release(): void
}

/** Counts a server's connections: all, by address, by user. What has come to nothing is forgotten. */
export class ConnectionLimits {
  readonly #most: ConnectionCounts
  readonly #addresses = new Counter()
  readonly #strangers = new Counter()
  readonly #users = new Counter()
  #total = 0

  constructor(limits: ConnectionLimitsOption = {}) {
    if (limits === 'off') this.#most = NONE
    else {
      this.#most = {
        perUser: limits.perUser ?? LIMITS.connectionsPerUser,
        perAddress: limits.perAddress ?? LIMITS.connectionsPerAddress,
        strangersPerAddress: limits.strangersPerAddress ?? LIMITS.strangersPerAddress,
        total: limits.total ?? LIMITS.connections,
      }
    }
  }

  /** Addresses and users that something is counted of. */
  get size(): number {
    return this.#addresses.size + this.#strangers.size + this.#users.size
  }

  get perUser(): number {
    return this.#most.perUser
  }

  /** Why an address may not have one more connection. */
  refusal(address: string): 'address' | 'server' | undefined {
    if (this.#total >= this.#most.total) return 'server'
    const { perAddress, strangersPerAddress } = this.#most
    if (this.#addresses.of(address) >= perAddress) return 'address'
    return this.#strangers.of(address) >= strangersPerAddress ? 'address' : undefined
  }

  /** Counts a connection, until it is released. */
  open(address: string): Slot {
    this.#total++
    this.#addresses.add(address)
    this.#strangers.add(address)
    let state: 'stranger' | { readonly user: string } | 'over' = 'stranger'
    const leave = (): void => {
      if (state === 'stranger') this.#strangers.remove(address)
      else if (state !== 'over') this.#users.remove(state.user)
    }
    return {
      authenticate: (user) => {
        if (this.#users.of(user) >= this.#most.perUser) return false
        leave()
        state = { user }
        this.#users.add(user)
        return true
      },
      release: () => {
        if (state === 'over') return
        leave()
        state = 'over'
        this.#total--
        this.#addresses.remove(address)
      },
    }
  }
}

class Counter {
  readonly #counts = new Map<string, number>()

  get size(): number {
    return this.#counts.size
  }

  of(key: string): number {
    return this.#counts.get(key) ?? 0
  }

  add(key: string): void {
    this.#counts.set(key, this.of(key) + 1)
  }

  remove(key: string): void {
    const left = this.of(key) - 1
    if (left > 0) this.#counts.set(key, left)
    else this.#counts.delete(key)
  }
}
