import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { pair } from './pair.ts'

const MAIN = fileURLToPath(new URL('../../bin/arclight-conformance.js', import.meta.url))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arclight-proxy-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('the command stands between a client and a server, and writes down what came', async () => {
  await using set = await pair()
  const [rules, log] = [join(folder, 'rules.json'), join(folder, 'frames.ndjson')]
  writeFileSync(rules, JSON.stringify([{ action: 'duplicate', where: { type: 'one' } }]))
  const flags = ['proxy', '--target', set.proxy.url, '--port', '0', '--rules', rules, '--log', log]
  const command = spawn(process.execPath, [MAIN, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: command.stdout })[Symbol.asyncIterator]()
  const [url] = /ws:\S+/.exec((await lines.next()).value ?? '') ?? []
  const socket = new WebSocket(url ?? '', 'arclight.v1')
  await once(socket, 'open')
  socket.send('{"id":1,"type":"one"}')
  socket.close()
  await once(socket, 'close')
  command.kill('SIGTERM')
  expect((await lines.next()).value).toBe('1 frames, 1 of them struck')
  expect((await once(command, 'exit'))[0]).toBe(0)
  const frames = readFileSync(log, 'utf8').trim().split('\n')
  const seen = { connection: 1, direction: 'to-server', kind: 'text', type: 'one', size: 21, done: ['duplicate'] }
  expect(frames.map((line) => JSON.parse(line))).toEqual([{ at: expect.any(Number), ...seen }])
  expect(set.proxy.log.filter(({ type }) => type === 'one')).toHaveLength(2)
})

test.each([
  [[], /conformance proxy/],
  [['proxy'], /--target is missing/],
  [['proxy', '--target', 'ws://127.0.0.1:1', '--port', 'x'], /--port takes a number/],
  [['proxy', '--target', 'ws://127.0.0.1:1', '--rules', '/nowhere/rules.json'], /rules.json: ENOENT/],
  [['proxy', '--teapot'], /teapot/],
])('%j: says what is wrong', async (flags, says) => {
  const command = spawn(process.execPath, [MAIN, ...flags], { stdio: ['ignore', 'ignore', 'pipe'] })
  let text = ''
  command.stderr.on('data', (chunk) => {
    text += chunk
  })
  expect((await once(command, 'close'))[0]).toBe(2)
  expect(text).toMatch(says)
})
