import { availableParallelism } from 'node:os'
import type { Clock } from '@arclight/core'
import type { Logger } from '../log.ts'
import { MediaHost } from './media-host.ts'

/** The media hosts: one less than the cores, each started when it first has something to do. */
export class MediaHosts {
  readonly #hosts: readonly MediaHost[]
  #recorders = 0

  constructor(parts: { clock: Clock; log: Logger; directory: string }) {
    this.#hosts = Array.from({ length: Math.max(1, availableParallelism() - 1) }, () => new MediaHost(parts))
  }

  /** The process ids of the hosts that run. */
  get pids(): number[] {
    return this.#hosts.flatMap(({ pid }) => (pid === undefined ? [] : [pid]))
  }

  /** The host with the least to do, and a number for the recorder that goes to it. */
  assign(): { host: MediaHost; recorder: number } {
    const [first, ...others] = this.#hosts
    if (!first) throw new Error('expected at least one media host')
    const host = others.reduce((least, one) => (one.size < least.size ? one : least), first)
    this.#recorders++
    return { host, recorder: this.#recorders }
  }

  tick(): void {
    for (const host of this.#hosts) host.tick()
  }

  async close(): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host.close()))
  }
}
