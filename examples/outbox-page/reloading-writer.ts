import type { Channel, WebClient } from '@arclight/client-web'

/** When to reload: at once with the write of a number, or with the first answer after it. */
interface Stop {
  readonly at: number
  readonly when: 'written' | 'answered'
}

const MOST_UNANSWERED = 8
/** A page runs on for a while after it has asked for its reload; so many it writes in that time. */
const MOST_FAREWELL = 5

/**
 * Writes the numbers 1 to `count` and reloads its page at given moments, in mid-send. What it has written it keeps in
 * localStorage in the same breath, so that after the reload it goes on with the next: what the outbox loses is lost,
 * what it sends twice is doubled.
 */
export class ReloadingWriter {
  readonly #client: WebClient
  readonly #channel: Channel
  readonly #count = Number(localStorage.getItem('count') ?? 0)
  readonly #stops: Stop[] = JSON.parse(localStorage.getItem('stops') ?? '[]')
  /** How many may still be written; known when the page is about to be reloaded. */
  #left = Number.POSITIVE_INFINITY

  constructor(client: WebClient, channel: Channel) {
    this.#client = client
    this.#channel = channel
  }

  /** Writes as much as may be; to be called whenever something has left the outbox. */
  go(): void {
    if (this.#client.outbox.place !== 'store') return
    while (this.#next() <= this.#count && this.#left > 0 && this.#client.unsent < MOST_UNANSWERED) this.#write()
  }

  #write(): void {
    const number = this.#next()
    const sent = this.#channel.send(String(number))
    localStorage.setItem('next', String(number + 1))
    this.#left -= 1
    const [stop] = this.#stops
    if (!stop || number < stop.at || this.#left < MOST_FAREWELL) sent.catch(() => {})
    else if (stop.when === 'written') this.#reload()
    else sent.then(() => this.#reload()).catch(() => {})
  }

  #next(): number {
    return Number(localStorage.getItem('next') ?? 1)
  }

  #reload(): void {
    if (this.#left <= MOST_FAREWELL) return
    this.#left = MOST_FAREWELL
    localStorage.setItem('stops', JSON.stringify(this.#stops.slice(1)))
    location.reload()
  }
}
