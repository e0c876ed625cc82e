/** How long somebody who was live was away, each time. */
export class Outages {
  #state: 'new' | 'live' | { readonly since: number; restarted: boolean } = 'new'
  #count = 0
  #worstMs = 0
  #worstRestartMs = 0

  /** Times that it came back. */
  get count(): number {
    return this.#count
  }

  /** The longest that a cut kept it away. */
  get worstMs(): number {
    return this.#worstMs
  }

  /** The longest during which the server was down too. */
  get worstRestartMs(): number {
    return this.#worstRestartMs
  }

  /** The connection is gone. */
  began(now: number): void {
    if (this.#state === 'live') this.#state = { since: now, restarted: false }
  }

  /** The server is down, whoever is connected included. */
  serverWent(now: number): void {
    this.began(now)
    if (typeof this.#state === 'object') this.#state.restarted = true
  }

  /** Live again. */
  ended(now: number): void {
    if (typeof this.#state === 'object') {
      const away = now - this.#state.since
      if (this.#state.restarted) this.#worstRestartMs = Math.max(this.#worstRestartMs, away)
      else this.#worstMs = Math.max(this.#worstMs, away)
      this.#count++
    }
    this.#state = 'live'
  }
}
