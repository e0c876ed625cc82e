import type { Message } from '../protocol/message.ts'
import type { ReadMarker } from '../protocol/read.ts'

/** What is left to read. */
export interface UnreadCount {
  /** Messages above the user's marker. */
  readonly unread: number
  /** How many of them mention the user. */
  readonly mentions: number
}

/** Mentions that are counted above what the server has counted: more than anybody shows. */
const MOST_MENTIONS = 1_000

/**
 * Counts what a user has not read of one channel: from markers, which the server sends, and from the messages that come
 * after them. `unread` is a difference of ordinals (READ-2), so that no message need be kept. A mention that an edit
 * puts into a message which the server has counted shows with the next marker.
 */
export class Unread {
  #marker: ReadMarker | undefined
  /** The newest ordinal that is known. */
  #newest = 0
  /** Ordinals, above what the marker counts, of messages that mention the user. */
  readonly #mentioning = new Set<number>()

  /** Undefined until a marker came. */
  get count(): UnreadCount | undefined {
    const marker = this.#marker
    if (!marker) return undefined
    return { unread: this.#newest - marker.ordinal, mentions: marker.mentions + this.#mentioning.size }
  }

  /** How far the user has read: the seq of the marker. */
  get seq(): number {
    return this.#marker?.seq ?? 0
  }

  /** The server says how far the user has read. Markers never go back: an older one changes nothing. */
  marked(marker: ReadMarker): void {
    const counted = countedBy(marker)
    const known = this.#marker
    if (known && (marker.seq < known.seq || (marker.seq === known.seq && counted < countedBy(known)))) return
    this.#marker = marker
    this.#newest = Math.max(this.#newest, counted)
    for (const ordinal of this.#mentioning) if (ordinal <= counted) this.#mentioning.delete(ordinal)
  }

  /** A message came, new or changed. */
  came({ ordinal, mentions = [] }: Pick<Message, 'ordinal' | 'mentions'>, user: string | undefined): void {
    this.#newest = Math.max(this.#newest, ordinal)
    if (this.#marker && ordinal <= countedBy(this.#marker)) return
    if (user === undefined || !mentions.includes(user)) this.#mentioning.delete(ordinal)
    else if (this.#mentioning.size < MOST_MENTIONS) this.#mentioning.add(ordinal)
  }

  /** The log, or the user, is another one. */
  clear(): void {
    this.#marker = undefined
    this.#newest = 0
    this.#mentioning.clear()
  }
}

/** The ordinal of the newest message that the server had counted. */
function countedBy({ ordinal, unread }: ReadMarker): number {
  return ordinal + unread
}
