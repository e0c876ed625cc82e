import { once } from 'node:events'
import { readdir, readFile, stat } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { get } from 'node:https'
import { type AddressInfo, createServer } from 'node:net'
import { createClient } from '@arclight/client-node'
import { fileClaim, type RunningServer, readSettings, runServer, SettingError } from '@arclight/server/cli'
import { sqliteStorage } from '@arclight/server/storage/sqlite'
import Database from 'libsql'
import { expect, test } from 'vitest'
import { makeCertificate } from '../certificates.ts'
import { RawClient } from '../raw-client.ts'
import { PASSWORD } from '../running-server.ts'
import { type TemporaryFolder, temporaryFolder } from '../temporary-folder.ts'

/** Starts a server in a folder, on a port of its own; closed with the test. */
async function start(folder: TemporaryFolder, ...flags: string[]): Promise<RunningServer & AsyncDisposable> {
  const all = ['--data-dir', folder.path, '--port', '0', '--log-level', 'silent', ...flags]
  const running = await runServer(readSettings({ flags: all, environment: {} }))
  return { ...running, [Symbol.asyncDispose]: () => running.close() }
}

/** Why a server does not start. */
async function refusal(folder: TemporaryFolder, ...flags: string[]): Promise<string> {
  const outcome: unknown = await start(folder, ...flags).catch((error: unknown) => error)
  if (outcome instanceof SettingError) return outcome.message
  throw new Error(`expected a SettingError, got ${String(outcome)}`)
}

function socketUrl({ url }: RunningServer): string {
  return `${url.replace('http', 'ws')}/arclight`
}

