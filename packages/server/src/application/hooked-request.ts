import type { Cancel, Clock, Milliseconds } from '@arclight/core'
import { LIMITS } from '@arclight/core/protocol'
import type { Logger } from '../log.ts'
import { Refusal } from '../refusal.ts'
import type { AnyHook, Asking } from './hooks.ts'

/** What a request comes down to. */
export interface Work {
  /** The data as its schema makes it. Throws Refusal where it does not fit. */
  check(data: unknown): unknown
  /** The handler. */
  run(data: unknown): unknown
  /** Throws TypeError where a reply does not fit its schema. */
  checkReply(reply: unknown): unknown
}

interface Parts {
  readonly hooks: readonly AnyHook[]
  readonly asking: Asking
  readonly work: Work
  readonly clock: Clock
  readonly log: Logger
}

/**
 * One request on its way through the hooks. They have so much time together; the handler's own is not theirs. When it
 * is over the request is refused, and whatever they do later reaches nobody, the handler neither.
 */
export class HookedRequest {
  readonly #parts: Parts
  /** What the hooks have left, and since when they are spending it. */
  #left: Milliseconds = LIMITS.hookMs
  #since: Milliseconds = 0
  #cancel: Cancel | undefined
  /** Set once there is an answer: why nothing more is done. */
  #over: Error | undefined
  #refuse: (late: Refusal) => void = () => {}

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async answer(): Promise<unknown> {
    const late = new Promise<never>((_resolve, reject) => {
      this.#refuse = reject
    })
    this.#start()
    try {
      return await Promise.race([late, this.#pass(0, this.#parts.asking.data)])
    } finally {
      this.#stop()
      this.#over ??= new Error(`a hook of ${this.#parts.asking.type} called next() after its answer`)
    }
  }

  /** From the hook at a place on. */
  async #pass(at: number, data: unknown): Promise<unknown> {
    if (this.#over) throw this.#over
    const hook = this.#parts.hooks[at]
    return hook ? this.#ask(hook, at, data) : this.#run(data)
  }

  async #ask(hook: AnyHook, at: number, data: unknown): Promise<unknown> {
    const { asking, work } = this.#parts
    let passed: Promise<unknown> | undefined
    let reply: unknown
    const next = (changed: unknown = data): Promise<unknown> => {
      if (passed) throw new Error(`a hook of ${asking.type} called next() twice`)
      passed = this.#check(changed).then(async (checked) => {
        reply = await this.#pass(at + 1, checked)
        return reply
      })
      // A hook that does not wait for it has an answer of its own.
      passed.catch(() => {})
      return passed
    }
    const answer = await hook({ ...asking, data }, next)
    if (answer === undefined || answer !== reply) await work.checkReply(answer)
    return answer
  }

  /** Unchanged data too: a hook may have changed it in place. */
  async #check(data: unknown): Promise<unknown> {
    try {
      return await this.#parts.work.check(data)
    } catch (error) {
      throw new TypeError(`what a hook made of ${this.#parts.asking.type} does not fit`, { cause: error })
    }
  }

  async #run(data: unknown): Promise<unknown> {
    this.#stop()
    try {
      return await this.#parts.work.run(data)
    } finally {
      this.#start()
    }
  }

  #start(): void {
    const { clock, log, asking } = this.#parts
    if (this.#over) return
    this.#since = clock.now()
    this.#cancel = clock.after(this.#left, () => {
      log.warn({ type: asking.name ?? asking.type, ms: LIMITS.hookMs }, 'a hook took too long: its request was refused')
      const late = new Refusal('unavailable', 'the server could not decide in time; try again later')
      this.#over = late
      this.#refuse(late)
    })
  }

  #stop(): void {
    if (!this.#cancel) return
    this.#cancel()
    this.#cancel = undefined
    this.#left -= this.#parts.clock.now() - this.#since
  }
}
