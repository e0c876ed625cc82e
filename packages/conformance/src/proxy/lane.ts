import type { Cancel, Clock, Milliseconds } from '@arclight/core'

/** One frame in a lane, with what was decided for it. */
export interface Passing {
  readonly bytes: Buffer
  readonly isBinary: boolean
  readonly copies: number
  readonly delayMs: Milliseconds
  /** How long the frame itself takes, after the one ahead of it. */
  readonly takesMs: Milliseconds
  /** How many of the frames behind it pass before it. */
  readonly by: number
}

interface Held {
  readonly frame: Passing
  left: number
}

/** One direction of a connection: frames wait here, in order, until they are due. */
export class Lane {
  readonly #clock: Clock
  readonly #write: (frame: Passing) => void
  readonly #queue: { readonly frame: Passing; readonly due: Milliseconds }[] = []
  #held: Held[] = []
  #free: Milliseconds = 0
  #cancel: Cancel | undefined
  #waitingBytes = 0
  #whenEmpty: (() => void)[] = []

  constructor(clock: Clock, write: (frame: Passing) => void) {
    this.#clock = clock
    this.#write = write
  }

  /** Bytes that wait for their time. */
  get waitingBytes(): number {
    return this.#waitingBytes
  }

  push(frame: Passing): void {
    if (frame.by > 0) return void this.#held.push({ frame, left: frame.by })
    this.#enqueue(frame)
    const overtaken = this.#held.filter((held) => --held.left === 0)
    this.#held = this.#held.filter(({ left }) => left > 0)
    for (const held of overtaken) this.#enqueue(held.frame)
  }

  /** Calls back once everything that waits for its time has gone. What waits to be overtaken goes now. */
  finish(done: () => void): void {
    for (const { frame } of this.#held.splice(0)) this.#enqueue(frame)
    if (this.#queue.length === 0) done()
    else this.#whenEmpty.push(done)
  }

  /** Nothing more leaves. */
  end(): void {
    this.#cancel?.()
    this.#queue.length = 0
    this.#held = []
    this.#whenEmpty = []
  }

  #enqueue(frame: Passing): void {
    const now = this.#clock.now()
    const due = Math.max(now + frame.delayMs, this.#free, now) + frame.takesMs
    this.#free = due
    if (due <= now && this.#queue.length === 0) return this.#write(frame)
    this.#queue.push({ frame, due })
    this.#waitingBytes += frame.bytes.length
    if (this.#queue.length === 1) this.#wait()
  }

  #wait(): void {
    const [next] = this.#queue
    if (!next) {
      for (const done of this.#whenEmpty.splice(0)) done()
      return
    }
    this.#cancel = this.#clock.after(Math.max(0, next.due - this.#clock.now()), () => {
      this.#queue.shift()
      this.#waitingBytes -= next.frame.bytes.length
      this.#write(next.frame)
      this.#wait()
    })
  }
}