test('[RUN-1] without a certificate a server listens on this machine alone, over http', async () => {
  await using folder = await temporaryFolder()
  await using running = await start(folder)
  expect(running.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  expect((await fetch(`${running.url}/readyz`)).status).toBe(200)
  await using client = createClient({ url: socketUrl(running) })
  const claim = running.claim ?? ''
  expect(await client.register({ name: 'mei', password: PASSWORD, claim })).toMatchObject({ role: 'owner' })
})

test('[RUN-6] with every answer browsers are told to run nothing of others and to frame the page nowhere', async () => {
  await using folder = await temporaryFolder()
  const all = ['--data-dir', folder.path, '--port', '0', '--log-level', 'silent']
  const running = await runServer(readSettings({ flags: all, environment: {} }), (app) => {
    app.get('/page', (_request, response) => void response.type('html').send('<p>tea</p>'))
  })
  for (const path of ['/page', '/healthz', '/recordings', '/nowhere']) {
    const { headers } = await fetch(`${running.url}${path}`)
    const policy = headers.get('Content-Security-Policy')?.split(';') ?? []
    expect(policy, path).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(
      policy.filter((one) => /unsafe-inline|unsafe-eval|https?:|\*/.test(one.replace('wasm-unsafe-eval', ''))),
    ).toEqual([])
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
    expect(headers.get('Referrer-Policy')).toBe('no-referrer')
    expect(headers.get('Permissions-Policy')).toMatch(/microphone=\(self\)/)
    expect(headers.get('X-Powered-By')).toBeNull()
    // Whoever has no certificate of their own is not kept from plain http.
    expect(headers.get('Strict-Transport-Security')).toBeNull()
  }
  await running.close()
})

test('[RUN-6] with the operator’s own certificate browsers are told to stay with https', async () => {
  await using folder = await temporaryFolder()
  const { cert, key } = await makeCertificate(folder, 'own')
  await using running = await start(folder, '--tls-cert', cert, '--tls-key', key)
  const ca = await readFile(cert)
  const [response] = (await once(get(`${running.url}/healthz`, { ca }), 'response')) as [IncomingMessage]
  response.resume()
  expect(response.headers['strict-transport-security']).toBe('max-age=15552000')
})

test('[RUN-1] another host is refused before anything is opened, and taken with --insecure-http', async () => {
  await using folder = await temporaryFolder()
  expect(await refusal(folder, '--host', '0.0.0.0')).toMatch(/^HOST is 0\.0\.0\.0/)
  expect(await readdir(folder.path)).toEqual([])
  await using running = await start(folder, '--host', '0.0.0.0', '--insecure-http')
  expect(running.url).toMatch(/^http:\/\/localhost:\d+$/)
  expect((await fetch(`${running.url.replace('localhost', '127.0.0.1')}/healthz`)).status).toBe(200)
})

test('[RUN-1][HTTP-9] with --tls another host is taken, and a client that trusts the certificate talks over wss', async () => {
  await using folder = await temporaryFolder()
  await using running = await start(folder, '--host', '0.0.0.0', '--tls')
  expect(running.url).toMatch(/^https:\/\/localhost:\d+$/)
  const ca = await readFile(folder.file('cert.pem'))
  await using client = createClient({ url: socketUrl(running), ca })
  await client.register({ name: 'mei', password: PASSWORD, claim: running.claim ?? '' })
  expect((await client.channels.get('general').send('hello')).seq).toBe(1)
  await using stranger = createClient({ url: socketUrl(running) })
  await expect(stranger.login({ name: 'mei', password: PASSWORD })).rejects.toThrow(/cannot be reached/)
  const response = await new Promise<number | undefined>((resolve, reject) => {
    get(`${running.url}/healthz`, { ca, agent: false }, (answer) => resolve(answer.resume().statusCode)).on(
      'error',
      reject,
    )
  })
  expect(response).toBe(200)
})

test('[RUN-3] a certificate of one’s own is served with, and a bad one stops the start', async () => {
  await using folder = await temporaryFolder()
  const own = await makeCertificate(folder, 'own')
  const over = await makeCertificate(folder, 'over', { from: -3, to: -1 })
  expect(await refusal(folder, '--tls-cert', over.cert, '--tls-key', over.key)).toContain('expired on')
  await using running = await start(folder, '--tls-cert', own.cert, '--tls-key', own.key)
  expect(running.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
  await using client = createClient({ url: socketUrl(running), ca: await readFile(own.cert, 'utf8') })
  await client.register({ name: 'mei', password: PASSWORD, claim: running.claim ?? '' })
})

test('[RUN-2] until there is an owner a start has a claim, the one that the file holds; then none', async () => {
  await using folder = await temporaryFolder()
  {
    await using running = await start(folder)
    expect(running.claim).toBe(await fileClaim(folder.path).current())
    await using client = await RawClient.connect(socketUrl(running))
    expect(await client.refusal('auth.register', { name: 'mei', password: PASSWORD })).toMatchObject({
      code: 'registration_closed',
    })
    await client.ask('auth.register', { name: 'mei', password: PASSWORD, claim: running.claim ?? '' })
  }
  await using running = await start(folder)
  expect([running.claim, running.server.registration]).toEqual([undefined, 'open'])
})

test('a port that is taken, and a host that is not this machine’s, stop with a sentence and leave nothing running', async () => {
  await using folder = await temporaryFolder()
  const taken = createServer()
  await once(taken.listen(0, '127.0.0.1'), 'listening')
  const { port } = taken.address() as AddressInfo
  expect(await refusal(folder, '--port', `${port}`)).toBe(
    `PORT ${port} is taken by another program; choose one with --port`,
  )
  expect(await refusal(folder, '--host', '203.0.113.1', '--insecure-http')).toBe(
    'HOST 203.0.113.1 is not an address of this machine',
  )
  taken.close()
  await using running = await start(folder)
  expect(running.server.registration).toBe('claim')
})

test('[RUN-5] the folder is made, with a secret key and a claim for their owner alone; later starts keep the key', async () => {
  await using folder = await temporaryFolder()
  const data = { ...folder, path: folder.file('deep/data') }
  const keys: string[] = []
  for (let count = 0; count < 2; count++) {
    await using running = await start(data)
    expect(running.url).toContain('127.0.0.1')
    keys.push(await readFile(folder.file('deep/data/secret-key'), 'utf8'))
  }
  expect(keys[0]).toHaveLength(43)
  expect(keys[1]).toBe(keys[0])
  for (const name of ['secret-key', 'claim.json']) {
    expect(((await stat(folder.file(`deep/data/${name}`))).mode & 0o777).toString(8), name).toBe('600')
  }
})

test('pages of the application stand beside the server’s routes', async () => {
  await using folder = await temporaryFolder()
  const flags = ['--data-dir', folder.path, '--port', '0', '--log-level', 'silent']
  const running = await runServer(readSettings({ flags, environment: {} }), (app) => {
    app.get('/', (_request, response) => void response.send('a page'))
  })
  const page = await fetch(running.url)
  expect([await page.text(), page.headers.get('x-powered-by')]).toEqual(['a page', null])
  expect((await fetch(`${running.url}/nowhere`)).status).toBe(404)
  await running.close()
  await expect(fetch(running.url)).rejects.toThrow()
})

test('closing answers, tells clients 4000 and frees the port', async () => {
  await using folder = await temporaryFolder()
  const running = await start(folder)
  await using client = await RawClient.connect(socketUrl(running))
  await client.ask('auth.register', { name: 'mei', password: PASSWORD, claim: running.claim ?? '' })
  await running.close()
  expect(await client.closed).toMatchObject({ code: 4000 })
  await using again = await start(folder, '--port', new URL(running.url).port)
  expect(again.url).toBe(running.url)
})

test('a database of a newer program stops the start with a sentence', async () => {
  await using folder = await temporaryFolder()
  const storage = sqliteStorage({ file: folder.file('arclight.db') })
  await storage.open()
  await storage.close()
  const database = new Database(folder.file('arclight.db'))
  database.prepare('insert into kysely_migration (name, timestamp) values (?, ?)').run('9999_later', 'later')
  database.close()
  await expect(start(folder)).rejects.toThrow(
    /cannot be used: the database was written by a newer version of Arclight; update the program$/,
  )
})
