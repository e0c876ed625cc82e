import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { fileClaim } from '@arclight/server/cli'
import { sqliteStorage } from '@arclight/server/storage/sqlite'
import { expect, test } from 'vitest'
import { withSecondFactor } from '../accounts/authenticator.ts'
import { Program } from '../program.ts'
import { RawClient } from '../raw-client.ts'
import { PASSWORD } from '../running-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const CODE = /[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}/

function socketUrl(url: string): string {
  return `${url.replace('http', 'ws')}/arclight`
}

test('[RUN-2] arclight admin claim shows the code, the same until it is used, without a server', async () => {
  await using folder = await temporaryFolder()
  const options = { cwd: folder.path, environment: { DATA_DIR: 'store' } }
  const shown: string[] = []
  for (let count = 0; count < 2; count++) {
    await using program = new Program(['admin', 'claim'], options)
    expect([await program.ended(), program.stderr]).toEqual([0, ''])
    expect(program.stdout).toMatch(new RegExp(`^${CODE.source}\n$`))
    shown.push(program.stdout.trim())
  }
  expect(shown[1]).toBe(shown[0])
  expect(await fileClaim(folder.file('store')).redeem(shown[0] ?? '')).toBe(true)
})

test('[RUN-2] off a terminal a start shows no code but says where it is; with it the owner registers', async () => {
  await using folder = await temporaryFolder()
  const options = { cwd: folder.path, environment: { PORT: '0', LOG_LEVEL: 'warn' } }
  await using server = new Program(['serve'], options)
  const url = await server.prints(/listens on (http:\/\/127\.0\.0\.1:\d+)/)
  await server.prints(/arclight admin claim/)
  expect(server.stdout).not.toMatch(CODE)
  await using claim = new Program(['admin', 'claim'], options)
  const code = await claim.prints(CODE)
  await using client = await RawClient.connect(socketUrl(url))
  const stranger = await client.refusal('auth.register', { name: 'admin', password: 'adminadmin' })
  expect(stranger.code).toBe('registration_closed')
  const { user } = await client.ask('auth.register', { name: 'mei', password: PASSWORD, claim: code })
  expect(user.role).toBe('owner')
  await using again = new Program(['admin', 'claim'], options)
  expect([await again.ended(), again.stdout]).toEqual([0, 'This server has its owner; there is nothing to claim.\n'])
})

test('[RUN-2] there are no default credentials, and a second start with an owner shows no claim', async () => {
  await using folder = await temporaryFolder()
  const options = { cwd: folder.path, environment: { PORT: '0', LOG_LEVEL: 'silent' } }
  {
    await using server = new Program(['serve'], options)
    const url = await server.prints(/listens on (http:\S+)/)
    await using client = await RawClient.connect(socketUrl(url))
    for (const name of ['admin', 'root', 'owner', 'arclight', 'test']) {
      for (const password of ['', name, 'password', 'admin']) {
        expect(await client.refusal('auth.login', { name, password })).toMatchObject({ code: 'invalid_credentials' })
      }
    }
    const claim = await fileClaim(folder.file('data')).current()
    await client.ask('auth.register', { name: 'mei', password: PASSWORD, claim })
  }
  await using server = new Program(['serve'], options)
  await server.prints(/listens on (http:\S+)/)
  server.stop('SIGTERM')
  await server.ended()
  expect(server.stdout).toMatch(/^Arclight listens on \S+\n$/)
})

test('[RUN-2] on a terminal a start prints the code', async () => {
  await using folder = await temporaryFolder()
  const options = { cwd: folder.path, environment: { PORT: '0', LOG_LEVEL: 'silent' }, terminal: true }
  await using server = new Program(['serve'], options)
  const code = await server.prints(CODE)
  expect(code).toBe(await fileClaim(folder.file('data')).current())
  expect(server.stdout).toContain(`with the claim code ${code} within 15 minutes`)
})

test('SIGTERM and SIGINT end a server cleanly: clients get 4000, the exit code is 0', async () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    await using folder = await temporaryFolder()
    await using server = new Program(['serve', '--port', '0', '--log-level', 'silent'], { cwd: folder.path })
    const url = await server.prints(/listens on (http:\S+)/)
    await using client = await RawClient.connect(socketUrl(url))
    await client.event('session.hello')
    server.stop(signal)
    expect(await client.closed).toMatchObject({ code: 4000 })
    expect(await server.ended()).toBe(0)
    expect(server.stderr).toBe('')
  }
})

