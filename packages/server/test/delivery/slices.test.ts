import { ManualClock } from '@arclight/core/testing'
import { createServer } from '@arclight/server'
import { expect, test } from 'vitest'
import { InProcessClient, type WrittenItem } from '../in-process-client.ts'
import { mediaFrame, OPUS } from '../media-frame.ts'
import { nextTurn } from '../turns.ts'

const SLICE = 16_384
const WRITE_AHEAD = 65_536
const TEXT = 1_000
const MESSAGES = 200

/** Bytes of log entries in one write. */
function entryBytes(items: WrittenItem[]): number {
  return items.reduce((sum, { text }) => sum + (text?.['seq'] === undefined ? 0 : JSON.stringify(text).length + 4), 0)
}

/** A listener to whom 200 entries are due in one turn, while somebody talks; each write of it. */
async function crowded(inVoice: boolean): Promise<WrittenItem[][]> {
  await using server = createServer({ clock: new ManualClock(), rateLimits: 'off' })
  await server.open()
  const mei = await InProcessClient.signIn(server, 'mei')
  const li = await InProcessClient.signIn(server, 'li')
  await li.ask('channel.join', { channel: 'general' })
  if (inVoice) await li.ask('voice.join', { channel: 'lounge', device: 'd', muted: false, deafened: false })
  await mei.ask('voice.join', { channel: 'lounge', device: 'd', muted: false, deafened: false })
  const { track } = await mei.ask('track.publish', { key: 'microphone', format: OPUS, to: { channel: 'lounge' } })
  li.socket.bufferedBytes = WRITE_AHEAD
  const sends = Array.from({ length: MESSAGES }, (_, at) =>
    mei.ask('message.send', { channel: 'general', clientId: `${at}`, text: `${at}`.padEnd(TEXT, '.') }),
  )
  await Promise.all(sends)
  await nextTurn()
  li.takeWrites()
  li.socket.bufferedBytes = 0
  li.handler.drained()
  const writes: WrittenItem[][] = []
  for (let seq = 0; writes.flat().filter(({ text }) => text?.['seq']).length < MESSAGES; seq++) {
    mei.handler.binary(mediaFrame({ track, seq }))
    await new Promise((resolve) => setImmediate(resolve))
    writes.push(...li.takeWrites())
  }
  return writes
}

test('[GATE-3] in voice log entries leave in slices of 16 kB, and no frame waits for the next', async () => {
  const writes = await crowded(true)
  const sizes = writes.map(entryBytes).filter((bytes) => bytes > 0)
  const [first = 0] = sizes
  expect(
    sizes.slice(0, -1).every((bytes) => bytes >= SLICE && bytes < SLICE + 2 * TEXT),
    `${sizes}`,
  ).toBe(true)
  expect(first).toBeGreaterThan(0)
  expect(sizes.length).toBeGreaterThanOrEqual(12)
  const withFrame = writes.filter((items) => items.some(({ media }) => media !== undefined))
  expect(withFrame.length).toBeGreaterThanOrEqual(sizes.length - 1)
  for (const items of withFrame) expect(items.at(-1)?.media).toBeDefined()
})

test('outside voice log entries leave 64 kB at a time', async () => {
  const sizes = (await crowded(false)).map(entryBytes).filter((bytes) => bytes > 0)
  expect(sizes.slice(0, -1).every((bytes) => bytes >= WRITE_AHEAD && bytes < WRITE_AHEAD + 2 * TEXT)).toBe(true)
  expect(sizes.length).toBeLessThanOrEqual(5)
})
