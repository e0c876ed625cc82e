import { isDeepStrictEqual } from 'node:util'
import type { Message } from '@arclight/client-node'

/** What one reader was told of one channel: everything above `start`, as it came. */
export interface Stream {
  readonly reader: string
  readonly channel: string
  readonly start: number
  readonly told: readonly Message[]
}

/** A message that an author handed over; `stored` is what its promise resolved with. */
export interface Sent {
  readonly author: string
  readonly channel: string
  readonly text: string
  readonly stored: Message | undefined
}

/** Whatever is lost, doubled or out of order in what a reader was told. */
export function judgeOrder({ reader, channel, start, told }: Stream): string[] {
  const faults: string[] = []
  const seen = new Set<number>()
  let last = start
  for (const { seq, text } of told) {
    const what = `${reader} got ${seq} of ${channel} (${quoted({ text })})`
    if (seen.has(seq)) faults.push(`${what} twice`)
    else if (seq <= start) faults.push(`${what}, which is not after ${start}, where it started`)
    else if (seq < last) faults.push(`${what} after ${last}`)
    else if (seq > last + 1) faults.push(`${what} without ${range(last + 1, seq - 1)}`)
    seen.add(seq)
    last = Math.max(last, seq)
  }
  return faults
}

/** Whether a reader was told what stands in the log; where `whole`, up to its end. */
export function judgeStream(
  { reader, channel, start, told }: Stream,
  log: readonly Message[],
  whole: boolean,
): string[] {
  const faults: string[] = []
  for (const message of told) {
    const stands = log[message.seq - 1]
    if (isDeepStrictEqual(message, stands)) continue
    faults.push(`${reader} got ${quoted(message)} as ${message.seq} of ${channel}, where ${quoted(stands)} stands`)
  }
  const last = told.at(-1)?.seq ?? start
  if (whole && last < log.length) faults.push(`${reader} never got ${range(last + 1, log.length)} of ${channel}`)
  return faults
}

/**
 * Whether a channel's log is what was sent to it: each text once, each author's in its order. The first `prior` entries
 * were there before.
 */
export function judgeLog(channel: string, log: readonly Message[], sent: readonly Sent[], prior: number): string[] {
  const faults: string[] = []
  const order = new Map(sent.map(({ author, text }, index) => [`${author}: ${text}`, index]))
  const seen = new Map<string, number>()
  const last = new Map<string, { index: number; text: string }>()
  for (const [at, { seq, text, author }] of log.entries()) {
    if (seq !== at + 1) faults.push(`${channel} has ${seq} as its ${at + 1}. entry`)
    const key = `${author.name}: ${text}`
    const index = order.get(key)
    const before = last.get(author.name)
    if (seen.has(key)) faults.push(`${quoted({ text })} stands twice in ${channel}, as ${seen.get(key)} and as ${seq}`)
    else if (at >= prior && index === undefined)
      faults.push(`${author.name} never sent ${quoted({ text })}, ${seq} of ${channel}`)
    else if (index !== undefined && before && index < before.index)
      faults.push(
        `${quoted(before)} stands before ${quoted({ text })} in ${channel}, though ${author.name} sent it later`,
      )
    seen.set(key, seq)
    if (index !== undefined && (!before || index > before.index)) last.set(author.name, { index, text })
  }
  return faults
}

/** Whether each message was answered for with what stands in the log; where `whole`, whether each is there at all. */
export function judgeSent(sent: readonly Sent[], log: readonly Message[], whole: boolean): string[] {
  const faults: string[] = []
  const texts = new Set(log.map(({ text }) => text))
  for (const { author, channel, text, stored } of sent) {
    if (stored === undefined) {
      if (whole) faults.push(`${author} got no answer to ${quoted({ text })} in ${channel}`)
    } else if (stored.text !== text || stored.author.name !== author || stored.channel !== channel)
      faults.push(`${author} sent ${quoted({ text })} to ${channel} and was answered ${quoted(stored)}`)
    else if (log[stored.seq - 1] ? !isDeepStrictEqual(stored, log[stored.seq - 1]) : whole)
      faults.push(
        `${author} was answered ${stored.seq} of ${channel} for ${quoted({ text })}, ` +
          `where ${quoted(log[stored.seq - 1])} stands`,
      )
    if (whole && !texts.has(text)) faults.push(`${quoted({ text })} of ${author} is lost: ${channel} does not have it`)
  }
  return faults
}

function quoted(message: { readonly text: string } | undefined): string {
  return message ? JSON.stringify(message.text) : 'nothing'
}

function range(from: number, to: number): string {
  return from === to ? String(from) : `${from} to ${to}`
}
