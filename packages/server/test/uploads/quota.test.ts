import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ManualClock } from '@arclight/core/testing'
import { createServer } from '@arclight/server'
import { fsBlobs } from '@arclight/server/blobs/fs'
import { afterAll, describe, expect, test } from 'vitest'
import { RunningServer } from '../running-server.ts'
import { bearerOf, create, locationOf, offsetOf, outcome, patch, TUS, upload, uploadServer } from './upload-server.ts'

const TEXT = Buffer.from('a text of some bytes')

/** What stands in a folder of the blob store. */
async function listed(folder: string, name: string): Promise<string[]> {
  return (await readdir(join(folder, name)).catch(() => [])).sort()
}

test('[UPLOAD-4] what is stored and what is being sent share a quota, taken when an upload is made', async () => {
  await using server = await uploadServer({ uploads: { quotaBytes: 1_000, mostBytes: 800 } })
  const [mei, li] = [await server.signIn('mei'), await server.signIn('li')]
  const big = await create(server, mei, { size: 801 })
  expect(big.status).toBe(413)
  expect(await big.json()).toEqual({
    error: { code: 'too_large', message: 'a file may have 800 bytes, and this one has 801 bytes' },
  })
  await upload(server, mei, Buffer.alloc(600, 'x'))
  const full = await create(server, mei, { size: 401 })
  expect(full.status).toBe(413)
  expect(await full.json()).toEqual({
    error: {
      code: 'quota_reached',
      message: 'your files may have 1 kB together; delete some, or send a smaller one',
    },
  })
  const location = locationOf(await create(server, mei, { size: 400 }))
  expect(await outcome(create(server, mei, { size: 1 }))).toEqual([413, 'quota_reached'])
  expect((await create(server, li, { size: 800 })).status).toBe(201)
  await fetch(location, { method: 'DELETE', headers: { ...TUS, ...bearerOf(mei) } })
  expect((await create(server, mei, { size: 400 })).status).toBe(201)
})

test('[UPLOAD-4] unfinished uploads of one user are bounded', async () => {
  await using server = await uploadServer({ uploads: { atOnce: 3 } })
  const [mei, li] = [await server.signIn('mei'), await server.signIn('li')]
  const made = await Promise.all([1, 2, 3, 4, 5].map(() => create(server, mei, { size: TEXT.length })))
  expect(made.map(({ status }) => status).sort()).toEqual([201, 201, 201, 429, 429])
  expect((await create(server, li, { size: 1 })).status).toBe(201)
  const [one] = made.filter(({ status }) => status === 201)
  if (one) await patch(locationOf(one), mei, TEXT)
  expect((await create(server, mei, { size: 1 })).status).toBe(201)
})

test('[UPLOAD-4] a setting that lets nothing pass is refused', () => {
  for (const uploads of [{ mostBytes: 0 }, { quotaBytes: 1.5 }, { atOnce: -1 }]) {
    expect(() => createServer({ uploads })).toThrow(/expected a whole number above 0 for uploads\./)
  }
})

test('[UPLOAD-5] an upload that is not whole is nobody’s to read, a whole one its owner’s until something has it', async () => {
  await using server = await uploadServer()
  const [mei, li] = [await server.signIn('mei'), await server.signIn('li')]
  const location = locationOf(await create(server, mei, { size: TEXT.length }))
  const file = location.split('/').at(-1) ?? ''
  await patch(location, mei, TEXT.subarray(0, -1))
  for (const client of [mei, li]) {
    expect((await client.refusal('file.get', { file })).code).toBe('not_found')
    expect((await client.refusal('file.link', { file, disposition: 'inline' })).code).toBe('not_found')
    expect((await fetch(`${server.url}/files/${file}`, { headers: bearerOf(client) })).status).toBe(404)
  }
  await patch(location, mei, TEXT.subarray(-1), TEXT.length - 1)
  expect(await (await fetch(`${server.url}/files/${file}`, { headers: bearerOf(mei) })).text()).toBe(TEXT.toString())
  expect((await fetch(`${server.url}/files/${file}`, { headers: bearerOf(li) })).status).toBe(404)
  expect((await li.refusal('file.get', { file })).code).toBe('not_found')
})

