import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runServerCases, serverCases } from '@arclight/conformance/server'
import { CAPABILITIES } from '@arclight/core/protocol'
import { expect, test } from 'vitest'

const TINY = fileURLToPath(new URL('../../../../examples/tiny-server/main.mjs', import.meta.url))
const RUN_MS = 120_000
/** What the tiny server leaves to others, and says so by what it greets with. */
const BEYOND_CHAT: readonly string[] = [...CAPABILITIES.filter((one) => one !== 'chat'), 'heavy']
/** An operator may go without: it has no rates, no owner, one channel, sessions of 30 days. */
const NOTHING_TO_SAY = /operator may switch it off|the server has its owner|the server is not new|too long to wait/

async function startTiny(): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [TINY, '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    const [, url] = /listening on (\S+)/.exec(chunk.toString()) ?? []
    if (url !== undefined) return { url, child }
  }
  throw new Error('the tiny server ended before it listened')
}

test(
  'a server for chat alone passes every case of chat; the others are skipped by capability',
  async () => {
    const { url, child } = await startTiny()
    const ended = once(child, 'exit')
    try {
      const { results } = await runServerCases({ url, stop: () => child.kill('SIGTERM') })
      const failed = results.filter(({ outcome }) => outcome === 'failed').map(({ id, reason }) => `${id}: ${reason}`)
      expect(failed).toEqual([])
      for (const { id, outcome, reason } of results) {
        const needs = serverCases.find((one) => one.id === id)?.needs ?? []
        const beyond = needs.some((need) => BEYOND_CHAT.includes(need))
        if (beyond) expect([id, outcome], reason).toEqual([id, 'skipped'])
        else if (outcome === 'skipped') expect([id, reason]).toEqual([id, expect.stringMatching(NOTHING_TO_SAY)])
      }
      expect(results.filter(({ outcome }) => outcome === 'passed').length).toBeGreaterThan(90)
    } finally {
      child.kill('SIGKILL')
      await ended
    }
  },
  RUN_MS,
)

test('it is small: under 300 lines in all', () => {
  const folder = dirname(TINY)
  const lines = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8').split('\n').length - 1)
  expect(lines.reduce((sum, count) => sum + count)).toBeLessThan(300)
})
