import { expect, test } from 'vitest'
import { MediaFlag } from '../../src/codec/media-header.ts'
import { FakeSource } from './fake-source.ts'
import { answerProbe, mediaSent, probesSent } from './media-frames.ts'
import { settle } from './settle.ts'
import { signedInClient } from './signed-in-client.ts'
import type { TestClient } from './test-client.ts'

/** A client that talks: 20 ms at a time, each frame's payload one more than the one before. */
class Talker {
  readonly made: TestClient
  readonly #microphone: FakeSource
  #said = 0

  constructor(made: TestClient, microphone: FakeSource) {
    this.made = made
    this.#microphone = microphone
  }

  /** Says `count` frames; no probe is answered but by `then`, which runs after each frame. */
  say(count: number, then: () => void = () => {}): void {
    const { clock } = this.made
    for (let frame = 0; frame < count; frame++) {
      this.#microphone.frame(++this.#said / 100, clock.now())
      then()
      clock.advance(20)
    }
  }

  get payloads(): (number | undefined)[] {
    return mediaSent(this.made.peer.connection).map(({ payload }) => payload[0])
  }

  /** The payloads of the frames that carry the discontinuity flag. */
  get jumps(): (number | undefined)[] {
    const sent = mediaSent(this.made.peer.connection)
    return sent.filter(({ flags }) => flags & MediaFlag.discontinuity).map(({ payload }) => payload[0])
  }
}

/** In a call, talking over a path of 40 ms. */
async function talker(): Promise<Talker> {
  const made = await signedInClient()
  const microphone = new FakeSource()
  await made.client.voice.join('lounge', { microphone })
  made.clock.advance(40)
  answerProbe(made.peer.connection)
  expect(made.client.stats.minimumRoundTrip).toBe(40)
  return new Talker(made, microphone)
}

test('[PROBE-2] where media flows a probe goes with it, at most every 50 ms', async () => {
  const speech = await talker()
  const { connection } = speech.made.peer
  speech.say(10, () => answerProbe(connection))
  const times = probesSent(connection).map(({ timestamp }) => timestamp / 1_000)
  expect(times).toEqual([0, 60, 120, 180])
})

test('[GATE-1] no frame leaves while a probe waits longer than the least round trip and 100 ms', async () => {
  const speech = await talker()
  speech.say(3) // at 40, 60 and 80; a probe left with the frame at 60
  speech.say(6) // at 100 … 200: the probe of 60 is 140 ms old, and the gate still open
  expect(speech.payloads).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  speech.say(4)
  expect(speech.payloads).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
})

test('[GATE-1][GATE-2] the answer opens the gate, and what was kept leaves in order, complete', async () => {
  const speech = await talker()
  speech.say(13)
  answerProbe(speech.made.peer.connection)
  expect(speech.payloads).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13])
  expect(speech.jumps).toEqual([])
  expect(speech.made.client.stats).toMatchObject({ sent: 13, dropped: 0 })
})

test('[GATE-2] of a longer stop the newest 100 ms leave, and the first frame says that some are missing', async () => {
  const speech = await talker()
  speech.say(9 + 20)
  expect(speech.payloads).toHaveLength(9)
  answerProbe(speech.made.peer.connection)
  // Frame 29 was kept 20 ms ago, frame 25 exactly 100 ms ago.
  expect(speech.payloads.slice(9)).toEqual([25, 26, 27, 28, 29])
  expect(speech.jumps).toEqual([25])
  expect(speech.made.client.stats).toMatchObject({ sent: 14, dropped: 15 })
  speech.say(2)
  expect(speech.payloads.slice(14)).toEqual([30, 31])
  expect(speech.jumps).toEqual([25])
})

test('[GATE-2] where nothing fresh is left the next frame says that some are missing', async () => {
  const speech = await talker()
  speech.say(9 + 3)
  speech.made.clock.advance(1_000)
  answerProbe(speech.made.peer.connection)
  expect(speech.payloads).toHaveLength(9)
  speech.say(1)
  expect(speech.payloads.slice(9)).toEqual([13])
  expect(speech.jumps).toEqual([13])
  expect(speech.made.client.stats.dropped).toBe(3)
})

test('[GATE-2] frames keep their seq, so that the others see how many are missing', async () => {
  const speech = await talker()
  speech.say(9 + 20)
  answerProbe(speech.made.peer.connection)
  const seqs = mediaSent(speech.made.peer.connection).map(({ seq }) => seq)
  expect(seqs).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 24, 25, 26, 27, 28])
})

test('[GATE-1] before the first answer frames leave for 600 ms', async () => {
  const made = await signedInClient()
  const microphone = new FakeSource()
  await made.client.voice.join('lounge', { microphone })
  const speech = new Talker(made, microphone)
  speech.say(50)
  expect(speech.payloads).toHaveLength(31)
})

test('[GATE-1] text is not gated', async () => {
  const speech = await talker()
  speech.say(20)
  expect(speech.payloads).toHaveLength(9)
  expect((await speech.made.client.channels.get('lounge').send('hello')).text).toBe('hello')
})

test('frames kept when the connection drops are dropped and counted, and do not leave on the next', async () => {
  const speech = await talker()
  const { client, peer, clock } = speech.made
  speech.say(12)
  expect(client.stats).toMatchObject({ sent: 9, dropped: 0 })
  peer.connection.close(1006)
  speech.say(5)
  clock.advance(500)
  await settle()
  answerProbe(peer.connection)
  expect(mediaSent(peer.connection)).toEqual([])
  expect(client.stats).toMatchObject({ sent: 9, dropped: 3 })
})
