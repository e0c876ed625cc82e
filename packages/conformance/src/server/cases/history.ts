import type { HistoryPage, Message, RequestData } from '@arclight/core/protocol'
import { checkEqual, checkThat } from '../../check.ts'
import type { ServerContext } from '../context.ts'
import { fillLog, readMessages } from '../log-truth.ts'
import type { Peer } from '../peer.ts'
import { type ServerCase, serverCase } from '../server-case.ts'

const DEFAULT = 50
type Anchor = Omit<RequestData<'history.page'>, 'channel'>

/** A channel with more messages than a page holds, and all of them. */
async function filled(context: ServerContext): Promise<{ peer: Peer; channel: string; all: Message[] }> {
  const peer = await context.signIn()
  await fillLog(context, peer)
  const channel = context.text.id
  return { peer, channel, all: await readMessages(peer, channel, 0) }
}

/** What a page must be, of the messages that there were when it was read. */
function expectedPage(all: readonly Message[], anchor: Anchor): { fits: boolean; rows: Message[] }[] {
  const { before, after, around, limit = DEFAULT } = anchor
  if (before !== undefined) return [{ fits: true, rows: all.filter(({ seq }) => seq < before).slice(-limit) }]
  if (after !== undefined) return [{ fits: true, rows: all.filter(({ seq }) => seq > after).slice(0, limit) }]
  if (around === undefined) return [{ fits: true, rows: all.slice(-limit) }]
  return []
}

async function checkPage(peer: Peer, channel: string, all: readonly Message[], anchor: Anchor): Promise<HistoryPage> {
  const page = await peer.ask('history.page', { channel, ...anchor })
  const known = all.filter(({ seq }) => seq <= page.asOf)
  const what = `a page ${JSON.stringify(anchor)}`
  for (const { rows } of expectedPage(known, anchor)) {
    checkEqual(
      page.messages.map(({ seq }) => seq),
      rows.map(({ seq }) => seq),
      `the seqs of ${what}`,
    )
    checkEqual(page.messages, rows, what)
  }
  return page
}

/** Of the newest page others may have written more since the log was read. */
async function checkNewest(context: ServerContext, limit?: number): Promise<void> {
  const { peer, channel } = await filled(context)
  const anchor = limit === undefined ? {} : { limit }
  const page = await peer.ask('history.page', { channel, ...anchor })
  const all = (await readMessages(peer, channel, 0)).filter(({ seq }) => seq <= page.asOf)
  checkEqual(page.messages, all.slice(-(limit ?? DEFAULT)), `the newest ${limit ?? DEFAULT} messages`)
  checkEqual(
    [page.hasMoreBefore, page.hasMoreAfter],
    [true, false],
    'hasMoreBefore and hasMoreAfter of the newest page',
  )
}

