import { fuzzServer } from '@arclight/conformance/fuzz'
import { type Rule, startProxy } from '@arclight/conformance/proxy'
import { expect, test } from 'vitest'
import { PASSWORD, RunningServer } from '../running-server.ts'

const REQUESTS = 4_000
const REACHED = ['ok', 'bad_request', 'unknown_type', 'not_found', 'conflict', 'out_of_order', 'forbidden'] as const
/** One more seed each day, so that runs of many days see many. */
const TODAY = Math.floor(Date.now() / 86_400_000)

test.each([1, 2, TODAY])(
  '[MSG-1][BAD-3] seed %i: thousands of requests that are nearly right each get one reply, and nobody else notices',
  async (seed) => {
    const logged: unknown[] = []
    const log = {
      info: () => {},
      warn: () => {},
      error: (fields: object, message: string) => void logged.push({ fields, message }),
    }
    await using server = await RunningServer.start({ rateLimits: 'off', log })
    for (const name of ['fuzz', 'bystander']) await server.signIn(name)
    const accounts = [
      { name: 'fuzz', password: PASSWORD },
      { name: 'bystander', password: PASSWORD },
    ] as const
    const report = await fuzzServer({ url: server.url, seed, requests: REQUESTS, accounts })
    expect(report.problems).toEqual([])
    expect(report.requests).toBe(REQUESTS)
    // Each of these shows that the requests reached what they were to reach. A seed of the day may be a poor one.
    const reached = seed === TODAY ? ['ok', 'bad_request'] : REACHED
    for (const outcome of reached) expect(report.outcomes[outcome], outcome).toBeGreaterThan(5)
    expect(logged).toEqual([])
  },
  60_000,
)

test.each<[string, Rule, RegExp]>([
  [
    'answers twice',
    { action: 'duplicate', where: { direction: 'to-client', type: 'channel.list' } },
    /^2 replies to channel.list/,
  ],
  [
    'does not answer',
    { action: 'drop', where: { direction: 'to-client', type: 'history.page' }, when: { count: { nth: 3 } } },
    /a reply to {"type":"history.page"/,
  ],
  ['loses entries', { action: 'drop', where: { type: 'message.created' } }, /the bystander’s messages came as/],
  ['tells entries twice', { action: 'duplicate', where: { type: 'message.created' } }, /the bystander got entry/],
  [
    'cuts a frame short',
    { action: 'truncate', where: { direction: 'to-client', type: 'voice.join' } },
    /a frame that is none|a reply to/,
  ],
  ['cuts a connection', { action: 'cut', where: { direction: 'to-client', type: 'voice.leave' } }, /closed with 1006/],
])('a server that %s is found out', async (_how, rule, says) => {
  await using server = await RunningServer.start({ rateLimits: 'off' })
  for (const name of ['fuzz', 'bystander']) await server.signIn(name)
  const accounts = [
    { name: 'fuzz', password: PASSWORD },
    { name: 'bystander', password: PASSWORD },
  ] as const
  await using proxy = await startProxy({ target: server.url, rules: [rule] })
  const { problems } = await fuzzServer({ url: proxy.url, seed: 1, requests: 600, accounts, patienceMs: 2_000 })
  expect(problems.join('\n')).toMatch(says)
})