test('[UPLOAD-5] what is not finished, and what nothing has, goes in its time, with its bytes', async () => {
  const clock = new ManualClock()
  const options = { uploads: { unfinishedMs: 1_000_000, unusedMs: 2_000_000 } }
  await using server = await uploadServer({ ...options, clock, rateLimits: 'off' })
  const mei = await server.signIn('mei')
  const general = (await mei.ask('channel.list', {})).channels[0]?.id ?? ''
  const location = locationOf(await create(server, mei, { size: TEXT.length }))
  await patch(location, mei, TEXT.subarray(0, 5))
  const [unused, used] = [await upload(server, mei, TEXT), await upload(server, mei, TEXT)]
  await mei.ask('message.send', { channel: general, clientId: 'a', text: '', attachments: [used] })
  const growing = `${location.split('/').at(-1)}.upload`
  const folders = async () => [await listed(server.folder, 'scratch'), await listed(server.folder, 'files')]
  expect(await folders()).toEqual([[growing], [unused, used].sort()])
  const pass = async (ms: number, until: () => Promise<boolean>) => {
    clock.advance(ms)
    // The collector works beside the clock: each look at the folder gives it a turn.
    for (let turn = 0; turn < 2_000 && !(await until()); turn++) clock.advance(100)
  }
  await pass(1_000_000, async () => (await folders())[0]?.length === 0)
  expect(await folders()).toEqual([[], [unused, used].sort()])
  expect((await fetch(location, { method: 'HEAD', headers: { ...TUS, ...bearerOf(mei) } })).status).toBe(404)
  await pass(1_000_000, async () => (await folders())[1]?.length === 1)
  expect(await folders()).toEqual([[], [used]])
})

test('[UPLOAD-5] what is given up is gone with its bytes, and what a message has is not given up', async () => {
  await using server = await uploadServer({ rateLimits: 'off' })
  const mei = await server.signIn('mei')
  const general = (await mei.ask('channel.list', {})).channels[0]?.id ?? ''
  const [one, two] = [await upload(server, mei, TEXT), await upload(server, mei, TEXT)]
  await mei.ask('message.send', { channel: general, clientId: 'a', text: '', attachments: [two] })
  const end = (id: string) =>
    outcome(fetch(`${server.url}/uploads/${id}`, { method: 'DELETE', headers: { ...TUS, ...bearerOf(mei) } }))
  expect(await end(one)).toEqual([204])
  expect(await end(two)).toEqual([409, 'conflict'])
  while ((await listed(server.folder, 'files')).length > 1) await mei.ask('channel.list', {})
  expect(await listed(server.folder, 'files')).toEqual([two])
})

/** A disk of 1 MiB in `folder`; false where this user may not mount. */
function mount(folder: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]).status === 0
}

const disk = await mkdtemp(join(tmpdir(), 'arclight-full-'))
const isMounted = mount(disk)

afterAll(async () => {
  if (isMounted) spawnSync('umount', [disk])
  await rm(disk, { recursive: true, force: true })
})

describe.skipIf(!isMounted)(`a full disk${isMounted ? '' : ' (skipped: this user may not mount a tmpfs)'}`, () => {
  test('[UPLOAD-7] a disk that is full is 507 with a sentence, and the upload goes on when there is room', async () => {
    await using running = await RunningServer.start({ blobs: fsBlobs({ directory: disk }) })
    const mei = await running.signIn('mei')
    const server = { url: running.httpUrl }
    const bytes = Buffer.alloc(700_000, 'x')
    await writeFile(join(disk, 'fill'), Buffer.alloc(600_000))
    const location = locationOf(await create(server, mei, { size: bytes.length }))
    const answer = await patch(location, mei, bytes)
    expect([answer.status, await answer.json()]).toEqual([
      507,
      { error: { code: 'storage_full', message: 'the server has no room for files left; tell whoever runs it' } },
    ])
    const offset = await offsetOf(location, mei)
    expect(offset).toBeLessThan(bytes.length)
    await rm(join(disk, 'fill'))
    expect(await outcome(patch(location, mei, bytes.subarray(offset), offset))).toEqual([204])
    const kept = await readFile(join(disk, 'files', location.split('/').at(-1) ?? ''))
    expect(kept.equals(bytes)).toBe(true)
  })
})
