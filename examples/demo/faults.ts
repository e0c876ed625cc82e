import type { ConnectTransport } from '@arclight/core/client'
import { HEADER_BYTES, MediaKind, readKind } from '@arclight/core/codec'
import type { RecordingSource } from '@arclight/core/contracts'
import { type Faults, faultTransport } from '@arclight/core/testing'
import { wsTransport } from '@arclight/core/transport-ws'

/** What `--break` takes: each must make the demo fail. */
export const BREAKS = ['message', 'voice', 'frame'] as const
export type Break = (typeof BREAKS)[number]

const EVERY_NTH_FRAME = 10

/** Which picture `--break frame` loses. */
const LOST_PICTURE = 42

/** The file's pictures, but for one of them where that was asked for. */
export function sourceWith(broken: Break | undefined, source: RecordingSource): RecordingSource {
  if (broken !== 'frame') return source
  let pictures = 0
  return {
    ...source,
    start: (consumer) =>
      source.start({
        ...consumer,
        frame: (frame) => {
          if (frame.key !== 'camera' || pictures++ !== LOST_PICTURE) consumer.frame(frame)
        },
      }),
  }
}

/** The listener's way to the server, with what was asked for going wrong on it. */
export function listenerTransport(broken: Break | undefined): ConnectTransport {
  return broken === 'message' || broken === 'voice' ? faultTransport(wsTransport(), faultsOf(broken)) : wsTransport()
}

function faultsOf(broken: 'message' | 'voice'): Faults {
  if (broken === 'message') return { dropText: (text) => text.includes('"text":"message 42 of ') }
  let frames = 0
  return {
    dropBinary: (frame) => {
      if (frame.length <= HEADER_BYTES || readKind(frame) !== MediaKind.audio) return false
      return ++frames % EVERY_NTH_FRAME === 0
    },
  }
}
