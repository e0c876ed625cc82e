import { request } from 'node:http'
import { fsBlobs } from '@arclight/server/blobs/fs'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { pictures } from '../muxer/test-media.ts'
import type { RawClient } from '../raw-client.ts'
import { recordingServer, sendPictures, startRecording } from '../recording/recording-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const TEN = pictures({ frames: 10 })

async function recorded(client: RawClient, title?: string): Promise<string> {
  const { id, track } = await startRecording(client, title)
  sendPictures(client, track, TEN)
  await client.ask('recording.stop', { recording: id })
  return id
}

/** Status, error code and challenge of an answer. */
async function outcome(url: string, headers: Record<string, string> = {}): Promise<unknown[]> {
  const response = await fetch(url, { headers })
  const body = await response.text()
  const { error } = (response.ok ? {} : JSON.parse(body)) as { error?: { code: string; message: string } }
  expect(response.headers.get('set-cookie')).toBeNull()
  expect(error === undefined || error.message.length > 0).toBe(true)
  return [response.status, error?.code, response.headers.get('www-authenticate')]
}

const NOT_SIGNED_IN = [401, 'unauthenticated', 'Bearer']
const NOT_FOUND = [404, 'not_found', null]

test('[HTTP-2] the list and the file come for a session token; without one that is good it is 401', async () => {
  await using folder = await temporaryFolder()
  await using running = await recordingServer(folder.path)
  const mei = await running.signIn('mei')
  const id = await recorded(mei)
  const authorization = `Bearer ${mei.authenticated.token}`
  const [list, file] = [`${running.url}/recordings`, `${running.url}/recordings/${id}`]
  const listed = await fetch(list, { headers: { authorization } })
  expect(await listed.json()).toEqual({ recordings: (await mei.ask('recording.list', {})).recordings })
  expect([listed.status, listed.headers.get('cache-control')]).toEqual([200, 'private, no-store'])
  const part = await fetch(file, { headers: { authorization, range: 'bytes=4-7' } })
  expect([part.status, await part.text()]).toEqual([206, 'ftyp'])
  for (const url of [list, file]) {
    expect(await outcome(url)).toEqual(NOT_SIGNED_IN)
    for (const bad of [
      '',
      'Bearer',
      'Bearer ',
      `Basic ${mei.authenticated.token}`,
      `${authorization}x`,
      `${authorization} x`,
    ]) {
      expect(await outcome(url, { authorization: bad }), bad).toEqual(NOT_SIGNED_IN)
    }
  }
  await mei.ask('auth.logout', {})
  for (const url of [list, file]) expect(await outcome(url, { authorization })).toEqual(NOT_SIGNED_IN)
})

test('[HTTP-2] what is somebody else’s, and what is not there, is 404 in the same words', async () => {
  await using folder = await temporaryFolder()
  await using running = await recordingServer(folder.path)
  const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
  const id = await recorded(mei)
  const headers = { authorization: `Bearer ${li.authenticated.token}` }
  const bodies = new Set<string>()
  for (const path of [
    id,
    'nowhere',
    '..%2F..%2Farclight.db',
    '%2e%2e%2fsecret-key',
    `..%2Fvideos%2F${id}`,
    'x'.repeat(5_000),
  ]) {
    const url = `${running.url}/recordings/${path}`
    expect(await outcome(url, headers), path).toEqual(NOT_FOUND)
    bodies.add(await (await fetch(url, { headers })).text())
  }
  expect(bodies.size).toBe(1)
  const { recordings } = (await (await fetch(`${running.url}/recordings`, { headers })).json()) as { recordings: [] }
  expect(recordings).toEqual([])
  const { path } = await mei.ask('recording.link', { recording: id, disposition: 'inline' })
  expect(await outcome(running.url + path, headers)).toEqual(NOT_FOUND)
})

test('[HTTP-3] a token in the address or in a cookie is none', async () => {
  await using folder = await temporaryFolder()
  await using running = await recordingServer(folder.path)
  const mei = await running.signIn('mei')
  const id = await recorded(mei)
  const { token } = mei.authenticated
  for (const path of ['/recordings', `/recordings/${id}`]) {
    for (const name of ['token', 'access_token', 'authorization', 'bearer']) {
      expect(await outcome(`${running.url}${path}?${name}=${token}`), name).toEqual(NOT_SIGNED_IN)
    }
    const cookie = `token=${token}; session=${token}; authorization=Bearer ${token}`
    expect(await outcome(running.url + path, { cookie })).toEqual(NOT_SIGNED_IN)
  }
})

