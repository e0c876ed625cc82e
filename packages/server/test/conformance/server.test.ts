import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { type CaseResult, notCoveredByServerCases, runServerCases, serverCases } from '@arclight/conformance/server'
import { fileClaim } from '@arclight/server/cli'
import { expect, test } from 'vitest'
import { Program } from '../program.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const RUN_MS = 180_000
const PROTOCOL = readFileSync(new URL('../../../../PROTOCOL.md', import.meta.url), 'utf8')
const RULES = [...PROTOCOL.matchAll(/\*\*\[([A-Z]+-\d+)\]\*\*/g)].map(([, id]) => id as string)

/** Nothing to be said here, and why: these cases are proved to say nothing rather than something wrong. */
const SKIPPED = ['AUTH-8.expires', 'VOICE-2.one-channel', 'REC-1.unavailable']

function ids(results: readonly CaseResult[], outcome: CaseResult['outcome']): string[] {
  return results.filter((one) => one.outcome === outcome).map(({ id, reason }) => `${id}: ${reason}`)
}

/** A port of this machine that nobody listens at. */
async function freePort(): Promise<number> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  await once(server.close(), 'close')
  return port
}

test(
  'the program as it is installed, with its default limits, passes every case of the kit',
  async () => {
    await using folder = await temporaryFolder()
    const receiver = `http://127.0.0.1:${await freePort()}`
    const flags = ['--port', '0', '--log-level', 'warn', '--allow-guests', '--webhook-targets', receiver]
    await using program = new Program(['serve', ...flags], { cwd: folder.path })
    const url = (await program.prints(/listens on (\S+)/)).replace(/^http/, 'ws')
    const report = await runServerCases({
      url: `${url}/arclight`,
      claim: await fileClaim(folder.file('data')).current(),
      limits: 'default',
      heavy: true,
      receiver,
      stop: () => program.stop('SIGTERM'),
    })
    expect(ids(report.results, 'failed')).toEqual([])
    expect(ids(report.results, 'skipped').map((line) => line.split(':', 1)[0])).toEqual(SKIPPED)
    expect(report.results).toHaveLength(serverCases.length)
    expect(await program.ended()).toBe(0)
  },
  RUN_MS,
)

test('each rule has a server case, or a reason why there is none', () => {
  const proved = new Set(serverCases.flatMap(({ rules }) => rules))
  const excused = Object.keys(notCoveredByServerCases)
  expect(RULES.filter((id) => !proved.has(id) && !excused.includes(id))).toEqual([])
  expect(excused.filter((id) => proved.has(id) || !RULES.includes(id))).toEqual([])
  expect([...proved].filter((id) => !RULES.includes(id))).toEqual([])
})

test('case ids are unique', () => {
  const all = serverCases.map(({ id }) => id)
  expect(new Set(all).size).toBe(all.length)
})
