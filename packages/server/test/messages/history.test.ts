import type { HistoryPage } from '@arclight/core/protocol'
import { expect, test } from 'vitest'
import { numbered, say } from '../chat.ts'
import type { RawClient } from '../raw-client.ts'
import { RunningServer } from '../running-server.ts'

interface Anchor {
  readonly before?: number
  readonly after?: number
  readonly around?: number
  readonly limit?: number
}

/** What of a page the cases below name: its first and last seq, and what is beyond. */
type Shape = readonly [from: number, to: number, more: 'both' | 'before' | 'after' | 'none']

async function page(client: RawClient, anchor: Anchor): Promise<HistoryPage> {
  return client.ask('history.page', { channel: 'general', ...anchor })
}

function shapeOf({ messages, hasMoreBefore, hasMoreAfter }: HistoryPage): unknown {
  const more = hasMoreBefore ? (hasMoreAfter ? 'both' : 'before') : hasMoreAfter ? 'after' : 'none'
  return { seqs: messages.map(({ seq }) => seq), more }
}

function expected([from, to, more]: Shape): unknown {
  return { seqs: Array.from({ length: to - from + 1 }, (_, at) => from + at), more }
}

const MOST = Number.MAX_SAFE_INTEGER

test('[HIST-1][HIST-2][HIST-3] every anchor at every edge of a channel of ten', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  await say(mei, numbered(10))
  const cases: [Anchor, Shape][] = [
    [{}, [1, 10, 'none']],
    [{ limit: 10 }, [1, 10, 'none']],
    [{ limit: 9 }, [2, 10, 'before']],
    [{ limit: 1 }, [10, 10, 'before']],
    [{ limit: 100 }, [1, 10, 'none']],
    [{ before: 0 }, [1, 0, 'after']],
    [{ before: 1 }, [1, 0, 'after']],
    [{ before: 2 }, [1, 1, 'after']],
    [{ before: 2, limit: 1 }, [1, 1, 'after']],
    [{ before: 3, limit: 1 }, [2, 2, 'both']],
    [{ before: 10, limit: 100 }, [1, 9, 'after']],
    [{ before: 10, limit: 9 }, [1, 9, 'after']],
    [{ before: 10, limit: 8 }, [2, 9, 'both']],
    [{ before: 11 }, [1, 10, 'none']],
    [{ before: 11, limit: 1 }, [10, 10, 'before']],
    [{ before: MOST }, [1, 10, 'none']],
    [{ after: 0 }, [1, 10, 'none']],
    [{ after: 0, limit: 1 }, [1, 1, 'after']],
    [{ after: 0, limit: 10 }, [1, 10, 'none']],
    [{ after: 1, limit: 100 }, [2, 10, 'before']],
    [{ after: 1, limit: 9 }, [2, 10, 'before']],
    [{ after: 1, limit: 8 }, [2, 9, 'both']],
    [{ after: 8, limit: 1 }, [9, 9, 'both']],
    [{ after: 9 }, [10, 10, 'before']],
    [{ after: 10 }, [1, 0, 'before']],
    [{ after: 11 }, [1, 0, 'before']],
    [{ after: MOST }, [1, 0, 'before']],
    [{ around: 0 }, [1, 10, 'none']],
    [{ around: 0, limit: 1 }, [1, 1, 'after']],
    [{ around: 1, limit: 1 }, [1, 1, 'after']],
    [{ around: 1, limit: 4 }, [1, 4, 'after']],
    [{ around: 5, limit: 1 }, [5, 5, 'both']],
    [{ around: 5, limit: 2 }, [4, 5, 'both']],
    [{ around: 5, limit: 3 }, [4, 6, 'both']],
    [{ around: 5, limit: 4 }, [3, 6, 'both']],
    [{ around: 5, limit: 100 }, [1, 10, 'none']],
    [{ around: 10, limit: 1 }, [10, 10, 'before']],
    [{ around: 10, limit: 3 }, [9, 10, 'before']],
    [{ around: 11, limit: 4 }, [9, 10, 'before']],
    [{ around: 11, limit: 1 }, [1, 0, 'before']],
    [{ around: MOST, limit: 100 }, [1, 10, 'none']],
  ]
  for (const [anchor, shape] of cases) {
    expect(shapeOf(await page(mei, anchor)), JSON.stringify(anchor)).toEqual(expected(shape))
  }
})

