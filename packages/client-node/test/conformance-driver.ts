import { createClient, type NodeClientOptions } from '@arclight/client-node'
import type { ClientUnderTest, Outcome } from '@arclight/conformance/client'
import { clockFrom, RequestError } from '@arclight/core'
import type { AudioCodec, AudioSource } from '@arclight/core/contracts'

/** The Node client as the kit drives it; `more` are options of its own. */
export function nodeClient(more: Partial<NodeClientOptions> = {}): ClientUnderTest {
  return {
    name: 'client-node',
    supports: ['requestMs', 'ask', 'wake', 'voice', 'speak'],
    create: ({ url, requestMs, told }) => {
      const client = createClient({ url, requestMs, codec: tonelessCodec, ...more })
      client.on('state', ({ name }) => told({ is: 'state', name }))
      return {
        login: async (account) => void (await client.login(account)),
        join: async (channel) => {
          const handle = client.channels.get(channel)
          await handle.join()
          handle.on('message', ({ seq, text }) => told({ is: 'message', channel, seq, text }))
          handle.on('reset', () => told({ is: 'reset', channel }))
        },
        send: (channel, text) => outcomeOf(client.channels.get(channel).send(text)),
        ask: (type, data) => outcomeOf(client.request(type as 'channel.list', data as Record<string, never>)),
        wake: () => client.wake(),
        voice: {
          join: async (channel) => void (await client.voice.join(channel)),
          mute: async (muted) => void (await (muted ? client.voice.call?.mute() : client.voice.call?.unmute())),
          speak: async () => void (await client.voice.call?.speak(hum())),
        },
        close: () => client.close(),
      }
    },
  }
}

async function outcomeOf(work: Promise<unknown>): Promise<Outcome> {
  try {
    await work
    return { is: 'done' }
  } catch (error) {
    if (!(error instanceof RequestError)) return { is: 'unsent' }
    return error.reason === 'failed' ? { is: 'failed', code: error.code ?? '' } : { is: error.reason }
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

/** A microphone that hears a loud hum. */
function hum(): AudioSource {
  const clock = clockFrom(globalThis)
  let timer: NodeJS.Timeout | undefined
  return {
    open: async (consumer) => {
      const samples = new Float32Array(960).map((_, at) => Math.sin((at * Math.PI) / 48) / 2)
      const started = clock.now()
      let frame = 0
      timer = setInterval(() => {
        for (; started + frame * 20 <= clock.now(); frame++) consumer.samples(samples, started + frame * 20)
      }, 10)
    },
    close: async () => clearInterval(timer),
  }
}
