import type { OutboxEntry, OutboxScope, OutboxStore } from '@arclight/core/contracts'
import { describe, expect, test } from 'vitest'

/** What an outbox suite is told. */
export interface OutboxSuiteOptions {
  /** A new, empty store each time. */
  readonly create: () => OutboxStore | Promise<OutboxStore>
  /** What the store is, in the titles. */
  readonly name?: string
}

const MEI: OutboxScope = { server: 'wss://talk.example.org/arclight', user: 'mei' }

/** The contract of `OutboxStore`, as vitest tests: call it in a test file. */
export function outboxSuite({ create, name = 'outbox' }: OutboxSuiteOptions): void {
  describe(`${name} keeps the outbox contract`, () => {
    test('[SEND-8] what a lane has left is the next one’s, whole and in its order', async () => {
      const store = await create()
      const first = await opened(store)
      expect(first.texts).toEqual([])
      const written = ['b', 'a', 'c'].map(entryOf)
      written.push({ ...entryOf('answer'), replyTo: 7, mentions: ['li', 'ben'], attachments: ['f1'] })
      for (const entry of written) await first.lane.put(entry)
      await first.lane.close()
      const second = await opened(store)
      expect(second.adopted).toEqual(written)
      await second.lane.close()
    })

    test('calls take effect in the order in which they are made, awaited or not', async () => {
      const store = await create()
      const first = await opened(store)
      const calls: Promise<void>[] = []
      for (const text of numbered(50)) {
        calls.push(first.lane.put(entryOf(text)))
        if (Number(text) > 3) calls.push(first.lane.remove(entryOf(String(Number(text) - 3)).clientId))
      }
      calls.push(first.lane.close())
      await Promise.all(calls)
      const second = await opened(store)
      expect(second.texts).toEqual(['48', '49', '50'])
      await second.lane.close()
    })

    test('what was removed is gone, and removing what is not there is no error', async () => {
      const store = await create()
      const first = await opened(store)
      await first.lane.put(entryOf('a'))
      await first.lane.remove('id a')
      await first.lane.remove('id a')
      await first.lane.remove('never there')
      await first.lane.close()
      const second = await opened(store)
      expect(second.texts).toEqual([])
      await second.lane.close()
    })

    test('[SEND-8] no account and no server is given what another’s has left', async () => {
      const store = await create()
      const first = await opened(store)
      await first.lane.put(entryOf('of mei'))
      await first.lane.close()
      for (const other of [
        { ...MEI, user: 'li' },
        { ...MEI, server: 'wss://other.example.org/arclight' },
      ]) {
        const stranger = await opened(store, other)
        expect(stranger.texts).toEqual([])
        await stranger.lane.close()
      }
      const again = await opened(store)
      expect(again.texts).toEqual(['of mei'])
      await again.lane.close()
    })

    test('[SEND-8] what a living lane owns is nobody else’s; what it leaves goes to one of the living', async () => {
      const store = await create()
      const first = await opened(store)
      await first.lane.put(entryOf('1'))
      const second = await opened(store)
      const third = await opened(store)
      expect([second.texts, third.texts]).toEqual([[], []])
      await first.lane.put(entryOf('2'))
      await first.lane.close()
      await Promise.race([second.some, third.some])
      const [owner, other] = second.texts.length > 0 ? [second, third] : [third, second]
      expect([owner.texts, other.texts]).toEqual([['1', '2'], []])
      await owner.lane.remove('id 1')
      await owner.lane.close()
      await other.some
      expect(other.texts).toEqual(['2'])
      await other.lane.close()
    })

    test('[SEND-8] what was adopted and is left again stays ahead of what its lane put', async () => {
      const store = await create()
      for (const [before, own] of [
        [[], ['1', '2']],
        [['1', '2'], ['3']],
        [
          ['1', '2', '3'],
          ['4', '5'],
        ],
        [['1', '2', '3', '4', '5'], []],
      ] as const) {
        const { lane, texts } = await opened(store)
        expect(texts).toEqual(before)
        for (const text of own) await lane.put(entryOf(text))
        await lane.close()
      }
    })

    test('any text is kept as it is', async () => {
      const store = await create()
      const first = await opened(store)
      const texts = ['line\nbreak\r\n\u2028', '弧光 🎙️', '"quoted" \\ {"put":1}', 'x'.repeat(4_000)]
      for (const text of texts) await first.lane.put({ ...entryOf(text.slice(0, 20)), text })
      await first.lane.close()
      const second = await opened(store)
      expect(second.texts).toEqual(texts)
      await second.lane.close()
    })
  })
}

interface Opened {
  readonly lane: Awaited<ReturnType<OutboxStore['open']>>
  readonly adopted: OutboxEntry[]
  /** The texts of what was adopted. */
  readonly texts: string[]
  /** Resolves when something was adopted. */
  readonly some: Promise<void>
}

async function opened(store: OutboxStore, scope = MEI): Promise<Opened> {
  const adopted: OutboxEntry[] = []
  const texts: string[] = []
  let told = (): void => {}
  const some = new Promise<void>((resolve) => {
    told = resolve
  })
  const lane = await store.open(scope, {
    adopted: (entries) => {
      adopted.push(...entries)
      texts.push(...entries.map(({ text }) => text))
      told()
    },
  })
  return { lane, adopted, texts, some }
}

function entryOf(text: string): OutboxEntry {
  return { clientId: `id ${text}`, channel: 'general', text, at: 1_700_000_000_000 }
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `${at + 1}`)
}