/** `history.page`. */
export const historyCases: readonly ServerCase[] = [
  serverCase('HIST-1.newest', 'without an anchor a page has the newest 50, or as many as asked', async (context) => {
    await checkNewest(context)
    await checkNewest(context, 3)
  }),
  serverCase('HIST-1.before', 'before gives the messages right below a seq', async (context) => {
    const { peer, channel, all } = await filled(context)
    const middle = all[60]?.seq ?? 0
    for (const anchor of [{ before: middle }, { before: middle, limit: 5 }, { before: all[3]?.seq ?? 0, limit: 100 }]) {
      await checkPage(peer, channel, all, anchor)
    }
  }),
  serverCase('HIST-1.after', 'after gives the messages right above a seq', async (context) => {
    const { peer, channel, all } = await filled(context)
    for (const anchor of [{ after: 0 }, { after: all[9]?.seq ?? 0, limit: 5 }, { after: 0, limit: 100 }]) {
      await checkPage(peer, channel, all, anchor)
    }
  }),
  serverCase('HIST-1.around', 'around gives messages on both sides of a seq, and the one at it', async (context) => {
    const { peer, channel, all } = await filled(context)
    const middle = all[50]?.seq ?? 0
    for (const limit of [1, 2, 9, 20]) {
      const { messages } = await peer.ask('history.page', { channel, around: middle, limit })
      const seqs = messages.map(({ seq }) => seq)
      checkEqual(messages.length, limit, `how many messages around a seq with limit ${limit}`)
      const first = all.findIndex(({ seq }) => seq === seqs[0])
      checkEqual(messages, all.slice(first, first + limit), `a run of messages around ${middle} with limit ${limit}`)
      checkThat(limit < 2 || seqs.includes(middle), `the message at ${middle} itself`, seqs)
      const below = seqs.filter((seq) => seq < middle).length
      checkThat(Math.abs(below - (limit - 1) / 2) <= 1, `about as many below as above with limit ${limit}`, seqs)
    }
  }),
  serverCase('HIST-1.limit', 'limit is 1 to 100', async (context) => {
    const { peer, channel } = await filled(context)
    checkEqual(
      (await peer.ask('history.page', { channel, limit: 100 })).messages.length,
      100,
      'how many with limit 100',
    )
    for (const limit of [0, 101, -1, 2.5, '10']) {
      await peer.refused('history.page', { channel, limit }, 'bad_request', `with limit ${JSON.stringify(limit)}`)
    }
  }),
  serverCase('HIST-2.more-before', 'hasMoreBefore is true exactly where there are older messages', async (context) => {
    const { peer, channel, all } = await filled(context)
    const oldest = all[0]?.seq ?? 0
    for (const [anchor, more] of [
      [{ before: all[5]?.seq ?? 0, limit: 5 }, false],
      [{ before: all[6]?.seq ?? 0, limit: 5 }, true],
      [{ after: 0, limit: 5 }, false],
      [{ after: oldest, limit: 5 }, true],
      [{ before: oldest }, false],
    ] as const) {
      const page = await checkPage(peer, channel, all, anchor)
      checkEqual(page.hasMoreBefore, more, `hasMoreBefore of a page ${JSON.stringify(anchor)}`)
    }
  }),
  serverCase('HIST-2.more-after', 'hasMoreAfter is true exactly where there are newer messages', async (context) => {
    const { peer, channel, all } = await filled(context)
    const at = (index: number): number => all[index]?.seq ?? 0
    for (const [anchor, more] of [
      [{ after: 0, limit: 5 }, true],
      [{ before: at(5), limit: 5 }, true],
    ] as const) {
      const page = await checkPage(peer, channel, all, anchor)
      checkEqual(page.hasMoreAfter, more, `hasMoreAfter of a page ${JSON.stringify(anchor)}`)
    }
    // A page that ends with the newest message is full, and yet there is no more.
    for (let tries = 1; ; tries++) {
      const newest = await peer.ask('history.page', { channel, limit: 5 })
      const after = (newest.messages[0]?.seq ?? 1) - 1
      const page = await peer.ask('history.page', { channel, after, limit: 5 })
      if (page.asOf !== newest.asOf && tries < 20) continue
      checkEqual([page.messages.length, page.hasMoreAfter], [5, false], 'messages and hasMoreAfter of the last page')
      return
    }
  }),
  serverCase(
    'HIST-3.never-repeats',
    'a page before or after a seq does not repeat the message at it',
    async (context) => {
      const { peer, channel, all } = await filled(context)
      const seq = all[40]?.seq ?? 0
      const before = await peer.ask('history.page', { channel, before: seq, limit: 5 })
      const after = await peer.ask('history.page', { channel, after: seq, limit: 5 })
      checkThat(
        (before.messages.at(-1)?.seq ?? 0) < seq,
        `a page before ${seq} to end below it`,
        before.messages.at(-1),
      )
      checkThat((after.messages[0]?.seq ?? 0) > seq, `a page after ${seq} to begin above it`, after.messages[0])
    },
  ),
  serverCase('HIST-3.walk', 'a walk from the newest page to the oldest meets each message once', async (context) => {
    const { peer, channel } = await filled(context)
    const walked: number[] = []
    let page = await peer.ask('history.page', { channel, limit: 30 })
    const { asOf } = page
    for (;;) {
      walked.unshift(...page.messages.map(({ seq }) => seq))
      if (!page.hasMoreBefore) break
      page = await peer.ask('history.page', { channel, before: page.messages[0]?.seq ?? 0, limit: 30 })
    }
    const all = (await readMessages(peer, channel, 0)).map(({ seq }) => seq).filter((seq) => seq <= asOf)
    checkEqual(walked, all, 'the seqs of the walk')
  }),
  serverCase('HIST-4.as-of', 'asOf is the head that the page was read at, epoch the log’s', async (context) => {
    const { peer, channel, all } = await filled(context)
    for (let tries = 1; ; tries++) {
      const { head } = await peer.ask('log.read', { channel, after: 0, limit: 1 })
      const page = await peer.ask('history.page', { channel, before: all[20]?.seq ?? 0, limit: 3 })
      const later = await peer.ask('log.read', { channel, after: 0, limit: 1 })
      checkEqual(page.epoch, context.text.epoch, 'the epoch')
      checkThat(page.asOf >= head && page.asOf <= later.head, `asOf from ${head} to ${later.head}`, page.asOf)
      if (head === later.head || tries > 20) return
    }
  }),
  serverCase('HIST-5.one-anchor', 'more than one of before, after and around gets bad_request', async (context) => {
    const peer = await context.signIn()
    const channel = context.text.id
    for (const anchors of [
      { before: 5, after: 1 },
      { after: 1, around: 2 },
      { before: 5, around: 2 },
      { before: 5, after: 1, around: 2 },
    ]) {
      await peer.refused('history.page', { channel, ...anchors }, 'bad_request', `with ${Object.keys(anchors)}`)
    }
  }),
]
