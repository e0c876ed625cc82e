import { request } from 'node:http'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { claimed } from '../owned-server.ts'
import type { RawClient } from '../raw-client.ts'
import { picture } from './pictures.ts'
import { get, type UploadServer, upload, uploadServer } from './upload-server.ts'

const TEXT = Buffer.from('a text of some bytes')

async function attached(
  server: UploadServer,
  client: RawClient,
  channel: string,
  bytes: Buffer,
  name?: string,
): Promise<string> {
  const id = await upload(server, client, bytes, name === undefined ? {} : { name })
  await client.ask('message.send', { channel, clientId: id, text: 'look', attachments: [id] })
  return id
}

async function general(client: RawClient): Promise<string> {
  const { channels } = await client.ask('channel.list', {})
  return channels[0]?.id ?? ''
}

/** Asks for a path as it is, which fetch would tidy up. */
function rawGet(url: string, path: string, headers: Record<string, string>): Promise<number> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers, agent: false }, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode ?? 0))
    })
      .on('error', reject)
      .end()
  })
}

test('[FILE-1] who may read the message may have its files, whole and in ranges; nobody else', async () => {
  await using server = await uploadServer()
  const [owner, li] = [await server.signIn('owner'), await server.signIn('li')]
  const id = await attached(server, owner, await general(owner), TEXT, 'notes.txt')
  for (const client of [owner, li]) {
    const whole = await get(server, client, `/files/${id}`)
    expect([whole.status, await whole.text()]).toEqual([200, TEXT.toString()])
  }
  const part = await get(server, li, `/files/${id}`, { Range: 'bytes=2-5' })
  expect([part.status, part.headers.get('Content-Range'), await part.text()]).toEqual([
    206,
    `bytes 2-5/${TEXT.length}`,
    'text',
  ])
  const beyond = await get(server, li, `/files/${id}`, { Range: `bytes=${TEXT.length}-` })
  expect([beyond.status, beyond.headers.get('Content-Range')]).toEqual([416, `bytes */${TEXT.length}`])
  const head = await fetch(`${server.url}/files/${id}`, {
    method: 'HEAD',
    headers: { Authorization: `Bearer ${li.authenticated.token}` },
  })
  expect([head.status, head.headers.get('Content-Length')]).toEqual([200, String(TEXT.length)])
  expect((await fetch(`${server.url}/files/${id}`)).status).toBe(401)
})

test('[FILE-1] a private channel’s files are its members’, and no longer theirs who have left', async () => {
  await using server = await uploadServer(claimed())
  const [owner, li, wang] = [await server.signInOwner(), await server.signIn('li'), await server.signIn('wang')]
  const { channel } = await li.ask('direct.open', { users: [wang.authenticated.user.id] })
  const id = await attached(server, li, channel.id, TEXT)
  const statusFor = async (client: RawClient) => (await get(server, client, `/files/${id}`)).status
  expect([await statusFor(li), await statusFor(wang), await statusFor(owner)]).toEqual([200, 200, 404])
  expect((await owner.refusal('file.link', { file: id, disposition: 'inline' })).code).toBe('not_found')
  const made = await owner.ask('channel.create', { kind: 'text', name: 'secret', private: true })
  const [secret, user] = [made.channel.id, li.authenticated.user.id]
  const hidden = await attached(server, owner, secret, TEXT)
  expect((await get(server, li, `/files/${hidden}`)).status).toBe(404)
  await owner.ask('member.add', { channel: secret, user })
  const { path } = await li.ask('file.link', { file: hidden, disposition: 'inline' })
  expect((await fetch(server.url + path)).status).toBe(200)
  await owner.ask('member.remove', { channel: secret, user })
  expect((await fetch(server.url + path)).status).toBe(404)
})

test('[FILE-1] a file that has not changed is not sent again, and whether it may be had is asked each time', async () => {
  await using server = await uploadServer()
  const [owner, li] = [await server.signIn('owner'), await server.signIn('li')]
  const id = await attached(server, owner, await general(owner), TEXT)
  const first = await get(server, li, `/files/${id}`)
  const etag = first.headers.get('ETag') ?? ''
  expect([etag.length > 5, first.headers.get('Cache-Control')]).toEqual([true, 'private, no-cache'])
  expect((await get(server, li, `/files/${id}`, { 'If-None-Match': etag })).status).toBe(304)
  expect((await get(server, li, `/files/${id}`, { 'If-None-Match': '"another"' })).status).toBe(200)
  const asked = { Range: 'bytes=0-1', 'If-Range': '"another"' }
  expect((await get(server, li, `/files/${id}`, asked)).status).toBe(200)
  expect((await get(server, li, `/files/${id}`, { ...asked, 'If-Range': etag })).status).toBe(206)
  await owner.ask('message.delete', { channel: await general(owner), seq: 1 })
  expect((await get(server, li, `/files/${id}`, { 'If-None-Match': etag })).status).toBe(404)
})

