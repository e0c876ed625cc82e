import type { MessageAppend, Storage } from '@arclight/core/contracts'
import { expect } from 'vitest'
import { messageOf, type Scene, upTo } from './scene.ts'

const BATCHES = 30

/**
 * Batches of several sizes, half of them naming the channels in the other order, all at once and from each handle.
 * Resolves with the seqs that were given out, by channel.
 */
export async function writeAtOnce(scene: Scene, handles: readonly Storage[]): Promise<Map<string, number[]>> {
  const { general, lounge } = scene
  const batches = handles.flatMap((handle, one) =>
    upTo(BATCHES).map((at) => {
      const names = at % 2 ? [general, lounge] : [lounge, general]
      const batch = upTo((at % 5) + 1).map((part) =>
        scene.message(`w${one}-${at}-${part}`, { channel: names[part % 2] as string }),
      )
      return { handle, batch }
    }),
  )
  const seqs = new Map<string, number[]>([
    [general, []],
    [lounge, []],
  ])
  await Promise.all(batches.map(({ handle, batch }) => writeOne(handle, batch, seqs)))
  return seqs
}

async function writeOne(handle: Storage, batch: readonly MessageAppend[], seqs: Map<string, number[]>): Promise<void> {
  const results = await handle.log.append(batch)
  for (const result of results) {
    expect(result.outcome).toBe('stored')
    const message = messageOf(result)
    if (message) seqs.get(message.channel)?.push(message.seq)
  }
  // What was acknowledged is there, in what is read next.
  for (const channel of new Set(batch.map((write) => write.channel))) {
    const own = results.flatMap((result) => messageOf(result) ?? []).filter((message) => message.channel === channel)
    const read = await handle.log.read(channel, 0, 1_000)
    expect(read?.head).toBeGreaterThanOrEqual(Math.max(...own.map(({ seq }) => seq)))
  }
}

/**
 * Reads a log behind its own cursor for as long as `writing` lasts and once more: every page goes on where the last
 * ended. Resolves with how many entries it saw.
 */
export async function follow(storage: Storage, channel: string, writing: Promise<unknown>): Promise<number> {
  const PAGE = 7
  const ended = flag(writing)
  let cursor = 0
  for (;;) {
    const last = ended.is
    const { entries = [], head = 0 } = (await storage.log.read(channel, cursor, PAGE)) ?? {}
    expect(entries.map(({ seq }) => seq)).toEqual(upTo(Math.min(PAGE, head - cursor)).map((at) => cursor + at))
    cursor += entries.length
    if (last && cursor === head) return cursor
  }
}

/** Walks from the newest page to the oldest, over and over while `writing` lasts; resolves with how often. */
export async function walkBack(storage: Storage, channel: string, writing: Promise<unknown>): Promise<number> {
  const PAGE = 9
  const ended = flag(writing)
  let walks = 0
  for (;;) {
    const last = ended.is
    const first = await storage.log.page(channel, { at: 'newest' }, PAGE)
    const newest = first?.asOf ?? 0
    const seqs = first?.messages.map(({ seq }) => seq) ?? []
    expect([seqs.at(-1), first?.hasMoreAfter]).toEqual([newest, false])
    for (let more = first?.hasMoreBefore; more; ) {
      const page = await storage.log.page(channel, { at: 'before', seq: seqs[0] as number }, PAGE)
      seqs.unshift(...(page?.messages.map(({ seq }) => seq) ?? []))
      more = page?.hasMoreBefore
    }
    expect(seqs).toEqual(upTo(newest))
    walks++
    if (last) return walks
  }
}

/** Whether a promise has settled; a rejection is its owner's to tell of. */
function flag(promise: Promise<unknown>): { is: boolean } {
  const state = { is: false }
  const end = (): void => {
    state.is = true
  }
  promise.then(end, end)
  return state
}
