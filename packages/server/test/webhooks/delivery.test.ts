import type { StoredWebhook } from '@arclight/core/contracts'
import { LIMITS, type LogEntry } from '@arclight/core/protocol'
import { ManualClock } from '@arclight/core/testing'
import { expect, test } from 'vitest'
import { silentLogger } from '../../src/log.ts'
import { Delivery, type Progress } from '../../src/webhooks/delivery.ts'
import { nextTurn } from '../turns.ts'

const WEBHOOK = {
  id: 'w1',
  direction: 'out',
  channel: 'general',
  url: 'https://example.org',
  generation: 1,
  createdAt: 0,
}

/** A channel's log of so many entries, and a receiver that answers as the test says. */
class Scene {
  readonly clock = new ManualClock()
  readonly attempts: { id: string; seq: number }[] = []
  readonly kept: Progress[] = []
  head: number
  epoch = 'e1'
  /** What an attempt comes to. */
  take: (signal: AbortSignal) => Promise<void> = async () => {}
  #attempted: () => void = () => {}

  constructor(head: number) {
    this.head = head
  }

  delivery(cursor = { epoch: 'e1', seq: 0 }): Delivery {
    return new Delivery({
      webhook: { ...(WEBHOOK as StoredWebhook), cursor },
      clock: this.clock,
      logger: silentLogger,
      keep: async (progress) => void this.kept.push(progress),
      post: async ({ id, body }, signal) => {
        this.attempts.push({ id, seq: (JSON.parse(body.toString()) as LogEntry).seq })
        this.#attempted()
        await this.take(signal)
      },
      log: {
        read: async (channel, after, limit) => {
          const count = Math.max(0, Math.min(limit, this.head - after))
          const entries = Array.from({ length: count }, (_, at) => ({ channel, seq: after + 1 + at }) as LogEntry)
          return { entries, epoch: this.epoch, head: this.head }
        },
      },
    })
  }

  /** Resolves when there have been so many attempts, and what they came to has been noted. */
  async attempted(count: number): Promise<void> {
    while (this.attempts.length < count) {
      await new Promise<void>((resolve) => {
        this.#attempted = resolve
      })
    }
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
  }
}

test('[HOOK-4] entries go one after the other, whole pages of them, and each is noted when it was taken', async () => {
  const scene = new Scene(120)
  const delivery = scene.delivery({ epoch: 'e1', seq: 10 })
  delivery.wake()
  await scene.attempted(110)
  expect(scene.attempts.map(({ seq }) => seq)).toEqual(Array.from({ length: 110 }, (_, at) => 11 + at))
  scene.head = 122
  delivery.wake()
  await scene.attempted(112)
  expect(scene.kept.at(-1)).toEqual({ cursor: { epoch: 'e1', seq: 122 }, failingSince: undefined })
  await delivery.close()
})

test('[HOOK-4] what is not taken is tried again after a second, then twice as long, and at last every hour', async () => {
  const scene = new Scene(2)
  scene.take = () => Promise.reject(new Error('500'))
  const delivery = scene.delivery()
  delivery.wake()
  const waits = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 3_600, 3_600].map((seconds) => seconds * 1_000)
  for (const [at, wait] of waits.entries()) {
    await scene.attempted(at + 1)
    scene.clock.advance(wait - 1)
    delivery.wake()
    delivery.tick(scene.clock.now())
    // Whatever it began would have read the log by now.
    await nextTurn()
    expect(scene.attempts).toHaveLength(at + 1)
    scene.clock.advance(1)
    delivery.tick(scene.clock.now())
  }
  await scene.attempted(waits.length + 1)
  expect(new Set(scene.attempts.map(({ id }) => id))).toEqual(new Set(['w1_e1_1']))
  expect(delivery.failingSince).toBe(1_700_000_000_000)
  expect(scene.kept).toEqual([{ cursor: { epoch: 'e1', seq: 0 }, failingSince: 1_700_000_000_000 }])
  await delivery.close()
})

test('[HOOK-4] a receiver that takes something again has a clean slate', async () => {
  const scene = new Scene(2)
  let failing = true
  scene.take = () => (failing ? Promise.reject(new Error('500')) : Promise.resolve())
  const delivery = scene.delivery()
  delivery.wake()
  await scene.attempted(1)
  failing = false
  scene.clock.advance(1_000)
  delivery.tick(scene.clock.now())
  await scene.attempted(3)
  expect(delivery.failingSince).toBeUndefined()
  failing = true
  scene.head = 3
  delivery.wake()
  await scene.attempted(4)
  scene.clock.advance(1_000)
  delivery.tick(scene.clock.now())
  await scene.attempted(5)
  expect(scene.attempts.map(({ seq }) => seq)).toEqual([1, 1, 2, 3, 3])
  await delivery.close()
})

test('[HOOK-4] an attempt that has no answer within 10 s is over', async () => {
  const scene = new Scene(1)
  const ended: unknown[] = []
  scene.take = (signal) => {
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        ended.push(signal.reason)
        reject(signal.reason)
      })
    })
  }
  const delivery = scene.delivery()
  delivery.wake()
  await scene.attempted(1)
  scene.clock.advance(LIMITS.webhookMs - 1)
  delivery.tick(scene.clock.now())
  expect(ended).toEqual([])
  scene.clock.advance(1)
  delivery.tick(scene.clock.now())
  expect(ended).toHaveLength(1)
  await scene.attempted(1)
  scene.clock.advance(1_000)
  delivery.tick(scene.clock.now())
  await scene.attempted(2)
  await delivery.close()
  expect(ended).toHaveLength(2)
})

test('[HOOK-4] of a log that was put back from a copy, what came after the copy goes out, under ids of its own', async () => {
  const scene = new Scene(5)
  scene.epoch = 'e2'
  const delivery = scene.delivery({ epoch: 'e1', seq: 9 })
  delivery.wake()
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
  expect(scene.attempts).toEqual([])
  scene.head = 6
  delivery.wake()
  await scene.attempted(1)
  expect(scene.attempts).toEqual([{ id: 'w1_e2_6', seq: 6 }])
  await delivery.close()
})

test('a delivery that is closed makes no further attempt', async () => {
  const scene = new Scene(3)
  const delivery = scene.delivery()
  let closed: Promise<void> | undefined
  scene.take = async () => {
    closed = delivery.close()
  }
  delivery.wake()
  await scene.attempted(1)
  delivery.wake()
  delivery.tick(scene.clock.now())
  await closed
  expect(scene.attempts).toHaveLength(1)
})
