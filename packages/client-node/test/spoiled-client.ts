import type { ClientUnderTest, DrivenClient, Told } from '@arclight/conformance/client'
import type { ConnectTransport, Transport, TransportHandlers } from '@arclight/core/client'
import { MediaFlag, MediaKind, readFlags, readKind } from '@arclight/core/codec'
import { wsTransport } from '@arclight/core/transport-ws'
import { nodeClient } from './conformance-driver.ts'

// biome-ignore lint/suspicious/noExplicitAny: messages are what a spoiler makes of them
type Message = any

/** What a spoiler can reach of the connection. */
export interface Line {
  readonly transport: Transport
  readonly handlers: TransportHandlers
  /** Loses the connection as the network would, or as a server that closes. */
  lose(code?: number): void
}

/** How a good client is made a bad one: what is left out stays good. */
export interface Spoil {
  readonly subprotocol?: string
  readonly opened?: (line: Line) => void
  /** Messages on their way out, and in: undefined loses one. */
  readonly out?: (message: Message, line: Line) => Message | undefined
  readonly in?: (message: Message, line: Line) => Message | undefined
  /** Text that is no message. */
  readonly garbage?: (line: Line) => void
  readonly outBinary?: (frame: Uint8Array, line: Line) => Uint8Array | undefined
  readonly inBinary?: (frame: Uint8Array, line: Line) => Uint8Array | undefined
  readonly closed?: (code: number) => number
  readonly told?: (what: Told, tell: (what: Told) => void) => void
  readonly driven?: (good: DrivenClient) => Partial<DrivenClient>
  readonly requestMs?: number
  readonly random?: () => number
}

/** The Node client, spoiled. */
export function spoiledClient(spoil: Spoil): ClientUnderTest {
  const good = nodeClient({ connect: spoiledTransport(spoil) })
  return {
    ...good,
    create: async (settings) => {
      const { told, requestMs } = settings
      const driven = await good.create({
        ...settings,
        requestMs: spoil.requestMs ?? requestMs,
        told: (what) => (spoil.told ? spoil.told(what, told) : told(what)),
      })
      return { ...driven, ...spoil.driven?.(driven) }
    },
  }
}

function spoiledTransport(spoil: Spoil): ConnectTransport {
  const connect = wsTransport()
  return (url, subprotocol, handlers) => {
    let isLost = false
    const line: Line = {
      handlers,
      get transport() {
        return transport
      },
      lose: (code = 1006) => {
        if (isLost) return
        isLost = true
        handlers.closed({ code, reason: 'spoiled' })
        transport.close(1000, '')
      },
    }
    const transport = connect(url, spoil.subprotocol ?? subprotocol, {
      opened: () => {
        handlers.opened()
        spoil.opened?.(line)
      },
      text: (text) => {
        if (isLost) return
        let message: Message
        try {
          message = JSON.parse(text)
        } catch {
          if (spoil.garbage) return spoil.garbage(line)
          return handlers.text(text)
        }
        const came = spoil.in && message ? spoil.in(message, line) : message
        if (came !== undefined && !isLost) handlers.text(JSON.stringify(came))
      },
      binary: (bytes) => {
        if (isLost) return
        const came = spoil.inBinary ? spoil.inBinary(bytes, line) : bytes
        if (came && !isLost) handlers.binary(came)
      },
      closed: ({ code, reason }) => {
        if (!isLost) handlers.closed({ code: spoil.closed?.(code) ?? code, reason })
      },
    })
    return {
      get bufferedBytes() {
        return transport.bufferedBytes
      },
      sendText: (text) => {
        const message = JSON.parse(text)
        const sent = spoil.out ? spoil.out(message, line) : message
        if (sent !== undefined) transport.sendText(JSON.stringify(sent))
      },
      sendBinary: (bytes) => {
        const sent = spoil.outBinary ? spoil.outBinary(bytes, line) : bytes
        if (sent) transport.sendBinary(sent)
      },
      close: (code, reason) => transport.close(code, reason),
    }
  }
}

/** Whether a frame that leaves or comes is a probe, its answer, or media. */
export function natureOf(frame: Uint8Array): 'probe' | 'echo' | 'media' {
  if (frame.length < 16 || readKind(frame) !== MediaKind.probe) return 'media'
  return readFlags(frame) & MediaFlag.echo ? 'echo' : 'probe'
}
