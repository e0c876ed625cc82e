import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { memoryStorage } from '@arclight/server'
import { expect, test } from 'vitest'
import { idOf, ownedServer } from '../owned-server.ts'
import type { RawClient } from '../raw-client.ts'
import { PASSWORD, RunningServer } from '../running-server.ts'
import { picture } from '../uploads/pictures.ts'
import { get, upload, uploadServer } from '../uploads/upload-server.ts'

interface Line {
  readonly type: string
  readonly data: Record<string, unknown>
}

function exported(url: string, client: RawClient, signal?: AbortSignal): Promise<Response> {
  const authorization = `Bearer ${client.authenticated.token}`
  return fetch(`${url}/account/export`, { headers: { authorization }, ...(signal ? { signal } : {}) })
}

async function linesOf(response: Response): Promise<Line[]> {
  const text = await response.text()
  expect(text.endsWith('\n')).toBe(true)
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
}

test('[EXPORT-1] an export has all of the caller, of nobody else, and neither token nor hash', async () => {
  await using server = await uploadServer({ rateLimits: 'off' })
  const [mei, li] = [await server.signIn('mei'), await server.signIn('li')]
  const channel = (await mei.ask('channel.list', {})).channels[0]?.id ?? ''
  const pair = (await mei.ask('direct.open', { users: [idOf(li)] })).channel.id
  const file = await upload(server, mei, await picture({ width: 9, height: 9 }))
  await upload(server, li, await picture({ width: 9, height: 9 }))
  await mei.ask('user.update', { displayName: '王美' })
  for (let at = 0; at < 250; at++) await mei.ask('message.send', { channel, clientId: `${at}`, text: `tea ${at}` })
  await mei.ask('message.send', { channel: pair, clientId: 'a', text: 'secret', attachments: [file] })
  await li.ask('message.send', { channel, clientId: 'b', text: 'of somebody else' })
  await mei.ask('message.delete', { channel, seq: 1 })
  await mei.ask('read.mark', { channel, seq: 7 })
  const response = await get(server, mei, '/account/export')
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8')
  expect(response.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''mei.ndjson")
  expect(response.headers.get('cache-control')).toBe('private, no-store')
  const lines = await linesOf(response)
  const of = (type: string) => lines.filter((line) => line.type === type).map(({ data }) => data)
  expect(of('account')).toEqual([{ ...mei.authenticated.user, displayName: '王美' }])
  expect(of('role')).toMatchObject([{ id: 'member', name: 'member' }])
  expect(of('session')).toMatchObject([{ id: mei.authenticated.session }])
  expect(of('upload')).toMatchObject([{ id: file, path: `/files/${file}`, state: 'used' }])
  expect(of('read')).toMatchObject([{ channel, seq: 7 }])
  const texts = of('message').map(({ text }) => text)
  expect(new Set(texts)).toEqual(new Set(['secret', ...Array.from({ length: 249 }, (_, at) => `tea ${at + 1}`)]))
  expect(texts).toHaveLength(250)
  expect(lines.at(-1)).toEqual({ type: 'end', data: { messages: 250 } })
  const all = JSON.stringify(lines)
  for (const secret of [mei.authenticated.token, 'argon2', 'ash"', 'of somebody else', PASSWORD]) {
    expect(all, secret).not.toContain(secret)
  }
  expect((await get(server, mei, `/files/${file}`)).status).toBe(200)
})

test('[EXPORT-1] invites are those of the caller; without a token there is nothing', async () => {
  const { running, owner } = await ownedServer()
  await using server = running
  const { invite, code } = await owner.ask('invite.create', {})
  const lines = await linesOf(await exported(server.httpUrl, owner))
  expect(lines.filter(({ type }) => type === 'invite').map(({ data }) => data)).toMatchObject([{ id: invite.id }])
  expect(JSON.stringify(lines)).not.toContain(code)
  const mei = await server.signIn('mei')
  const own = await linesOf(await exported(server.httpUrl, mei))
  expect(own.filter(({ type }) => type === 'invite')).toEqual([])
  expect((await fetch(`${server.httpUrl}/account/export`)).status).toBe(401)
  expect((await fetch(`${server.httpUrl}/account/export?token=${mei.authenticated.token}`)).status).toBe(401)
})

/** Something that is waited for until somebody opens it. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

/** A store whose pages of an author's messages wait until they are let go. */
function heldStorage() {
  const storage = memoryStorage()
  let [held, asked] = [gate(), gate()]
  const byAuthor: typeof storage.log.byAuthor = async (author, page) => {
    asked.open()
    await held.opened
    return storage.log.byAuthor(author, page)
  }
  return {
    storage: { ...storage, log: { ...storage.log, byAuthor } },
    /** Resolves when somebody waits. */
    asked: () => asked.opened,
    letGo: () => held.open(),
    hold: () => {
      held = gate()
      asked = gate()
    },
  }
}

test('[EXPORT-2] of one user one export is under way at a time, and one that was cut makes room', async () => {
  const { storage, asked, letGo, hold } = heldStorage()
  await using running = await RunningServer.start({ storage })
  const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
  const first = exported(running.httpUrl, mei)
  await asked()
  const second = await exported(running.httpUrl, mei)
  expect([second.status, Number(second.headers.get('retry-after')) > 0]).toEqual([429, true])
  letGo()
  expect((await linesOf(await first)).at(-1)?.type).toBe('end')
  expect((await linesOf(await exported(running.httpUrl, li))).at(-1)?.type).toBe('end')
  // Cut in the middle, by a client that is gone without a word.
  hold()
  const authorization = `Bearer ${mei.authenticated.token}`
  const cut = request(`${running.httpUrl}/account/export`, { headers: { authorization } })
  const answered = once(cut.on('error', () => {}).end(), 'response')
  const [response] = (await answered) as [IncomingMessage]
  const gone = new Promise((resolve) =>
    response
      .on('error', () => {})
      .on('close', resolve)
      .resume(),
  )
  await asked()
  cut.destroy()
  await gone
  letGo()
  await expect.poll(async () => (await exported(running.httpUrl, mei)).status, { timeout: 15_000 }).toBe(200)
})

test('[EXPORT-2] exports keep to a rate', async () => {
  await using running = await RunningServer.start({ rateLimits: { 'account.export': { burst: 2, perSecond: 0.01 } } })
  const mei = await running.signIn('mei')
  for (let at = 0; at < 2; at++) await linesOf(await exported(running.httpUrl, mei))
  const late = await exported(running.httpUrl, mei)
  expect([late.status, Number(late.headers.get('retry-after'))]).toEqual([429, 100])
})
