import { type Client, clockFrom, RequestError } from '@arclight/core'
import type { AudioSource } from '@arclight/core/contracts'
import type { DrivenClient, Outcome, Told } from './client/client-under-test.ts'

/** Drives a client that is built on core, in whatever runtime: what `ClientUnderTest.create` returns. */
export function driveCoreClient(client: Client, told: (what: Told) => void): DrivenClient {
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
      mute: async (muted) => (muted ? client.voice.call?.mute() : client.voice.call?.unmute()),
      speak: async () => client.voice.call?.speak(hum()),
    },
    close: () => client.close(),
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

const FRAME_SAMPLES = 960
const FRAME_MS = 20

/** A microphone that hears a loud hum. */
function hum(): AudioSource {
  const clock = clockFrom({
    performance,
    Date,
    setTimeout: (run, delay) => setTimeout(run, delay),
    clearTimeout: (timer: ReturnType<typeof setTimeout>) => clearTimeout(timer),
  })
  let timer: ReturnType<typeof setInterval> | undefined
  return {
    open: async (consumer) => {
      const samples = new Float32Array(FRAME_SAMPLES).map((_, at) => Math.sin((at * Math.PI) / 48) / 2)
      const started = clock.now()
      let frame = 0
      timer = setInterval(() => {
        for (; started + frame * FRAME_MS <= clock.now(); frame++) consumer.samples(samples, started + frame * FRAME_MS)
      }, FRAME_MS / 2)
    },
    close: async () => clearInterval(timer),
  }
}
