import type { ConnectTransport } from '@arclight/core/client'
import { HEADER_BYTES, MediaKind, readKind } from '@arclight/core/codec'
import { type Faults, faultTransport } from '@arclight/core/testing'
import { wsTransport } from '@arclight/core/transport-ws'

/** What `--break` takes: each must make the demo fail. */
export const BREAKS = ['message', 'voice'] as const
export type Break = (typeof BREAKS)[number]

const EVERY_NTH_FRAME = 10

/** The listener's way to the server, with what was asked for going wrong on it. */
export function listenerTransport(broken: Break | undefined): ConnectTransport {
  return broken === undefined ? wsTransport() : faultTransport(wsTransport(), faultsOf(broken))
}

function faultsOf(broken: Break): Faults {
  if (broken === 'message') return { dropText: (text) => text.includes('"text":"message 42 of ') }
  let frames = 0
  return {
    dropBinary: (frame) => {
      if (frame.length <= HEADER_BYTES || readKind(frame) !== MediaKind.audio) return false
      return ++frames % EVERY_NTH_FRAME === 0
    },
  }
}