test('[RUN-4] settings come from flags, the environment and .env of the folder; a bad one ends with its name', async () => {
  await using folder = await temporaryFolder()
  await writeFile(folder.file('.env'), 'PORT=70000\nDATA_DIR=store\nLOG_LEVEL=silent\n')
  await using bad = new Program(['serve'], { cwd: folder.path })
  expect([await bad.ended(), bad.stdout]).toEqual([1, ''])
  expect(bad.stderr).toMatch(/^PORT \(\.env\): [^\n]+"70000"\n$/)
  await using good = new Program(['serve', '--port=0'], { cwd: folder.path })
  await good.prints(/listens on (http:\S+)/)
  expect(await readFile(folder.file('store/secret-key'), 'utf8')).toHaveLength(43)
})

test('[RUN-1] a host that others can reach ends with a sentence, without a stack', async () => {
  await using folder = await temporaryFolder()
  await using program = new Program(['serve', '--host', '0.0.0.0', '--port', '0'], { cwd: folder.path })
  expect(await program.ended()).toBe(1)
  expect(program.stderr).toMatch(/^HOST is 0\.0\.0\.0, which others can reach[^\n]+\n$/)
})

test('a port that is taken ends with a sentence and exit code 1', async () => {
  await using folder = await temporaryFolder()
  const taken = createServer()
  await once(taken.listen(0, '127.0.0.1'), 'listening')
  const { port } = taken.address() as AddressInfo
  await using program = new Program(['serve', '--port', `${port}`, '--log-level=silent'], { cwd: folder.path })
  expect(await program.ended()).toBe(1)
  expect(program.stderr).toBe(`PORT ${port} is taken by another program; choose one with --port\n`)
  taken.close()
})

test('anything else shows how the command is used', async () => {
  await using folder = await temporaryFolder()
  for (const parameters of [[], ['help'], ['admin'], ['admin', 'nothing']]) {
    await using program = new Program(parameters, { cwd: folder.path })
    expect(await program.ended()).toBe(2)
    expect(program.stderr).toMatch(/^arclight serve \[flags\].*\narclight admin claim \[flags\]/)
  }
})

test('[RES-5] after arclight admin restored every log has another epoch, and its messages', async () => {
  await using folder = await temporaryFolder()
  const options = { cwd: folder.path, environment: { DATA_DIR: 'store' } }
  const summaries = async () => {
    const storage = sqliteStorage({ file: folder.file('store/arclight.db') })
    await storage.open()
    const found = await storage.channels.list()
    await storage.close()
    return found
  }
  const before = await summaries()
  await using program = new Program(['admin', 'restored'], options)
  expect([await program.ended(), program.stderr]).toEqual([0, ''])
  const after = await summaries()
  expect(after.map(({ epoch: _, ...rest }) => rest)).toEqual(before.map(({ epoch: _, ...rest }) => rest))
  const epochs = [...before, ...after].map(({ epoch }) => epoch)
  expect(new Set(epochs).size).toBe(epochs.length)
})

test('[TOTP-5] arclight admin reset NAME --second-factor takes the second factor away; without the word it stays', async () => {
  await using folder = await temporaryFolder()
  const options = { cwd: folder.path, environment: { DATA_DIR: 'store', PORT: '0', LOG_LEVEL: 'silent' } }
  const code = /^[A-Z2-9]{4}(-[A-Z2-9]{4}){4}$/m
  await using server = new Program(['serve'], options)
  const url = socketUrl(await server.prints(/listens on (http:\S+)/))
  await using client = await RawClient.connect(url)
  const claim = await fileClaim(folder.file('store')).current()
  await client.ask('auth.register', { name: 'mei', password: PASSWORD, claim })
  await withSecondFactor(client, { wall: () => Date.now() })
  await using plain = new Program(['admin', 'reset', 'MEI'], options)
  await plain.prints(code)
  await using other = await RawClient.connect(url)
  expect(await other.refusal('auth.login', { name: 'mei', password: PASSWORD })).toMatchObject({
    code: 'second_factor',
  })
  await using whole = new Program(['admin', 'reset', 'MEI', '--second-factor'], options)
  expect([await whole.ended(), whole.stderr]).toEqual([0, ''])
  expect(whole.stdout).toMatch(/^mei has no second factor any more\.$/m)
  expect(whole.stdout).toMatch(code)
  await other.ask('auth.login', { name: 'mei', password: PASSWORD })
})
