import type { Message } from '@arclight/core'
import type { PageAnchor } from '@arclight/core/contracts'
import { seededRandom } from '@arclight/core/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LogModel } from './model.ts'
import { channelOf, type Step, steps, userOf, WORDS } from './random-writes.ts'
import { Scene, type Within } from './scene.ts'

const RUNS = 25
const QUERIES = [...WORDS, '天', '气很', 'tea green', 'nothing', '']

/** Random writes against a model in memory; the seed decides all of them. */
export function randomTests(within: Within, { search, seed }: { search: boolean; seed: number | undefined }): void {
  const chosen = seed ?? Math.floor(Math.random() * 2 ** 31)
  test(
    `results, log, pages, pins, search and markers are those of a model, seed ${chosen}`,
    within(async ({ storage, id }) => {
      let runs = 0
      const property = fc.asyncProperty(steps, async (all) => {
        await compare(await Scene.make(storage, `${id}r${++runs}`), all, { search, seed: chosen + runs })
      })
      // A failure is made smaller for so long; what is found by then is told.
      await fc.assert(property, { seed: chosen, numRuns: RUNS, interruptAfterTimeLimit: 90_000 })
    }),
    120_000,
  )
}

async function compare(scene: Scene, all: readonly Step[], options: { search: boolean; seed: number }): Promise<void> {
  const { storage, general, lounge } = scene
  const model = new LogModel([general, lounge])
  for (const step of all) {
    if (step.step === 'append') {
      const batch = step.writes.map((write) => write(scene))
      expect(await storage.log.append(batch)).toEqual(batch.map((write) => model.append(write)))
    } else {
      const [user, channel] = [userOf(scene, step.user), channelOf(scene, step.channel)]
      expect(await storage.reads.mark(user, channel, step.seq)).toEqual(model.mark(user, channel, step.seq))
    }
  }
  const random = seededRandom(options.seed)
  for (const channel of [general, lounge]) {
    await compareLog(scene, model, channel)
    await comparePages(scene, model, channel, random)
    await compareMarks(scene, model, channel)
  }
  if (options.search) for (const query of QUERIES) await compareSearch(scene, model, query, random)
}

async function compareLog(scene: Scene, model: LogModel, channel: string): Promise<void> {
  expect(await scene.entries(channel)).toEqual(model.entries(channel))
  const stored = await scene.storage.channels.get(channel)
  expect([stored?.head, stored?.messages]).toEqual([model.head(channel), model.messages(channel).length])
  expect(await scene.storage.log.pins(channel)).toEqual(model.pins(channel))
}

async function comparePages(scene: Scene, model: LogModel, channel: string, random: () => number): Promise<void> {
  const messages = model.messages(channel)
  const head = model.head(channel)
  for (const at of ['newest', 'before', 'after', 'around', 'before', 'after', 'around'] as const) {
    const seq = Math.floor(random() * (head + 3))
    const limit = 1 + Math.floor(random() * 6)
    const anchor: PageAnchor = at === 'newest' ? { at } : { at, seq }
    const page = await scene.storage.log.page(channel, anchor, limit)
    const expected = pageOf(messages, anchor, limit)
    expect([anchor, limit, page?.messages]).toEqual([anchor, limit, expected])
    const [first, last] = [expected[0]?.seq, expected.at(-1)?.seq]
    if (first === undefined || last === undefined) continue
    expect(page).toMatchObject({
      asOf: head,
      hasMoreBefore: messages.some((message) => message.seq < first),
      hasMoreAfter: messages.some((message) => message.seq > last),
    })
  }
}

function pageOf(messages: readonly Message[], anchor: PageAnchor, limit: number): Message[] {
  if (anchor.at === 'newest') return messages.slice(-limit)
  const below = messages.filter(({ seq }) => seq < anchor.seq)
  if (anchor.at === 'before') return below.slice(-limit)
  if (anchor.at === 'after') return messages.filter(({ seq }) => seq > anchor.seq).slice(0, limit)
  const half = Math.floor(limit / 2)
  const before = half === 0 ? [] : below.slice(-half)
  return [...before, ...messages.filter(({ seq }) => seq >= anchor.seq).slice(0, limit - before.length)]
}

async function compareMarks(scene: Scene, model: LogModel, channel: string): Promise<void> {
  const { storage, mei, li, wang } = scene
  for (const user of [mei, li, wang]) {
    expect(await storage.reads.markers(user, [channel])).toEqual([model.marker(user, channel)])
  }
  for (const { seq, reactions = [] } of model.messages(channel)) {
    for (const { emoji } of reactions) {
      const { users } = await storage.log.reactors({ channel, seq }, { emoji, limit: 9 })
      expect(users.map(({ id }) => id)).toEqual(model.reactors({ channel, seq }, emoji))
    }
  }
}

async function compareSearch(scene: Scene, model: LogModel, query: string, random: () => number): Promise<void> {
  const channels = [scene.general, scene.lounge].slice(0, random() < 0.5 ? 1 : 2)
  const author = random() < 0.5 ? userOf(scene, Math.floor(random() * 3)) : undefined
  const limit = 1 + Math.floor(random() * 8)
  const found: Message[] = []
  let before: number | undefined
  do {
    const page = await scene.storage.log.search({ query, channels, author, before, limit })
    expect(page.messages.length).toBeLessThanOrEqual(limit)
    found.push(...page.messages)
    before = page.next
  } while (before !== undefined)
  expect([query, found]).toEqual([query, model.search(query, channels, author)])
}
