import type { Clock } from '@arclight/core'
import type { RawData, WebSocket } from 'ws'
import { type Frame, FrameReader } from './frame.ts'
import { Lane, type Passing } from './lane.ts'
import type { Direction, Rule } from './rule.ts'

/** Past it the sender is not read from until the other end has taken some. */
const MOST_WAITING_BYTES = 1_048_576
/** The code of a close frame without one (RFC 6455): it may not be sent. */
const NO_STATUS = 1005
const ABNORMAL = 1006

/** What a link asks of the proxy. */
export interface LinkParts {
  readonly client: WebSocket
  readonly server: WebSocket
  readonly clock: Clock
  /** The rules that strike this frame; the proxy has written it down. */
  readonly arrived: (frame: Frame) => readonly Rule[]
}

/** One connection through the proxy: two sockets and a lane each way. */
export class Link {
  readonly #parts: LinkParts
  readonly #reader = new FrameReader()
  readonly #lanes: readonly Lane[]
  #isCut = false

  constructor(parts: LinkParts) {
    this.#parts = parts
    const { client, server } = parts
    this.#lanes = [this.#join('to-server', client, server), this.#join('to-client', server, client)]
  }

  /** Ends both sockets: as a lost line, or with a close frame. */
  cut(close?: { code: number; reason?: string | undefined }): void {
    this.#isCut = true
    for (const lane of this.#lanes) lane.end()
    for (const socket of [this.#parts.client, this.#parts.server]) {
      if (close) socket.close(close.code, close.reason)
      else socket.terminate()
    }
  }

  #join(direction: Direction, from: WebSocket, to: WebSocket): Lane {
    const ease = (): void => {
      if (from.isPaused && !isFull()) from.resume()
    }
    const lane = new Lane(this.#parts.clock, ({ bytes, isBinary, copies }) => {
      for (let copy = 0; copy < copies; copy++) to.send(bytes, { binary: isBinary }, ease)
    })
    const isFull = (): boolean => lane.waitingBytes + to.bufferedAmount > MOST_WAITING_BYTES
    from.on('message', (data: RawData, isBinary: boolean) => {
      if (this.#isCut) return
      const frame = this.#reader.read(direction, data as Buffer, isBinary)
      this.#pass(lane, frame, this.#parts.arrived(frame))
      if (isFull()) from.pause()
    })
    from.on('ping', (data) => to.ping(data))
    from.on('pong', (data) => to.pong(data))
    // What is wrong with a socket shows in its close.
    from.on('error', () => {})
    from.on('close', (code, reason) => {
      if (this.#isCut) return
      lane.finish(() => {
        if (code === NO_STATUS) to.close()
        else if (code === ABNORMAL) to.terminate()
        else to.close(code, reason)
      })
    })
    return lane
  }

  #pass(lane: Lane, frame: Frame, rules: readonly Rule[]): void {
    let passing: Passing = { ...frame, copies: 1, delayMs: 0, takesMs: 0, by: 0 }
    for (const rule of rules) {
      if (rule.action === 'drop') return
      if (rule.action === 'cut') return this.cut(rule.code === undefined ? undefined : { ...rule, code: rule.code })
      passing = struck(passing, rule)
    }
    lane.push(passing)
  }
}

function struck(passing: Passing, rule: Exclude<Rule, { action: 'drop' | 'cut' }>): Passing {
  const { bytes } = passing
  switch (rule.action) {
    case 'delay':
      return { ...passing, delayMs: passing.delayMs + rule.ms }
    case 'duplicate':
      return { ...passing, copies: passing.copies + (rule.copies ?? 1) }
    case 'truncate':
      return { ...passing, bytes: bytes.subarray(0, rule.bytes ?? bytes.length >> 1) }
    case 'throttle':
      return { ...passing, takesMs: passing.takesMs + (bytes.length / rule.bytesPerSecond) * 1000 }
    case 'reorder':
      return { ...passing, by: Math.max(passing.by, rule.by ?? 1) }
  }
}
