import { hash, verify } from '@node-rs/argon2'
import { Refusal } from '../refusal.ts'

/** They share libuv's pool with file reads: 32 at once delay one by 480 ms. */
const MOST_RUNNING = 2
const MOST_WAITING = 32
const RETRY_AFTER_MS = 2_000

/** argon2id (RFC 9106) with OWASP's 2025 minimum: 19 MiB, 2 passes, 1 lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Hashes passwords, two at a time; past 32 that wait it refuses. */
export class PasswordHasher {
  #running = 0
  readonly #waiting: (() => void)[] = []
  #dummy: Promise<string> | undefined

  /** A PHC string. */
  hash(password: string): Promise<string> {
    return this.#run(() => hash(password, COST))
  }

  verify(passwordHash: string, password: string): Promise<boolean> {
    return this.#run(() => verify(passwordHash, password))
  }

  /** Takes as long as `verify` does, so that an unknown name cannot be told from a wrong password. */
  async verifyNobody(password: string): Promise<void> {
    this.#dummy ??= this.hash('nobody has this password')
    await this.verify(await this.#dummy, password)
  }

  async #run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#running >= MOST_RUNNING) await this.#queue()
    this.#running++
    try {
      return await work()
    } finally {
      this.#running--
      this.#waiting.shift()?.()
    }
  }

  #queue(): Promise<void> {
    if (this.#waiting.length >= MOST_WAITING) {
      throw new Refusal('rate_limited', 'too many people sign in at this moment', { retryAfterMs: RETRY_AFTER_MS })
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}
