import { isDeepStrictEqual } from 'node:util'
import type { Message } from '@arclight/client-node'
import { judgeLog, judgeOrder, judgeSent, judgeStream, type Sent, type Stream } from './judgement.ts'

/** What the log was found to be in the end. */
export interface Evidence {
  /** Each channel's log, oldest first, as a stranger read it. */
  readonly logs: ReadonlyMap<string, readonly Message[]>
  /** How many entries of each channel were there before anything that was witnessed; none unless told. */
  readonly prior?: ReadonlyMap<string, number>
}

/** Notes what was sent, answered and told of one life of a server's logs, and says what is wrong with it. */
export class Witness {
  /** By author, channel and text, in the order in which they were handed over. */
  readonly #sent = new Map<string, Sent>()
  /** By reader and channel. */
  readonly #streams = new Map<string, Stream & { readonly told: Message[] }>()
  readonly #faults: string[] = []

  /** Handed over now; again where an earlier attempt was rejected. */
  sent(author: string, channel: string, text: string): void {
    const key = `${author} ${channel} ${text}`
    this.#sent.delete(key)
    this.#sent.set(key, { author, channel, text, stored: undefined })
  }

  /** The promise of a message that was handed over resolved. */
  answered(author: string, channel: string, text: string, stored: Message): void {
    const key = `${author} ${channel} ${text}`
    if (this.#sent.get(key)?.stored) this.#faults.push(`${author} was answered twice for ${JSON.stringify(text)}`)
    this.#sent.set(key, { author, channel, text, stored })
  }

  /** What the reader is told of the channel from here on is what lies above `start`. */
  follows(reader: string, channel: string, start: number): void {
    if (this.#streams.has(`${reader} ${channel}`)) this.#faults.push(`${reader} started twice in ${channel}`)
    this.#streams.set(`${reader} ${channel}`, { reader, channel, start, told: [] })
  }

  told(reader: string, channel: string, message: Message): void {
    const stream = this.#streams.get(`${reader} ${channel}`)
    if (stream) stream.told.push(message)
    else
      this.#faults.push(
        `${reader} was told ${message.seq} of ${channel} (${JSON.stringify(message.text)}) before it started there`,
      )
  }

  /** How far a reader got. */
  reached(reader: string, channel: string): number {
    const stream = this.#streams.get(`${reader} ${channel}`)
    return stream?.told.at(-1)?.seq ?? stream?.start ?? 0
  }

  /** The longest that any reader was told of a channel: the log, where nobody can read it any more. */
  heard(channel: string): readonly Message[] {
    const told = [...this.#streams.values()].filter((stream) => stream.channel === channel).map((stream) => stream.told)
    return told.sort((one, other) => other.length - one.length)[0] ?? []
  }

  /** The highest seq of a channel that a sender was answered with. */
  acknowledged(channel: string): number {
    const seqs = [...this.#sent.values()].map((one) => (one.channel === channel ? (one.stored?.seq ?? 0) : 0))
    return Math.max(0, ...seqs)
  }

  /** How many entries at the start of each of these logs are those that were told of here. */
  survived(logs: ReadonlyMap<string, readonly Message[]>): Map<string, number> {
    const survivors = new Map<string, number>()
    for (const [channel, log] of logs) {
      const heard = this.heard(channel)
      const other = log.findIndex((message, index) => !isDeepStrictEqual(message, heard[index]))
      survivors.set(channel, other < 0 ? log.length : other)
    }
    return survivors
  }

  /** Everything that is wrong, each in a sentence; nothing where each message came once and in order to everybody. */
  judge({ logs, prior }: Evidence): string[] {
    return [...this.#faults, ...this.#judge(logs, prior ?? new Map(), true)]
  }

  /** The same of logs that nobody can read any more: what was told so far must fit together. */
  judgeUnfinished(): string[] {
    const channels = new Set([...this.#streams.values()].map(({ channel }) => channel))
    const logs = new Map([...channels].map((channel) => [channel, this.heard(channel)]))
    return [...this.#faults, ...this.#judge(logs, new Map(), false)]
  }

  #judge(logs: ReadonlyMap<string, readonly Message[]>, prior: ReadonlyMap<string, number>, whole: boolean): string[] {
    const faults: string[] = []
    for (const [channel, log] of logs) {
      const sent = [...this.#sent.values()].filter((one) => one.channel === channel)
      faults.push(...judgeLog(channel, log, sent, prior.get(channel) ?? 0), ...judgeSent(sent, log, whole))
      for (const stream of this.#streams.values()) {
        if (stream.channel !== channel) continue
        faults.push(...judgeOrder(stream), ...judgeStream(stream, log, whole))
      }
    }
    for (const { channel, text } of this.#sent.values()) {
      if (!logs.has(channel)) faults.push(`${JSON.stringify(text)} was sent to ${channel}, whose log nobody read`)
    }
    return faults
  }
}