test('[HTTP-4] neither a link’s signature nor a token is in the log, whatever goes wrong', async () => {
  await using folder = await temporaryFolder()
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
  let broken = false
  const inner = fsBlobs({ directory: folder.path })
  const blobs = { ...inner, stat: (key: string) => (broken ? Promise.reject(new Error('no disk')) : inner.stat(key)) }
  await using running = await recordingServer(folder.path, { log, blobs })
  const mei = await running.signIn('mei')
  const { token } = mei.authenticated
  const id = await recorded(mei)
  const { path } = await mei.ask('recording.link', { recording: id, disposition: 'inline' })
  expect((await fetch(running.url + path)).status).toBe(200)
  await outcome(`${running.url}${path}x`)
  await outcome(`${running.url}/recordings?token=${token}`, { 'x-forwarded-for': '203.0.113.7' })
  broken = true
  expect(await outcome(running.url + path)).toEqual([500, 'internal', null])
  const authorization = `Bearer ${token}`
  expect(await outcome(`${running.url}/recordings/${id}?token=${token}`, { authorization })).toEqual([
    500,
    'internal',
    null,
  ])
  const written = lines.join('')
  expect(lines.filter((line) => line.includes('a route failed'))).toHaveLength(2)
  expect(written).toContain(`/recordings/${id}`)
  const sign = new URL(running.url + path).searchParams.get('sign') ?? ''
  for (const secret of [token, sign, 'sign=', '?']) expect(written.includes(secret), secret).toBe(false)
})

test('[HTTP-5] a title is data: no part of it becomes a path or a header', async () => {
  await using folder = await temporaryFolder()
  await using running = await recordingServer(folder.path, { rateLimits: 'off' })
  const mei = await running.signIn('mei')
  const titles: [title: string, name: string][] = [
    ['../../etc/passwd\r\nX: y"', '..%2F..%2Fetc%2Fpasswd%0D%0AX%3A%20y%22.mp4'],
    ['会议 录音', '%E4%BC%9A%E8%AE%AE%20%E5%BD%95%E9%9F%B3.mp4'],
    ["'(!*)'; filename=x.html", '%27%28%21%2A%29%27%3B%20filename%3Dx.html.mp4'],
  ]
  for (const [title, name] of titles) {
    const id = await recorded(mei, title)
    expect(id).toMatch(/^[\w-]+$/)
    expect(await inner(folder.path, id)).toBeGreaterThan(0)
    for (const disposition of ['inline', 'attachment'] as const) {
      const { path } = await mei.ask('recording.link', { recording: id, disposition })
      const { headers, status } = await fetch(running.url + path, { method: 'HEAD' })
      expect([status, headers.get('x')]).toEqual([200, null])
      expect(headers.get('content-disposition')).toBe(`${disposition}; filename*=UTF-8''${name}`)
    }
    expect((await mei.ask('recording.list', {})).recordings.some((one) => one.title === title)).toBe(true)
  }
  for (const title of ['', '\0', 'half \ud83d', 'x'.repeat(201)]) {
    expect(await mei.refusal('recording.start', { title })).toMatchObject({ code: 'bad_request' })
  }
})

test('[HTTP-6] a download cannot run, be sniffed or be cached, however it was asked for', async () => {
  await using folder = await temporaryFolder()
  await using running = await recordingServer(folder.path)
  const mei = await running.signIn('mei')
  const id = await recorded(mei)
  const { path } = await mei.ask('recording.link', { recording: id, disposition: 'inline' })
  const authorization = `Bearer ${mei.authenticated.token}`
  const asked: [url: string, headers: Record<string, string>, disposition: RegExp][] = [
    [running.url + path, {}, /^inline; /],
    [running.url + path, { range: 'bytes=0-9' }, /^inline; /],
    [`${running.url}/recordings/${id}`, { authorization }, /^attachment; /],
    [running.url + path, { authorization }, /^attachment; /],
  ]
  for (const [url, sent, disposition] of asked) {
    const { headers } = await fetch(url, { headers: sent })
    expect(headers.get('content-disposition')).toMatch(disposition)
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-type')).toBe('video/mp4')
    expect(headers.get('cache-control')).toBe('private, no-store')
  }
})

