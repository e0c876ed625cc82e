import type { ConnectTransport } from '@arclight/core/client'
import { faultTransport } from '@arclight/core/testing'
import { wsTransport } from '@arclight/core/transport-ws'

/** What `--break` takes: each must make the proof fail. */
export const BREAKS = ['double', 'drop', 'swap'] as const
export type Break = (typeof BREAKS)[number]

interface Send {
  readonly id: number
  readonly type: string
  readonly data: { readonly clientId: string; readonly after?: string }
}

/** Of the messages on a wire with swapped pairs, every how-manieth trades places with the next. */
const SWAPPED = 10
/** The entry of `general` that a wire with a drop never lets through. */
const DROPPED_SEQ = 42

/** What left more than once, and what the server said to it. */
export class Repeats {
  readonly #left = new Set<string>()
  #sent = 0
  #answered = 0

  /** Messages that left again. */
  get sent(): number {
    return this.#sent
  }

  /** Those of them that the server had stored before: it answered with what it had. */
  get answered(): number {
    return this.#answered
  }

  /** Counts what passes. */
  watch(connect: ConnectTransport): ConnectTransport {
    return (url, subprotocol, handlers) => {
      /** Request id to the time it left, of repeats on this connection. */
      const again = new Map<number, number>()
      const transport = connect(url, subprotocol, {
        ...handlers,
        text: (text) => {
          this.#read(text, again)
          handlers.text(text)
        },
      })
      return around(transport, (text) => {
        const send = sendIn(text)
        if (send && this.#left.has(send.data.clientId)) {
          this.#sent++
          again.set(send.id, Date.now())
        } else if (send) this.#left.add(send.data.clientId)
        transport.sendText(text)
      })
    }
  }

  /** The server runs on this machine, by the same wall clock. */
  #read(text: string, again: Map<number, number>): void {
    if (again.size === 0) return
    const { re, data } = JSON.parse(text) as { re?: number; data?: { message?: { at: number } } }
    const leftAt = re === undefined ? undefined : again.get(re)
    if (leftAt !== undefined && data?.message && data.message.at < leftAt) this.#answered++
  }
}

/** The way to the server, with what was asked for going wrong on it. */
export function wireWith(broken: Break | undefined): ConnectTransport {
  if (broken === 'double') return newIdForRepeats(wsTransport())
  if (broken === 'swap') return swappedPairs(wsTransport())
  if (broken === 'drop') return faultTransport(wsTransport(), { dropText: holdsDropped })
  return wsTransport()
}

/** The entry itself, and each page of the log that would bring it again. */
function holdsDropped(text: string): boolean {
  return text.includes('"type":"message.created"') && text.includes(`"channel":"general","seq":${DROPPED_SEQ},`)
}

function newIdForRepeats(connect: ConnectTransport): ConnectTransport {
  const left = new Set<string>()
  let repeats = 0
  return (...dialled) => {
    const transport = connect(...dialled)
    return around(transport, (text) => {
      const clientId = sendIn(text)?.data.clientId
      if (clientId === undefined) return transport.sendText(text)
      transport.sendText(left.has(clientId) ? text.replace(clientId, `${clientId}-${++repeats}`) : text)
      left.add(clientId)
    })
  }
}

/** Without `after` the server cannot know that a message came before its turn. */
function swappedPairs(connect: ConnectTransport): ConnectTransport {
  let sends = 0
  return (...dialled) => {
    const transport = connect(...dialled)
    let held: string | undefined
    return around(transport, (whole) => {
      const text = withoutAfter(whole)
      if (held === undefined && sendIn(text) && ++sends % SWAPPED === 0) {
        held = text
        return
      }
      transport.sendText(text)
      if (held !== undefined) transport.sendText(held)
      held = undefined
    })
  }
}

function withoutAfter(text: string): string {
  const send = sendIn(text)
  if (!send) return text
  const { after: _, ...data } = send.data
  return JSON.stringify({ ...send, data })
}

function sendIn(text: string): Send | undefined {
  const request = JSON.parse(text) as Send
  return request.type === 'message.send' ? request : undefined
}

type Transport = ReturnType<ConnectTransport>

function around(transport: Transport, sendText: (text: string) => void): Transport {
  return {
    get bufferedBytes() {
      return transport.bufferedBytes
    },
    sendText,
    sendBinary: (bytes) => transport.sendBinary(bytes),
    close: (code, reason) => transport.close(code, reason),
  }
}
