import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { silentServer } from './silent-server.ts'

const COMMAND = fileURLToPath(new URL('../bin/arclight-conformance.js', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'arclight-kit-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Ended {
  readonly code: number | null
  readonly lines: readonly string[]
  readonly complaint: string
}

function start(parameters: readonly string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [COMMAND, ...parameters], { stdio: ['ignore', 'pipe', 'pipe'] })
  const text = { out: '', error: '' }
  child.stdout.on('data', (chunk) => {
    text.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    text.error += chunk
  })
  const ended = once(child, 'close').then(([code]) => {
    return { code, lines: text.out.trimEnd().split('\n'), complaint: text.error }
  })
  return { child, ended }
}

test('a line a case, the last frames of what failed, the totals alone on the last line, exit code 1', async () => {
  await using server = await silentServer()
  const only = ['--only', 'CONN-2.greeting,MSG-2.stranger,LOG', '--timeout', '300']
  const { code, lines } = await start(['server', server.url, ...only]).ended
  expect(code).toBe(1)
  expect(lines).toContainEqual(expect.stringMatching(/^ok {6}CONN-2\.greeting {2}the first frame/))
  const failed = lines.findIndex((line) => line.startsWith('FAILED  MSG-2.stranger'))
  expect(lines[failed]).toMatch(/expected a reply to conformance\.nothing .* nothing of it came within 300 ms$/)
  expect(lines[failed + 1]).toMatch(/^ {9}\+\d+\.\d{3} stranger ← \{"type":"session.hello"/)
  expect(lines).toContainEqual(
    expect.stringMatching(/^skip {4}LOG-1\.no-gap .*: needs an account: registration is closed/),
  )
  expect(lines.at(-1)).toBe('1 passed, 1 failed, 5 skipped')
})

test('a server that says that it takes accounts and takes none fails', async () => {
  await using server = await silentServer('open')
  const { code, lines } = await start(['server', server.url, '--only', 'AUTH-1.register', '--timeout', '300']).ended
  expect(lines[0]).toMatch(/^FAILED {2}AUTH-1\.register .* expected a reply to auth\.register/)
  expect([code, lines.at(-1)]).toEqual([1, '0 passed, 1 failed, 0 skipped'])
})

test('JSON a line, JUnit and HTML as asked; a run of what passed ends with 0', async () => {
  await using server = await silentServer()
  const [junit, html] = [join(folder, 'junit.xml'), join(folder, 'report.html')]
  const reports = ['--json', '--junit', junit, '--html', html, '--timeout', '300']
  const passing = await start(['server', server.url, '--only', 'CONN-2.greeting', ...reports]).ended
  expect(passing.code).toBe(0)
  expect(JSON.parse(passing.lines[0] ?? '')).toMatchObject({
    id: 'CONN-2.greeting',
    rules: ['CONN-2'],
    outcome: 'passed',
  })
  expect(passing.lines.at(-1)).toBe('1 passed, 0 failed, 0 skipped')
  expect(await readFile(junit, 'utf8')).toMatch(/<testcase classname="CONN-2" name="CONN-2\.greeting .*"\/>/)
  expect(await readFile(html, 'utf8')).toContain('<h2>Rules that passed</h2>\n<p class="passed">CONN-2</p>')
})

test('bad usage ends with 2 and says what was expected', async () => {
  for (const [parameters, complaint] of [
    [[], /arclight-conformance server ws/],
    [['nothing'], /arclight-conformance server ws/],
    [['server'], /expected one URL/],
    [['server', 'http://127.0.0.1'], /expected a URL such as ws/],
    [['server', 'ws://127.0.0.1', '--only', 'NOTHING-1'], /there is no case for NOTHING-1/],
    [['server', 'ws://127.0.0.1', '--user', 'mei'], /--user and --password together/],
    [['server', 'ws://127.0.0.1', '--limits', 'none'], /--limits any or default/],
    [['server', 'ws://127.0.0.1', '--flag'], /--flag/],
  ] as const) {
    const ended = await start(parameters).ended
    expect([parameters, ended.code]).toEqual([parameters, 2])
    expect(ended.complaint).toMatch(complaint)
  }
})

test('who asks for help gets it, on standard output', async () => {
  for (const parameters of [['--help'], ['server', '--help'], ['proxy', '-h']]) {
    const { code, lines, complaint } = await start(parameters).ended
    expect([parameters, code, complaint]).toEqual([parameters, 0, ''])
    expect(lines[0]).toMatch(/conformance (server ws|proxy --target)/)
  }
})

test('a server that cannot be tried at all is a sentence and exit code 1', async () => {
  const { code, complaint } = await start(['server', 'ws://127.0.0.1:1/arclight']).ended
  expect([code, complaint]).toEqual([
    1,
    expect.stringMatching(/^ws:.* is no server that can be tried: .*ECONNREFUSED.*\n$/),
  ])
})

test('Ctrl-C ends a run at once, with what was done', async () => {
  await using server = await silentServer()
  const looked = server.connected()
  const { child, ended } = start(['server', server.url, '--only', 'CONN-3.deadline'])
  await looked
  await server.connected()
  child.kill('SIGINT')
  const { code, lines } = await ended
  expect([code, lines]).toEqual([1, ['0 passed, 0 failed, 0 skipped']])
})
