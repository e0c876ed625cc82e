import { LIMITS } from '../../protocol/limits.ts'
import type { Clock } from '../../time/clock.ts'
import type { Milliseconds } from '../../time/units.ts'
import type { Connection } from '../connection.ts'

/** Twice in the time that it lasts, so that it does not end while somebody goes on. */
const AGAIN_MS: Milliseconds = LIMITS.typingMs / 2

/** Says that the user types in one channel, seldom enough. What gets lost is not worth an error. */
export class Typist {
  readonly #channel: string
  readonly #connection: Connection
  readonly #clock: Clock
  /** When it was last said, while others may still see it. */
  #saidAt: Milliseconds | undefined

  constructor(channel: string, connection: Connection, clock: Clock) {
    this.#channel = channel
    this.#connection = connection
    this.#clock = clock
  }

  say(typing: boolean): void {
    const { state } = this.#connection
    if (state.name !== 'live' || !state.hello.capabilities.includes('presence')) return
    const now = this.#clock.now()
    const since = this.#saidAt === undefined ? Number.POSITIVE_INFINITY : now - this.#saidAt
    if (typing ? since < AGAIN_MS : since >= LIMITS.typingMs) return
    this.#saidAt = typing ? now : undefined
    void this.#connection.ask('typing.set', { channel: this.#channel, typing }).catch(() => {})
  }

  /** The server has ended it: a message was sent, or the connection is gone (TYPE-2). */
  ended(): void {
    this.#saidAt = undefined
  }
}
