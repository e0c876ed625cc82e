import { createClient, type NodeClientOptions } from '@arclight/client-node'
import type { ClientUnderTest } from '@arclight/conformance/client'
import { driveCoreClient } from '@arclight/conformance/core-driver'
import type { AudioCodec } from '@arclight/core/contracts'

/** The Node client as the kit drives it; `more` are options of its own. */
export function nodeClient(more: Partial<NodeClientOptions> = {}): ClientUnderTest {
  return {
    name: 'client-node',
    supports: ['requestMs', 'ask', 'wake', 'voice', 'speak', 'edits', 'channels', 'reads', 'presence', 'history'],
    create: ({ url, requestMs, told }) =>
      driveCoreClient(createClient({ url, requestMs, codec: tonelessCodec, ...more }), told),
  }
}

/** Opus in name only: the kit reads no payload. */
const tonelessCodec: AudioCodec = {
  format: { kind: 'audio', codec: 'opus', sampleRate: 48_000, channels: 1 },
  createEncoder: async ({ headroom, output }) => ({
    frameSamples: 960,
    encode: () => output(new Uint8Array(headroom + 20)),
    flush: async () => {},
    close: () => {},
  }),
  createDecoder: async () => ({ decode: () => {}, close: () => {} }),
}