test('[HIST-1][HIST-2] every anchor in an empty channel gives an empty page with nothing beyond', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const anchors: Anchor[] = [{}, { limit: 1 }, { before: 0 }, { before: 1 }, { after: 0 }, { after: 9 }, { around: 0 }]
  for (const anchor of [...anchors, { around: 5, limit: 100 }]) {
    expect(shapeOf(await page(mei, anchor)), JSON.stringify(anchor)).toEqual({ seqs: [], more: 'none' })
  }
})

test('[HIST-2][HIST-3] in a channel of one the message at the anchor is beyond the page, on its side', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  await say(mei, ['alone'])
  const cases: [Anchor, Shape][] = [
    [{ after: 1 }, [1, 0, 'before']],
    [{ before: 1 }, [1, 0, 'after']],
    [{ around: 1, limit: 1 }, [1, 1, 'none']],
    [{ around: 2, limit: 1 }, [1, 0, 'before']],
    [{ after: 0 }, [1, 1, 'none']],
    [{ before: 2 }, [1, 1, 'none']],
  ]
  for (const [anchor, shape] of cases) {
    expect(shapeOf(await page(mei, anchor)), JSON.stringify(anchor)).toEqual(expected(shape))
  }
})

test('[HIST-1] a page has 50 messages by default, 1 at least and 100 at most', async () => {
  await using running = await RunningServer.start({ rateLimits: 'off' })
  const mei = await running.signIn('mei')
  await say(mei, numbered(120))
  expect(shapeOf(await page(mei, {}))).toEqual(expected([71, 120, 'before']))
  expect(shapeOf(await page(mei, { before: 100 }))).toEqual(expected([50, 99, 'both']))
  expect(shapeOf(await page(mei, { after: 10 }))).toEqual(expected([11, 60, 'both']))
  expect(shapeOf(await page(mei, { around: 60 }))).toEqual(expected([35, 84, 'both']))
  expect(shapeOf(await page(mei, { limit: 100 }))).toEqual(expected([21, 120, 'before']))
  expect(shapeOf(await page(mei, { limit: 1 }))).toEqual(expected([120, 120, 'before']))
  for (const limit of [0, 101, -1, 1.5, '50', null]) {
    expect(await mei.refusal('history.page', { channel: 'general', limit }), `${limit}`).toMatchObject({
      code: 'bad_request',
      issues: [{ path: 'limit' }],
    })
  }
})

test('[HIST-3] walking back from the newest page, and forth from 0, meets each message once', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  await say(mei, numbered(23))
  const back: number[] = []
  for (let at: Anchor | undefined = {}; at; ) {
    const { messages, hasMoreBefore } = await page(mei, { ...at, limit: 5 })
    back.unshift(...messages.map(({ seq }) => seq))
    at = hasMoreBefore ? { before: back[0] ?? 0 } : undefined
  }
  const forth: number[] = []
  for (let at: Anchor | undefined = { after: 0 }; at; ) {
    const { messages, hasMoreAfter } = await page(mei, { ...at, limit: 5 })
    forth.push(...messages.map(({ seq }) => seq))
    at = hasMoreAfter ? { after: forth.at(-1) ?? 0 } : undefined
  }
  expect([back, forth]).toEqual([numbered(23).map(Number), numbered(23).map(Number)])
})

test('[HIST-4] asOf is the head and epoch the log’s, wherever the page lies', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const { epoch } = (await mei.ask('channel.join', { channel: 'general' })).channel
  for (let head = 0; head < 3; head++) {
    for (const anchor of [{}, { before: 1 }, { after: head }, { around: 1, limit: 1 }]) {
      expect(await page(mei, anchor)).toMatchObject({ asOf: head, epoch })
    }
    await say(mei, [`${head}`])
  }
})

test('[HIST-5] more than one of before, after and around gets bad_request, with an issue for each', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  await say(mei, ['one'])
  const pairs: Anchor[] = [
    { before: 1, after: 1 },
    { before: 0, around: 0 },
    { after: 0, around: 1 },
    { before: 5, after: 0, around: 2 },
  ]
  for (const anchors of pairs) {
    const { code, issues = [] } = await mei.refusal('history.page', { channel: 'general', ...anchors })
    expect(code).toBe('bad_request')
    expect(issues.map(({ path }) => path)).toEqual(Object.keys(anchors))
  }
})

test('[HIST-1] a message of a page is as its live event had it', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  await mei.ask('channel.join', { channel: 'general' })
  await say(mei, ['one', 'two'])
  const live = [await mei.entry(), await mei.entry()].map(({ data }) => data.message)
  expect((await page(mei, {})).messages).toEqual(live)
})
