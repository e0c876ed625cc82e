import type { LogWrite, WriteResult } from '@arclight/core/contracts'
import type { Message } from '@arclight/core/protocol'
import { expect, test } from 'vitest'
import { LogWriter } from '../../src/channels/log-writer.ts'

interface Batch {
  readonly texts: string[]
  readonly commit: () => void
  readonly fail: (error: Error) => void
}

/** A log whose transactions end when the test says so. */
class ManualLog {
  readonly batches: Batch[] = []
  readonly stored: string[] = []
  readonly writer: LogWriter
  #seq = 0

  constructor() {
    const append = (batch: readonly LogWrite[]): Promise<readonly WriteResult[]> =>
      new Promise((resolve, reject) => {
        this.batches.push({
          texts: batch.map((one) => (one.write === 'message' ? one.text : one.write)),
          commit: () => resolve(batch.map((one) => this.#result(one))),
          fail: reject,
        })
      })
    this.writer = new LogWriter({ append }, ({ data }) => this.stored.push(data.message.text))
  }

  send(text: string): Promise<Message> {
    return this.writer.append({ write: 'message', channel: 'general', author: 'u1', clientId: text, text, at: 0 })
  }

  #result(one: LogWrite): WriteResult {
    if (one.write !== 'message') return { outcome: 'no-message' }
    const { channel, author, clientId, text, at } = one
    const seq = ++this.#seq
    const message = { channel, seq, ordinal: seq, rev: seq, author: { id: author, name: 'mei' }, clientId, text, at }
    return { outcome: 'stored', entry: { type: 'message.created', channel, seq, data: { message } } }
  }
}

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `${at}`)
}

test('what comes while a transaction is under way is the next one, 500 at most, in order', async () => {
  const log = new ManualLog()
  const sends = numbers(700).map((text) => log.send(text))
  expect(log.batches.map(({ texts }) => texts)).toEqual([['0']])
  for (let at = 0; at < 3; at++) {
    log.batches[at]?.commit()
    await sends[[0, 500, 699][at] ?? 0]
  }
  expect(log.batches.map(({ texts }) => texts.length)).toEqual([1, 500, 199])
  expect(log.stored).toEqual(numbers(700))
  expect((await Promise.all(sends)).map(({ seq }) => seq - 1)).toEqual(numbers(700).map(Number))
})

test('a transaction that fails fails its own messages and no others', async () => {
  const log = new ManualLog()
  const first = log.send('first')
  const second = log.send('second')
  const failure = new Error('the disk is full')
  log.batches[0]?.fail(failure)
  await expect(first).rejects.toBe(failure)
  log.batches[1]?.commit()
  expect((await second).text).toBe('second')
  expect(log.stored).toEqual(['second'])
})

test('past 20,000 that wait a message is refused as unavailable', async () => {
  const log = new ManualLog()
  const sends = numbers(20_001).map((text) => log.send(text))
  await expect(log.send('one more')).rejects.toMatchObject({
    body: { code: 'unavailable', retryable: true, retryAfterMs: 1_000 },
  })
  for (let at = 0; at <= 40; at++) {
    log.batches[at]?.commit()
    await sends[at * 500]
  }
  expect(await Promise.all(sends)).toHaveLength(20_001)
})