test('[HTTP-6] a disposition that is neither inline nor attachment is refused', async () => {
  await using folder = await temporaryFolder()
  await using running = await recordingServer(folder.path)
  const mei = await running.signIn('mei')
  const id = await recorded(mei)
  for (const disposition of ['INLINE', 'form-data', 'inline; filename=x', '', null, undefined]) {
    const refusal = await mei.refusal('recording.link', { recording: id, disposition })
    expect(refusal).toMatchObject({ code: 'bad_request', issues: [{ path: 'disposition' }] })
  }
  const { path } = await mei.ask('recording.link', { recording: id, disposition: 'inline' })
  for (const disposition of ['INLINE', 'form-data', '']) {
    const link = new URL(running.url + path)
    link.searchParams.set('as', disposition)
    expect(await outcome(link.href)).toEqual(NOT_FOUND)
  }
})

test('[HTTP-7] errors are JSON with a code of the protocol; what the routes do not know passes through', async () => {
  await using folder = await temporaryFolder()
  await using running = await recordingServer(folder.path)
  const mei = await running.signIn('mei')
  const id = await recorded(mei)
  const authorization = `Bearer ${mei.authenticated.token}`
  expect(await outcome(`${running.url}/recordings/%E0%A4%A`, { authorization })).toEqual([400, 'bad_request', null])
  const beyond = { authorization, range: 'bytes=99999999-' }
  expect(await outcome(`${running.url}/recordings/${id}`, beyond)).toEqual([416, 'bad_request', null])
  for (const [method, path] of [
    ['GET', '/nowhere'],
    ['GET', `/recordings/${id}/more`],
    ['POST', '/recordings'],
    ['DELETE', `/recordings/${id}`],
  ] as const) {
    const response = await fetch(running.url + path, { method, headers: { authorization } })
    expect([response.status, await response.text()]).toEqual([404, expect.stringContaining(`Cannot ${method}`)])
  }
  await running.server.close()
  expect(await outcome(`${running.url}/recordings`, { authorization })).toEqual([503, 'unavailable', null])
})

test('[HTTP-8] past the rate an address gets 429 and when to come again; healthz is not counted', async () => {
  await using folder = await temporaryFolder()
  const rateLimits = { http: { burst: 3, perSecond: 0.02 } }
  await using running = await recordingServer(folder.path, { rateLimits, trustedProxies: ['127.0.0.1'] })
  const statuses: unknown[] = []
  for (let count = 0; count < 4; count++) {
    statuses.push((await fetch(`${running.url}/recordings`)).status)
    statuses.push((await fetch(`${running.url}/healthz`)).status)
  }
  expect(statuses).toEqual([401, 200, 401, 200, 401, 200, 429, 200])
  const refused = await fetch(`${running.url}/recordings/x`)
  expect(refused.headers.get('retry-after')).toMatch(/^(49|50)$/)
  expect(await refused.json()).toEqual({ error: { code: 'rate_limited', message: expect.any(String) } })
  const other = await new Promise((resolve) => {
    const headers = { 'X-Forwarded-For': '203.0.113.7' }
    request(`${running.url}/recordings`, { headers, agent: false }, (got) => resolve(got.resume().statusCode)).end()
  })
  expect(other).toBe(401)
})

/** The size of a recording's file, which the server has named. */
async function inner(directory: string, id: string): Promise<number> {
  return (await fsBlobs({ directory }).stat(`videos/${id}.mp4`))?.bytes ?? 0
}

test('[UPLOAD-8] pages of allowed origins may ask for recordings, those of any other may not', async () => {
  await using folder = await temporaryFolder()
  const origin = 'https://chat.example.org'
  await using running = await recordingServer(folder.path, { allowedOrigins: [origin] })
  const mei = await running.signIn('mei')
  const authorization = `Bearer ${mei.authenticated.token}`
  const ask = (method: string, from: string): Promise<Response> =>
    fetch(`${running.url}/recordings`, { method, headers: { authorization, Origin: from } })
  const welcome = [await ask('OPTIONS', origin), await ask('GET', origin)]
  expect(welcome.map(({ status, headers }) => [status, headers.get('Access-Control-Allow-Origin')])).toEqual([
    [200, origin],
    [200, origin],
  ])
  expect(welcome[0]?.headers.get('Access-Control-Allow-Headers')).toMatch(/Authorization/)
  for (const method of ['OPTIONS', 'GET']) {
    const { status, headers } = await ask(method, 'https://evil.example')
    expect([status, headers.get('Access-Control-Allow-Origin')]).toEqual([403, null])
  }
})
