import { type Client, clockFrom, type Message, RequestError } from '@arclight/core'
import type { AudioSource } from '@arclight/core/contracts'
import type { Action, DrivenClient, Outcome, Told } from './client/client-under-test.ts'

/** Drives a client that is built on core, in whatever runtime: what `ClientUnderTest.create` returns. */
export function driveCoreClient(client: Client, told: (what: Told) => void): DrivenClient {
  client.on('state', ({ name }) => told({ is: 'state', name }))
  return {
    login: async (account) => void (await client.login(account)),
    join: async (channel) => {
      const handle = client.channels.get(channel)
      await handle.join()
      for (const is of ['message', 'changed', 'deleted'] as const) {
        handle.on(is, (message) => told({ is, ...lookOf(message) }))
      }
      handle.on('reset', () => told({ is: 'reset', channel }))
      handle.on('gone', () => told({ is: 'gone', channel }))
      handle.on('typing', (users) => told({ is: 'typing', channel, users: users.map(({ id }) => id) }))
    },
    send: (channel, text) => outcomeOf(client.channels.get(channel).send(text)),
    ask: (type, data) => outcomeOf(client.request(type as 'channel.list', data as Record<string, never>)),
    perform: (action) => outcomeOf(perform(client, action, told)),
    wake: () => client.wake(),
    voice: {
      join: async (channel) => void (await client.voice.join(channel)),
      mute: async (muted) => (muted ? client.voice.call?.mute() : client.voice.call?.unmute()),
      speak: async () => client.voice.call?.speak(hum()),
    },
    close: () => client.close(),
  }
}

async function perform(client: Client, action: Action, told: (what: Told) => void): Promise<unknown> {
  if (action.do === 'watch') {
    const presence = await client.presence.watch()
    return presence.on('changed', ({ user, status }) => told({ is: 'presence', user: user.id, status }))
  }
  const { channel } = action
  const handle = client.channels.get(channel)
  switch (action.do) {
    case 'answer':
      return handle.send({ text: action.text, replyTo: action.replyTo, mentions: action.mentions })
    case 'walk':
      for await (const { messages } of handle.history()) {
        for (const message of messages) told({ is: 'past', ...lookOf(message) })
      }
      return
    case 'count':
      return handle.on('unread', (count) => told({ is: 'unread', channel, ...count }))
    case 'type':
      return handle.typing()
  }
}

function lookOf({ channel, seq, rev, text }: Message): { channel: string; seq: number; rev: number; text: string } {
  return { channel, seq, rev, text }
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
