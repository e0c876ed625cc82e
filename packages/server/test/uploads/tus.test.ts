import { createHash, randomBytes } from 'node:crypto'
import { readdir, stat, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { seededRandom } from '@arclight/core/testing'
import { expect, test } from 'vitest'
import {
  bearerOf,
  create,
  get,
  locationOf,
  metadata,
  offsetOf,
  outcome,
  PATCH,
  patch,
  resume,
  sendAndCut,
  TUS,
  upload,
  uploadServer,
} from './upload-server.ts'

const TEXT = Buffer.from('a text of some bytes')

test('[UPLOAD-1] an upload is made with its length, gets a random id, and is a file when it is whole', async () => {
  await using server = await uploadServer()
  const mei = await server.signIn('mei')
  const made = await create(server, mei, { size: TEXT.length, name: 'notes "天".txt' })
  expect([made.status, made.headers.get('Tus-Resumable')]).toEqual([201, '1.0.0'])
  const expires = Date.parse(made.headers.get('Upload-Expires') ?? '') - Date.now()
  expect(expires).toBeGreaterThan(86_000_000)
  expect(expires).toBeLessThan(87_000_000)
  const id = locationOf(made).split('/').at(-1) ?? ''
  expect(id).toMatch(/^[\w-]{16}$/)
  expect(await outcome(patch(locationOf(made), mei, TEXT))).toEqual([204])
  const { file } = await mei.ask('file.get', { file: id })
  expect(file).toEqual({ id, name: 'notes "天".txt', type: 'text/plain', size: TEXT.length })
})

test('[UPLOAD-1] the first bytes may come with the request that makes it', async () => {
  await using server = await uploadServer()
  const mei = await server.signIn('mei')
  const headers = { ...PATCH, ...bearerOf(mei), 'Upload-Length': String(TEXT.length) }
  const made = await fetch(`${server.url}/uploads`, { method: 'POST', headers, body: TEXT.subarray(0, 7) })
  expect([made.status, made.headers.get('Upload-Offset')]).toEqual([201, '7'])
  expect(await outcome(patch(locationOf(made), mei, TEXT.subarray(7), 7))).toEqual([204])
  const { file } = await mei.ask('file.get', { file: locationOf(made).split('/').at(-1) ?? '' })
  expect(file).toMatchObject({ name: 'file', size: TEXT.length })
})

test('[UPLOAD-1] no length, a deferred one, none at all, parts and bad metadata are refused', async () => {
  await using server = await uploadServer()
  const mei = await server.signIn('mei')
  const said = { ...TUS, ...bearerOf(mei) }
  const bad: Record<string, string>[] = [
    {},
    { 'Upload-Defer-Length': '1' },
    { 'Upload-Length': '5', 'Upload-Defer-Length': '1' },
    { 'Upload-Length': '0' },
    { 'Upload-Length': '-1' },
    { 'Upload-Length': '1.5' },
    { 'Upload-Length': '1e3' },
    { 'Upload-Length': '9'.repeat(30) },
    { 'Upload-Length': '5', 'Upload-Concat': 'partial' },
    { 'Upload-Length': '5', 'Upload-Metadata': 'filename' },
    { 'Upload-Length': '5', 'Upload-Metadata': 'filename %%%' },
    { 'Upload-Length': '5', 'Upload-Metadata': 'filename YQ==,filename Yg==' },
    { 'Upload-Length': '5', 'Upload-Metadata': 'filename /w==' },
    { 'Upload-Length': '5', 'Upload-Metadata': metadata({ filename: 'a\0b' }) },
    { 'Upload-Length': '5', 'Upload-Metadata': metadata({ filename: 'x'.repeat(256) }) },
    { 'Upload-Length': '5', 'Upload-Metadata': metadata({ purpose: 'emoji' }) },
  ]
  for (const headers of bad) {
    const answer = await fetch(`${server.url}/uploads`, { method: 'POST', headers: { ...said, ...headers } })
    expect(await outcome(answer), JSON.stringify(headers)).toEqual([400, 'bad_request'])
  }
  const unversioned = await fetch(`${server.url}/uploads`, {
    method: 'POST',
    headers: { ...bearerOf(mei), 'Upload-Length': '5' },
  })
  expect([unversioned.headers.get('Tus-Version'), ...(await outcome(unversioned))]).toEqual([
    '1.0.0',
    412,
    'bad_request',
  ])
  expect(await readdir(join(server.folder, 'scratch'))).toEqual([])
})

test('[UPLOAD-2] an upload is its owner’s alone, in every method, and is not read there', async () => {
  await using server = await uploadServer()
  const [mei, li] = [await server.signIn('mei'), await server.signIn('li')]
  const location = locationOf(await create(server, mei, { size: TEXT.length }))
  await patch(location, mei, TEXT.subarray(0, 5))
  const ask = (method: string, who: Record<string, string>) =>
    fetch(location, {
      method,
      headers: { ...PATCH, 'Upload-Offset': '5', ...who },
      ...(method === 'PATCH' ? { body: TEXT.subarray(5) } : {}),
    })
  for (const method of ['HEAD', 'PATCH', 'DELETE']) {
    expect((await ask(method, bearerOf(li))).status, method).toBe(404)
    expect((await ask(method, {})).status, method).toBe(401)
  }
  for (const method of ['GET', 'PUT', 'POST']) {
    const answer = await ask(method, bearerOf(mei))
    expect([answer.headers.get('Allow'), ...(await outcome(answer))]).toEqual([
      'HEAD, PATCH, DELETE, OPTIONS',
      405,
      'bad_request',
    ])
  }
  expect(await outcome(ask('DELETE', { ...bearerOf(li), 'X-HTTP-Method-Override': 'PATCH' }))).toEqual([
    404,
    'not_found',
  ])
  expect(await offsetOf(location, mei)).toBe(5)
  expect((await ask('DELETE', bearerOf(mei))).status).toBe(204)
  expect((await ask('HEAD', bearerOf(mei))).status).toBe(404)
})

test('[UPLOAD-3] what came before a cut counts, and another offset, or more than there is, does not', async () => {
  await using server = await uploadServer()
  const mei = await server.signIn('mei')
  const bytes = randomBytes(3_000_000)
  const location = locationOf(await create(server, mei, { size: bytes.length }))
  expect(await outcome(patch(location, mei, bytes.subarray(0, 1_000_000)))).toEqual([204])
  for (const offset of [0, 999_999, 1_000_001]) {
    expect(await outcome(patch(location, mei, bytes.subarray(offset), offset))).toEqual([409, 'conflict'])
  }
  const tooLong = Buffer.concat([bytes.subarray(1_000_000), Buffer.from('x')])
  expect(await outcome(patch(location, mei, tooLong, 1_000_000))).toEqual([413, 'too_large'])
  const file = join(server.folder, 'scratch', `${location.split('/').at(-1)}.upload`)
  const headers = { ...PATCH, ...bearerOf(mei), 'Upload-Offset': '1000000', 'Content-Length': '2000000' }
  const cut = request(location, { method: 'PATCH', headers, agent: false }).on('error', () => {})
  cut.write(bytes.subarray(1_000_000, 1_500_000))
  while ((await stat(file)).size <= 1_000_000);
  cut.destroy()
  expect(await offsetOf(location, mei)).toBeGreaterThan(1_000_000)
  expect(await outcome(resume(location, mei, bytes))).toEqual([204])
  const got = await get(server, mei, `/files/${location.split('/').at(-1)}`)
  expect(Buffer.from(await got.arrayBuffer()).equals(bytes)).toBe(true)
})

test('[UPLOAD-3] a file survives 20 cuts at any byte, by its checksum', async () => {
  await using server = await uploadServer()
  const mei = await server.signIn('mei')
  const seed = Math.floor(Math.random() * 2 ** 31)
  const random = seededRandom(seed)
  const bytes = randomBytes(8 * 1_048_576)
  const location = locationOf(await create(server, mei, { size: bytes.length }))
  const stops = Array.from({ length: 20 }, () => Math.floor(random() * bytes.length)).sort((one, other) => one - other)
  let offset = 0
  for (const stop of stops) {
    const rest = bytes.subarray(offset)
    await sendAndCut(location, mei, { bytes: rest, offset, cutAfter: Math.max(1, stop - offset) })
    const next = await offsetOf(location, mei)
    expect(next, `seed ${seed}`).toBeGreaterThanOrEqual(offset)
    offset = next
  }
  expect(await outcome(resume(location, mei, bytes))).toEqual([204])
  const got = await get(server, mei, `/files/${location.split('/').at(-1)}`)
  const sum = (content: Buffer) => createHash('sha256').update(content).digest('hex')
  expect(sum(Buffer.from(await got.arrayBuffer())), `seed ${seed}`).toBe(sum(bytes))
})

test('[UPLOAD-3] a request that waits for bytes that never come ends when another one asks', async () => {
  await using server = await uploadServer()
  const mei = await server.signIn('mei')
  const bytes = randomBytes(100_000)
  const location = locationOf(await create(server, mei, { size: bytes.length }))
  const headers = { ...PATCH, ...bearerOf(mei), 'Upload-Offset': '0', 'Content-Length': String(bytes.length) }
  const hanging = request(location, { method: 'PATCH', headers, agent: false })
  const ended = new Promise((resolve) => hanging.on('response', resolve).on('error', resolve))
  hanging.write(bytes.subarray(0, 50_000))
  while ((await readdir(join(server.folder, 'scratch'))).length === 0) await offsetOf(location, mei)
  expect(await outcome(resume(location, mei, bytes))).toEqual([204])
  await ended
  hanging.destroy()
})

test('[UPLOAD-3] a server that closes does not wait for bytes that never come', async () => {
  await using server = await uploadServer()
  const mei = await server.signIn('mei')
  const location = locationOf(await create(server, mei, { size: 100_000 }))
  const headers = { ...PATCH, ...bearerOf(mei), 'Upload-Offset': '0', 'Content-Length': '100000' }
  const hanging = request(location, { method: 'PATCH', headers, agent: false }).on('error', () => {})
  hanging.write(randomBytes(50_000))
  const file = join(server.folder, 'scratch', `${location.split('/').at(-1)}.upload`)
  while (((await stat(file).catch(() => undefined))?.size ?? 0) === 0);
  await expect(server.server.close()).resolves.toBeUndefined()
  hanging.destroy()
})

test('[UPLOAD-3] an upload that was cut behind its last byte is whole for whoever asks', async () => {
  await using server = await uploadServer()
  const mei = await server.signIn('mei')
  const location = locationOf(await create(server, mei, { size: TEXT.length }))
  await writeFile(join(server.folder, 'scratch', `${location.split('/').at(-1)}.upload`), TEXT)
  expect(await offsetOf(location, mei)).toBe(TEXT.length)
  const { file } = await mei.ask('file.get', { file: location.split('/').at(-1) ?? '' })
  expect(file.size).toBe(TEXT.length)
})

test('[UPLOAD-6] the type is what the bytes say, never what the client does', async () => {
  await using server = await uploadServer()
  const mei = await server.signIn('mei')
  const kinds: [string, Buffer][] = [
    ['text/html', Buffer.from('  <!DOCTYPE html><script>alert(1)</script>')],
    ['image/svg+xml', Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['application/pdf', Buffer.from('%PDF-1.7 and more')],
    ['application/octet-stream', Buffer.from([0, 1, 2, 3])],
    ['text/plain', Buffer.from('弧光')],
  ]
  for (const [type, bytes] of kinds) {
    const id = await upload(server, mei, bytes, { name: 'holiday.png' })
    expect((await mei.ask('file.get', { file: id })).file.type).toBe(type)
  }
})

test('[UPLOAD-6] a type that the operator refuses is refused, and what came is gone', async () => {
  await using server = await uploadServer({ uploads: { refusedTypes: ['application/x-msdownload', 'text/*'] } })
  const mei = await server.signIn('mei')
  for (const bytes of [Buffer.from('MZ and so on'), TEXT]) {
    const location = locationOf(await create(server, mei, { size: bytes.length }))
    expect(await outcome(patch(location, mei, bytes))).toEqual([415, 'unsupported_type'])
    expect((await fetch(location, { method: 'HEAD', headers: { ...TUS, ...bearerOf(mei) } })).status).toBe(404)
  }
})

test('[UPLOAD-8] pages of the server’s own and of listed origins are let in, and no others', async () => {
  const origin = 'https://chat.example.org'
  await using server = await uploadServer({ allowedOrigins: [origin] })
  const mei = await server.signIn('mei')
  const preflight = (from: string) =>
    fetch(`${server.url}/uploads`, {
      method: 'OPTIONS',
      headers: { Origin: from, 'Access-Control-Request-Method': 'POST' },
    })
  for (const from of [origin, server.url]) {
    const { status, headers } = await preflight(from)
    expect([status, headers.get('Access-Control-Allow-Origin'), headers.get('Vary')]).toEqual([204, from, 'Origin'])
    expect(headers.get('Access-Control-Allow-Headers')).toMatch(/Authorization.*Tus-Resumable.*Upload-Length/)
    expect(headers.get('Access-Control-Allow-Credentials')).toBeNull()
    expect(headers.get('Tus-Version')).toBe('1.0.0')
    const made = await create(server, mei, { size: 5 }, { Origin: from })
    expect([made.status, made.headers.get('Access-Control-Allow-Origin')]).toEqual([201, from])
    expect(made.headers.get('Access-Control-Expose-Headers')).toMatch(/Location/)
    const refused = await create(server, mei, { size: 0 }, { Origin: from })
    expect([refused.status, refused.headers.get('Access-Control-Allow-Origin')]).toEqual([400, from])
  }
  for (const from of ['https://evil.example', 'null']) {
    const answer = await preflight(from)
    expect([answer.status, answer.headers.get('Access-Control-Allow-Origin')]).toEqual([403, null])
    expect((await create(server, mei, { size: 5 }, { Origin: from })).status).toBe(403)
    expect((await get(server, mei, '/files/x', { Origin: from })).status).toBe(403)
  }
})
