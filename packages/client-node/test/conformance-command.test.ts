import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('../../conformance/bin/arclight-conformance.js', import.meta.url))
const CLIENT = pathToFileURL(createRequire(import.meta.url).resolve('@arclight/client-node')).href

/** A driver as a third party would write it, in the language that Node runs as it is. */
const DRIVER = `
import { createClient } from '${CLIENT}'
export default {
  name: 'mine',
  supports: ['requestMs'],
  create({ url, requestMs, told }) {
    const client = createClient({ url, requestMs })
    client.on('state', ({ name }) => told({ is: 'state', name }))
    return {
      login: (account) => client.login(account),
      join: async (channel) => {
        const handle = client.channels.get(channel)
        await handle.join()
        handle.on('message', ({ seq, text }) => told({ is: 'message', channel, seq, text }))
        handle.on('reset', () => told({ is: 'reset', channel }))
      },
      send: (channel, text) =>
        client.channels.get(channel).send(text).then(
          () => ({ is: 'done' }),
          ({ reason, code }) => ({ is: reason, code }),
        ),
      close: () => client.close(),
    }
  },
}
`

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arclight-driver-'))
  writeFileSync(join(folder, 'driver.mjs'), DRIVER)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function conformance(...flags: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const command = spawn(process.execPath, [MAIN, 'client', ...flags], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  command.stdout.on('data', (chunk) => {
    out += chunk
  })
  command.stderr.on('data', (chunk) => {
    err += chunk
  })
  const code = await new Promise<number | null>((resolve) => command.on('close', resolve))
  return { code, out, err }
}

test('a driver of thirty lines is enough: passed, failed and skipped are told and counted', async () => {
  const ids = 'tells-duplicates-once,fills-gaps,declares-its-voice,waits-at-most-15-s'
  const { code, out } = await conformance('--driver', 'driver.mjs', '--only', ids)
  expect([code, out.trim().split('\n').at(-1)]).toEqual([0, '2 passed, 0 failed, 2 skipped'])
  expect(out).toMatch(/^passed {2}fills-gaps \[RES-2, LOG-1, LOG-2\]/m)
})

test('a client that fails a case fails the command, and the report says why', async () => {
  writeFileSync(join(folder, 'bad.mjs'), DRIVER.replace("is: 'done'", "is: 'unsent'"))
  const flags = [
    '--driver',
    'bad.mjs',
    '--only',
    'repeats-with-the-same-id',
    '--format',
    'junit',
    '--output',
    'report.xml',
  ]
  const { code, out } = await conformance(...flags)
  expect([code, out]).toEqual([1, '0 passed, 1 failed, 0 skipped\n'])
  expect(readFileSync(join(folder, 'report.xml'), 'utf8')).toMatch(/failures="1".*\n.*<failure message="the outcome/)
})

test.each([
  [[], /--driver is missing/],
  [['--driver', 'nowhere.mjs'], /nowhere/],
  [['--driver', 'driver.mjs', '--format', 'yaml'], /--format is lines, json or junit, got yaml/],
  [['--driver', 'driver.mjs', '--only', 'no-such'], /there is no case no-such/],
])('%j: says what is wrong', async (flags, says) => {
  const { code, err } = await conformance(...flags)
  expect([code, err]).toEqual([2, expect.stringMatching(says)])
})
