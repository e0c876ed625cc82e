import { clientCases, runClientCase } from '@arclight/conformance/client'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Spoil, spoiledClient } from './spoiled-client.ts'
import { JUDGED, SPOILS } from './spoils.ts'

/** Long enough for a good client on a busy machine, in the cases that a spoiled one fails by waiting in vain. */
const PATIENCE_MS = 6_000
const AT_ONCE = 16

type Result = Awaited<ReturnType<typeof runClientCase>>

afterEach(() => vi.restoreAllMocks())

/** What becomes of a case with a client that is spoiled. */
async function run(id: string, spoil: Spoil): Promise<Result> {
  const one = clientCases.find((each) => each.id === id)
  if (!one) throw new Error(`there is no case ${id}`)
  return runClientCase(one, { client: spoiledClient(spoil), patienceMs: PATIENCE_MS })
}

test('each case that is not slow has a client that fails it', () => {
  expect(Object.keys(SPOILS).sort()).toEqual(
    clientCases
      .filter(({ slow }) => !slow)
      .map(({ id }) => id)
      .sort(),
  )
})

describe('a client that is spoiled fails its case', () => {
  const results = new Map<string, Result>()
  const together = Object.entries(SPOILS).flatMap(([id, spoil]) => (spoil().random ? [] : [[id, spoil] as const]))

  beforeAll(async () => {
    const waiting = [...together]
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) results.set(next[0], await run(next[0], next[1]()))
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
  }, 120_000)

  test.each(together.map(([id]) => id))('%s', (id) => {
    expect(results.get(id)).toMatchObject({ outcome: 'failed', why: expect.any(String) })
  })
})

describe('a client whose waits are not random fails', () => {
  const alone = Object.entries(SPOILS).flatMap(([id, spoil]) => (spoil().random ? [[id, spoil] as const] : []))
  test.each(alone)('%s', async (id, spoil) => {
    const { random = Math.random } = spoil()
    vi.spyOn(Math, 'random').mockImplementation(random)
    expect((await run(id, spoil())).outcome).toBe('failed')
  })
})

describe('what holds for every frame is judged in every case', () => {
  test.each(Object.entries(JUDGED))('%s', async (rule, spoil) => {
    const { outcome, why } = await run('replies-in-any-order', spoil())
    expect([outcome, why]).toEqual(['failed', expect.stringContaining(`[${rule}]`)])
  })
})
