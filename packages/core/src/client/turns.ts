import { RequestError } from '../errors/request-error.ts'
import type { Cancel, Clock } from '../time/clock.ts'
import type { Milliseconds } from '../time/units.ts'

interface Waiting {
  readonly ticket: number
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Requests of one type after the server has said that they come too often: they wait the time that it named, then go
 * one after the other, in the order in which they were first made.
 */
class Line {
  readonly #clock: Clock
  #waiting: Waiting[] = []
  #busy = false
  #cancelPause: Cancel | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Nobody waits and nobody is under way. */
  get isOver(): boolean {
    return this.#waiting.length === 0 && !this.#busy && !this.#cancelPause
  }

  turn(ticket: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const at = this.#waiting.findIndex((other) => other.ticket > ticket)
      this.#waiting.splice(at === -1 ? this.#waiting.length : at, 0, { ticket, resolve, reject })
      this.#next()
    })
  }

  /** The server named a time. */
  pause(duration: Milliseconds): void {
    this.#cancelPause ??= this.#clock.after(duration, () => {
      this.#cancelPause = undefined
      this.#next()
    })
  }

  /** Whoever had the turn has its reply. */
  done(): void {
    this.#busy = false
    this.#next()
  }

  end(error: unknown): void {
    this.#cancelPause?.()
    for (const { reject } of this.#waiting.splice(0)) reject(error)
  }

  #next(): void {
    if (this.#busy || this.#cancelPause) return
    const next = this.#waiting.shift()
    if (!next) return
    this.#busy = true
    next.resolve()
  }
}

/** Repeats what was refused for being too often, when it may be repeated. */
export class Turns {
  readonly #clock: Clock
  readonly #lines = new Map<string, Line>()
  #ticket = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Runs `ask` until it is not refused with a time to wait. */
  async run<Reply>(type: string, ask: () => Promise<Reply>): Promise<Reply> {
    const ticket = this.#ticket++
    for (;;) {
      const line = this.#lines.get(type)
      if (line) await line.turn(ticket)
      try {
        return await ask()
      } catch (error) {
        const wait = waitOf(error)
        if (wait === undefined) throw error
        const held = this.#lines.get(type) ?? new Line(this.#clock)
        this.#lines.set(type, held)
        held.pause(wait)
      } finally {
        line?.done()
        if (line?.isOver && this.#lines.get(type) === line) this.#lines.delete(type)
      }
    }
  }

  /** The connection is gone: whoever waits has not left. */
  end(why: string): void {
    for (const [type, line] of this.#lines) line.end(RequestError.unsent(type, why))
    this.#lines.clear()
  }
}

function waitOf(error: unknown): Milliseconds | undefined {
  return error instanceof RequestError && error.code === 'rate_limited' ? error.retryAfterMs : undefined
}
