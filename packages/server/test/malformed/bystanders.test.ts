import { readSeq } from '@arclight/core/codec'
import { LIMITS, type LogEntry } from '@arclight/core/protocol'
import { expect, test } from 'vitest'
import { mediaFrame } from '../media-frame.ts'
import type { RawClient } from '../raw-client.ts'
import { RunningServer } from '../running-server.ts'
import { talk } from '../voice.ts'

const ROUNDS = 20

interface Speaker {
  readonly client: RawClient
  readonly track: number
  readonly name: string
}

/** Two people who chat and talk to each other; each counts what comes from the other. */
class Conversation {
  readonly #people: readonly Speaker[]
  #round = 0

  private constructor(people: readonly Speaker[]) {
    this.#people = people
  }

  static async start(running: RunningServer): Promise<Conversation> {
    const people = []
    for (const name of ['mei', 'li']) {
      const client = await running.signIn(name)
      await client.ask('channel.join', { channel: 'general' })
      people.push({ client, name, track: (await talk(client)).track })
    }
    return new Conversation(people)
  }

  get tracks(): number[] {
    return this.#people.map(({ track }) => track)
  }

  /** Each says a sentence and sends a frame. */
  async exchange(): Promise<void> {
    const round = this.#round++
    for (const { client, track, name } of this.#people) {
      client.sendBinary(mediaFrame({ track, seq: round }))
      await client.ask('message.send', { channel: 'general', clientId: `${round}`, text: `${name} ${round}` })
    }
  }

  /** What each heard and read, in order. */
  async heard(): Promise<{ texts: string[]; frames: number[] }[]> {
    for (const { client } of this.#people) await client.settle()
    return this.#people.map(({ client }) => ({
      texts: client.texts.all
        .filter(({ type }) => type === 'message.created')
        .map((entry) => (entry as unknown as LogEntry).data.message.text),
      frames: client.frames.all.map(readSeq),
    }))
  }
}

/** What a connection that means no good sends, one thing at a time. */
function attacks(victim: number): ((client: RawClient) => void)[] {
  return [
    (client) => client.sendText('{"id":1,"type":'),
    (client) => client.sendText('{"id":"x","type":"message.send"}'),
    (client) => client.sendText(Uint8Array.of(0xff, 0xfe, 0xc0)),
    (client) => client.post('message.send', { channel: ['general'], clientId: {}, text: 5 }),
    (client) => client.post('drop.tables', { channel: 'general' }),
    (client) => client.post('auth.logout'),
    (client) => client.post('track.unpublish', { track: victim }),
    (client) => client.post('track.publish', { key: 'x', format: {}, to: { channel: 'lounge' } }),
    (client) => client.sendBinary(mediaFrame({ track: victim, seq: 4_000_000 })),
    (client) => client.sendBinary(mediaFrame({ track: 0, seq: 4_000_000 })),
    (client) => client.sendBinary(mediaFrame({ track: 65_535, seq: 4_000_000 })),
    (client) => client.sendBinary(new Uint8Array(7)),
    (client) => client.sendBinary(new Uint8Array(LIMITS.mediaBytes + 1)),
    (client) => client.sendText('x'.repeat(LIMITS.controlBytes + 1)),
    (client) => {
      for (let count = 0; count <= LIMITS.malformedFrames; count++) client.sendText('?')
    },
    (client) => {
      for (let count = 0; count < 1_000; count++) client.post('message.send', {})
    },
    (client) => void client[Symbol.asyncDispose](),
  ]
}

/** Two messages and frames of each round, as each of the two gets them. */
function everything(rounds: number): { texts: string[]; frames: number[] } {
  const all = Array.from({ length: rounds }, (_, round) => round)
  return { texts: all.flatMap((round) => [`mei ${round}`, `li ${round}`]), frames: all }
}

test('[BAD-3] whatever strangers send, two others lose no message and no frame', async () => {
  await using running = await RunningServer.start()
  const conversation = await Conversation.start(running)
  const [victim = 0] = conversation.tracks
  for (const attack of attacks(victim)) {
    attack(await running.connect())
    await conversation.exchange()
  }
  const expected = everything(attacks(victim).length)
  expect(await conversation.heard()).toEqual([expected, expected])
})

test('[BAD-3] whatever somebody in the same channels sends, two others lose no message and no frame', async () => {
  await using running = await RunningServer.start()
  const conversation = await Conversation.start(running)
  const [victim = 0] = conversation.tracks
  for (const [index, attack] of attacks(victim).entries()) {
    const zoe = await running.signIn(`zoe ${index}`)
    await zoe.ask('channel.join', { channel: 'general' })
    await talk(zoe)
    attack(zoe)
    await conversation.exchange()
  }
  const expected = everything(attacks(victim).length)
  expect(await conversation.heard()).toEqual([expected, expected])
})

test('[BAD-3] somebody who reads nothing costs the others nothing', async () => {
  await using running = await RunningServer.start()
  const conversation = await Conversation.start(running)
  const zoe = await running.signIn('zoe', { answersProbes: false })
  await zoe.ask('channel.join', { channel: 'general' })
  await talk(zoe)
  zoe.pause()
  for (let round = 0; round < ROUNDS; round++) await conversation.exchange()
  expect(await conversation.heard()).toEqual([everything(ROUNDS), everything(ROUNDS)])
})
