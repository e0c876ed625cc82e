import { createHash, randomFillSync } from 'node:crypto'
import { appendFileSync, createReadStream } from 'node:fs'
import { mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { createClient } from '@arclight/client-node'
import { RequestError } from '@arclight/core'
import { seededRandom } from '@arclight/core/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CuttingProxy } from '../exactly-once/cutting-proxy.ts'
import { launch, skipBrowser, skipReason } from './chromium.ts'
import { type UploadServer, uploadServer } from './upload-server.ts'
import { openPage } from './web-client.ts'

/** The file that the long form writes its findings to; without it the form is short. */
const FINDINGS = process.env['ARCLIGHT_FINDINGS']
const BYTES = FINDINGS === undefined ? 8 * 1_048_576 : 200 * 1_048_576
const CUTS = 20
/** Another one each time; ARCLIGHT_SEED repeats one that the title has told. */
const SEED = Number(process.env['ARCLIGHT_SEED'] ?? Math.floor(Math.random() * 1_000_000))
const PASSWORD = 'correct horse battery'
const PIECE = 1_048_576
/** A PNG of one pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const TIMEOUT_MS = FINDINGS === undefined ? 60_000 : 280_000

let folder: string
let server: UploadServer
let names = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'arclight-uploads-'))
  server = await uploadServer(folder)
})

afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

/** A client of a new account; its uploads go by `port`. */
async function signIn(port = server.port) {
  const url = `ws://127.0.0.1:${server.port}/arclight`
  const client = createClient({ url, httpUrl: `http://127.0.0.1:${port}` })
  const user = await client.register({ name: `user ${++names}`, password: PASSWORD })
  return { client, user }
}

/** A file of random bytes, and its checksum. */
async function randomFile(size: number): Promise<{ path: string; sum: string }> {
  const path = join(folder, `file ${++names}`)
  const [file, hash] = [await open(path, 'w'), createHash('sha256')]
  const piece = Buffer.alloc(PIECE)
  for (let left = size; left > 0; left -= PIECE) {
    const some = randomFillSync(piece).subarray(0, Math.min(left, PIECE))
    hash.update(some)
    await file.write(some)
  }
  await file.close()
  return { path, sum: hash.digest('hex') }
}

async function sumOf(url: string): Promise<string> {
  const hash = createHash('sha256')
  const { body } = await fetch(url)
  if (body) for await (const chunk of Readable.fromWeb(body as never)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

test(
  `[UPLOAD-3][UPLOAD-9] ${BYTES / 1_048_576} MiB survive ${CUTS} cuts with their checksum, seed ${SEED}`,
  async () => {
    const random = seededRandom(SEED)
    const proxy = new CuttingProxy({ target: () => server.port, arrived: () => {} })
    const { client } = await signIn(await proxy.listen())
    const { path, sum } = await randomFile(BYTES)
    let cuts = 0
    const next = (): void => {
      if (cuts >= CUTS) return
      proxy.after('up', Math.floor(random() * (BYTES / CUTS)), () => {
        cuts++
        proxy.cut(random() < 0.5 ? 'close' : 'reset')
        next()
      })
    }
    next()
    const startedAt = performance.now()
    const sent: number[] = []
    const file = await client.upload(path, { onProgress: (progress) => sent.push(progress.sent) })
    const seconds = (performance.now() - startedAt) / 1_000
    expect([file.size, cuts]).toEqual([BYTES, CUTS])
    expect(sent.at(-1)).toBe(BYTES)
    const url = `http://127.0.0.1:${server.port}${new URL(await client.files.link(file)).pathname}`
    const link = new URL(await client.files.link(file))
    const got = await sumOf(url + link.search)
    expect(got).toBe(sum)
    if (FINDINGS !== undefined) writeDown(got === sum, seconds)
    await client.close()
    await proxy.close()
  },
  TIMEOUT_MS,
)

function writeDown(isWhole: boolean, seconds: number): void {
  const none = { peer: null, peerName: null, ratio: null }
  const size = `${BYTES / 1_048_576} MiB`
  const lines = [
    {
      metric: `bytes wrong of ${size} after ${CUTS} cuts`,
      unit: 'files',
      ours: isWhole ? 0 : 1,
      target: 0,
      met: isWhole,
    },
    { metric: `${size} uploaded, with the cuts`, unit: 's', ours: seconds, target: '-', met: true },
  ]
  for (const line of lines) appendFileSync(FINDINGS as string, `${JSON.stringify({ ...line, ...none })}\n`)
}

test('[UPLOAD-9] paths, bytes, blobs and streams are sent, and each goes by its name', async () => {
  const { client } = await signIn()
  const path = join(folder, 'notes.txt')
  const text = 'a text of some bytes'
  await writeFile(path, text)
  const sources = [
    [path, undefined, 'notes.txt'],
    [Buffer.from(text), 'bytes', 'bytes'],
    [new Uint8Array(Buffer.from(`..${text}`)).subarray(2), undefined, 'file'],
    [new File([text], 'of a page.txt'), undefined, 'of a page.txt'],
    [{ stream: Readable.from([Buffer.from(text)]), size: text.length, name: 'stream' }, undefined, 'stream'],
    [{ stream: createReadStream(path), size: text.length }, 'opened', 'opened'],
  ] as const
  for (const [source, name, expected] of sources) {
    const file = await client.upload(source, { name })
    expect(file).toEqual({ id: file.id, name: expected, type: 'text/plain', size: text.length })
    expect(await (await fetch(await client.files.link(file))).text()).toBe(text)
  }
  await client.close()
})

test('[UPLOAD-9] a file goes with a message, and whoever reads it may have it', async () => {
  const [mei, li] = [await signIn(), await signIn()]
  const heard = new Promise<readonly { id: string }[] | undefined>((resolve) => {
    li.client.channels.get('general').on('message', ({ attachments }) => resolve(attachments))
  })
  await li.client.channels.get('general').join()
  const file = await mei.client.upload(Buffer.from('hello'))
  const message = await mei.client.channels.get('general').send({ text: '', attachments: [file] })
  expect(message.attachments).toEqual([file])
  expect(await heard).toEqual([file])
  expect(await (await fetch(await li.client.files.link(file.id, { download: true }))).text()).toBe('hello')
  for (const { client } of [mei, li]) await client.close()
})

test('[AVATAR-2] an avatar is told to every client, one’s own other ones too', async () => {
  const [mei, li] = [await signIn(), await signIn()]
  const other = createClient({ url: `ws://127.0.0.1:${server.port}/arclight` })
  const own = await other.login({ name: mei.user.name, password: PASSWORD })
  const told = new Promise<unknown>((resolve) => li.client.users.on('changed', resolve))
  const toldSelf = new Promise<unknown>((resolve) => other.users.on('changed', resolve))
  const user = await mei.client.setAvatar(PIXEL, { name: 'me.png' })
  expect(user).toEqual({ id: mei.user.id, name: mei.user.name, avatar: expect.any(String) })
  expect([await told, await toldSelf]).toEqual([user, user])
  expect(own.avatar).toBeUndefined()
  expect(other.user?.avatar).toBe(user.avatar)
  const { headers } = await fetch(await li.client.files.link(user.avatar ?? ''))
  expect(headers.get('content-type')).toBe('image/webp')
  expect(await mei.client.setAvatar(null)).toEqual({ id: mei.user.id, name: mei.user.name })
  for (const client of [mei.client, li.client, other]) await client.close()
})

test('[UPLOAD-9] what is given up is gone on the server too, and rejects with the signal’s reason', async () => {
  const proxy = new CuttingProxy({ target: () => server.port, arrived: () => {} })
  const { client } = await signIn(await proxy.listen())
  const gone = new AbortController()
  const reason = new Error('never mind')
  const { path } = await randomFile(3_000_000)
  const scratch = join(folder, 'scratch')
  proxy.after('up', 1_000_000, () => proxy.hold())
  const upload = client.upload(path, { signal: gone.signal })
  upload.catch(() => {})
  while ((await readdir(scratch)).length === 0);
  gone.abort(reason)
  await expect(upload).rejects.toBe(reason)
  await expect(client.upload(path, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  // The server deletes what it had of it.
  while ((await readdir(scratch)).length > 0);
  await client.close()
  await proxy.close()
})

test('[UPLOAD-9] what the server refuses is told with its code and its sentence, and is not tried again', async () => {
  const { client } = await signIn()
  const refused = async (upload: Promise<unknown>) => {
    const error = await upload.then(
      () => undefined,
      (failure: unknown) => failure,
    )
    if (!(error instanceof RequestError)) throw error ?? new Error('expected a refusal')
    expect(JSON.stringify(error)).not.toContain('Bearer')
    return [error.reason, error.code, error.message]
  }
  const { readable } = new TransformStream()
  const tooLarge = { stream: Readable.fromWeb(readable as never), size: 300 * 1_048_576 }
  expect(await refused(client.upload(tooLarge))).toEqual([
    'failed',
    'too_large',
    'upload was refused: a file may have 268 MB, and this one has 315 MB',
  ])
  expect(await refused(client.setAvatar(Buffer.from('not a picture')))).toEqual([
    'failed',
    'unsupported_type',
    'upload was refused: an avatar is a PNG, JPEG, GIF, WebP or AVIF picture',
  ])
  expect((await refused(client.upload(Buffer.alloc(0))))[1]).toBe('bad_request')
  await expect(client.upload(join(folder, 'no such file'))).rejects.toThrow(/ENOENT/)
  await client.close()
})

test.skipIf(skipBrowser)(
  `[UPLOAD-8][UPLOAD-9] a page of another origin sends a file of its own${skipReason}`,
  async () => {
    const browser = await launch()
    const page = await openPage(await browser.newContext())
    const origin = new URL(page.url()).origin
    const own = join(folder, 'for a page')
    await using other = await uploadServer(own, { allowedOrigins: [origin] })
    const settings = {
      url: `ws://127.0.0.1:${other.port}/arclight`,
      account: { name: 'mei', password: PASSWORD },
      name: 'été 天.bin',
      size: 9_000_000,
    }
    const { file, link, sent } = await page.evaluate((given) => globalThis.conformancePage.upload(given), settings)
    expect(file).toEqual({ id: file.id, name: settings.name, type: 'application/octet-stream', size: settings.size })
    expect(sent.at(-1)).toBe(settings.size)
    const got = Buffer.from(await (await fetch(link)).arrayBuffer())
    expect(got.equals(Buffer.from(Array.from({ length: settings.size }, (_, at) => at % 251)))).toBe(true)
    await browser.close()
  },
)
