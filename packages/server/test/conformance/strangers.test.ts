import { type CaseResult, runServerCases, type ServerRunOptions } from '@arclight/conformance/server'
import { RATES } from '@arclight/core/protocol'
import { sqliteStorage } from '@arclight/server/storage/sqlite'
import { expect, test } from 'vitest'
import { PASSWORD, RunningServer } from '../running-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const RUN_MS = 120_000
const QUICK = ['AUTH', 'RES', 'SEND-6', 'VOICE-6.final', 'MSG-6']
/** What nobody can say of accounts that the kit did not make. */
const NO_REGISTRATION =
  /registration, which is closed|none can be made|the server has its owner|too long to wait|not have the capability/

function outcomes(results: readonly CaseResult[], outcome: CaseResult['outcome']): string[] {
  return results.filter((one) => one.outcome === outcome).map(({ id, reason }) => `${id}: ${reason}`)
}

test(
  'a server that takes nobody is tried with accounts that are named; their own sessions stay, the kit’s end',
  async () => {
    await using folder = await temporaryFolder()
    const file = folder.file('chat.db')
    {
      await using open = await RunningServer.start({ storage: sqliteStorage({ file }) })
      for (const name of ['mei', 'li']) await open.signIn(name)
    }
    await using running = await RunningServer.start({ storage: sqliteStorage({ file }), registration: 'closed' })
    const [user, user2] = ['mei', 'li'].map((name) => ({ name, password: PASSWORD }))
    const { results, passed } = await runServerCases({ url: running.url, user, user2, only: QUICK })
    expect(outcomes(results, 'failed')).toEqual([])
    for (const line of outcomes(results, 'skipped')) expect(line).toMatch(NO_REGISTRATION)
    expect(passed).toBeGreaterThan(20)
    for (const name of ['mei', 'li']) {
      const after = await running.connect()
      await after.authenticate('auth.login', { name, password: PASSWORD })
      // One from before the run, and this one.
      expect((await after.ask('auth.sessions', {})).sessions).toHaveLength(2)
    }
  },
  RUN_MS,
)

test('an account that is named and cannot log in ends the run before it begins', async () => {
  await using running = await RunningServer.start()
  const options: ServerRunOptions = { url: running.url, user: { name: 'nobody', password: PASSWORD } }
  await expect(runServerCases(options)).rejects.toThrow(/nobody cannot log in: invalid_credentials/)
})

test(
  'a rate that others have used up is waited for: each case begins again',
  async () => {
    const rateLimits = { ...RATES, 'auth.token': { burst: 5, perSecond: 20 } }
    await using running = await RunningServer.start({ rateLimits })
    const waits: string[] = []
    const onWait = (why: string): void => void waits.push(why)
    const { results, passed } = await runServerCases({
      url: running.url,
      only: ['CHAN-1', 'CHAN-2', 'CHAN-3', 'AUTH-4'],
      onWait,
    })
    expect(outcomes(results, 'failed')).toEqual([])
    expect(passed).toBeGreaterThan(5)
    expect(waits).toContainEqual(expect.stringMatching(/^CHAN-\S+ the server's rate of auth\.token is used up/))
  },
  RUN_MS,
)