test('[FILE-1] a path that is none leads nowhere', async () => {
  await using server = await uploadServer()
  const mei = await server.signIn('mei')
  const id = await upload(server, mei, TEXT)
  const headers = { Authorization: `Bearer ${mei.authenticated.token}` }
  for (const path of [
    `/files/../files/${id}/..`,
    '/files/..%2f..%2fetc%2fpasswd',
    `/files/x%2f..%2f${id}`,
    '/files/%2e%2e%2fsecret-key',
    `/files/${id}%00`,
    `/files/${id}%00.png`,
    '/files/..%5c..%5carclight.db',
    `/files/${id}/thumbnail`,
    `/files/${id}/thumbnail%2f..`,
    `/files/${'x'.repeat(5_000)}`,
    `/files/${id}.upload`,
    `/uploads/..%2f${id}`,
  ]) {
    const said = path.startsWith('/uploads') ? { ...headers, 'Tus-Resumable': '1.0.0' } : headers
    const status = await rawGet(server.url, path, said)
    expect([path, path.startsWith('/uploads') ? [405] : [404]]).toEqual([path, [status]])
  }
  expect(await rawGet(server.url, `/files/${id}`, headers)).toBe(200)
})

test('[FILE-2] a file cannot run, is not taken for something else, and goes by the name that it was given', async () => {
  await using server = await uploadServer()
  const mei = await server.signIn('mei')
  const channel = await general(mei)
  const kinds: [Buffer, string, 'inline' | 'attachment'][] = [
    [await picture({ width: 8, height: 8 }), 'image/png', 'inline'],
    [Buffer.from('<!doctype html><script>alert(1)</script>'), 'text/html; charset=utf-8', 'attachment'],
    [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), 'image/svg+xml', 'attachment'],
    [Buffer.from('<?xml version="1.0"?><x/>'), 'application/xml', 'attachment'],
    [Buffer.from('%PDF-1.4'), 'application/pdf', 'attachment'],
    [Buffer.from('plain'), 'text/plain; charset=utf-8', 'attachment'],
    [Buffer.from([0, 1, 2]), 'application/octet-stream', 'attachment'],
  ]
  for (const [bytes, type, expected] of kinds) {
    const file = await attached(server, mei, channel, bytes, 'été "天"/../x.html')
    const { path } = await mei.ask('file.link', { file, disposition: 'inline' })
    const byLink = await fetch(server.url + path)
    const { headers } = byLink
    const policy = "default-src 'none'; sandbox"
    expect([
      headers.get('Content-Type'),
      headers.get('X-Content-Type-Options'),
      headers.get('Content-Security-Policy'),
      headers.get('Content-Disposition'),
    ]).toEqual([type, 'nosniff', policy, `${expected}; filename*=UTF-8''%C3%A9t%C3%A9%20%22%E5%A4%A9%22%2F..%2Fx.html`])
    const byToken = await get(server, mei, `/files/${file}`)
    expect(byToken.headers.get('Content-Disposition')).toMatch(/^attachment;/)
  }
})

test('[FILE-3] a link is for one part of one file, and for who asked for it', async () => {
  await using server = await uploadServer()
  const [mei, li] = [await server.signIn('mei'), await server.signIn('li')]
  const channel = await general(mei)
  const file = await attached(server, mei, channel, await picture({ width: 900, height: 300 }))
  const other = await attached(server, mei, channel, TEXT)
  const { path, expiresAt } = await li.ask('file.link', { file, disposition: 'attachment' })
  expect(expiresAt).toBeGreaterThan(Date.now() + 500_000)
  const whole = await fetch(server.url + path)
  expect([whole.status, whole.headers.get('Content-Disposition')?.split(';')[0]]).toEqual([200, 'attachment'])
  const thumbnail = await li.ask('file.link', { file, disposition: 'inline', thumbnail: true })
  const small = await fetch(server.url + thumbnail.path)
  const { width, height, format } = await sharp(Buffer.from(await small.arrayBuffer())).metadata()
  expect([small.headers.get('Content-Type'), format, width, height]).toEqual(['image/webp', 'webp', 640, 213])
  for (const changed of [
    path.replace(file, other),
    path.replace('?', '/thumbnail?'),
    thumbnail.path.replace('/thumbnail', ''),
    path.replace('as=attachment', 'as=inline'),
    path.replace(li.authenticated.user.id, mei.authenticated.user.id),
  ]) {
    expect((await fetch(server.url + changed)).status, changed).toBe(404)
  }
  expect((await li.refusal('file.link', { file: other, disposition: 'inline', thumbnail: true })).code).toBe(
    'not_found',
  )
  for (const id of ['nowhere', '../x', 'x\n']) {
    expect((await li.refusal('file.get', { file: id })).code).toBe('not_found')
  }
})
