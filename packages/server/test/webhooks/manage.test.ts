import { readFile } from 'node:fs/promises'
import { LIMITS } from '@arclight/core/protocol'
import { sqliteStorage } from '@arclight/server/storage/sqlite'
import { expect, test } from 'vitest'
import { ownedServer } from '../owned-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { postTo } from './posting.ts'

const channel = 'general'
const IN = { channel, direction: 'in', name: 'builds' } as const
const OUT = { channel, direction: 'out', url: 'https://93.184.216.34/hook' } as const

test('[HOOK-1] webhook.create gives a webhook with its secret, and webhook.list all of them without, the newest first', async () => {
  const { running, owner } = await ownedServer()
  await using _ = running
  const one = await owner.ask('webhook.create', IN)
  const { id, path } = one.webhook
  const bot = { id: one.webhook.bot?.id, name: 'builds', bot: true }
  expect(one.webhook).toEqual({ id, direction: 'in', channel, bot, path, createdAt: expect.any(Number) })
  expect(one.secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/)
  const two = await owner.ask('webhook.create', OUT)
  expect(two.webhook).toEqual({
    id: two.webhook.id,
    direction: 'out',
    channel,
    url: OUT.url,
    createdAt: expect.any(Number),
  })
  expect(await owner.ask('webhook.list', {})).toEqual({ webhooks: [two.webhook, one.webhook] })
  expect((await owner.ask('bot.list', {})).bots).toEqual([bot])
})

test('[HOOK-1] in needs a name of its own, out a url, both a channel that is there', async () => {
  const { running, owner } = await ownedServer()
  await using _ = running
  const bad = { code: 'bad_request' }
  expect(await owner.refusal('webhook.create', { channel, direction: 'in' })).toMatchObject({
    ...bad,
    issues: [{ path: 'name' }],
  })
  expect(await owner.refusal('webhook.create', { channel, direction: 'out' })).toMatchObject({
    ...bad,
    issues: [{ path: 'url' }],
  })
  expect(await owner.refusal('webhook.create', { ...IN, channel: 'nowhere' })).toMatchObject({ code: 'not_found' })
  expect(await owner.refusal('webhook.create', { ...IN, name: 'Owner' })).toMatchObject({ code: 'conflict' })
  expect(await owner.ask('webhook.list', {})).toEqual({ webhooks: [] })
})

test('[HOOK-1] an out webhook goes only where the operator lets requests go', async () => {
  const { running, owner } = await ownedServer({ webhookTargets: ['public', 'http://127.0.0.1:9'] })
  await using _ = running
  for (const url of ['http://93.184.216.34/', 'https://127.0.0.1/', 'https://[::1]/', 'https://localhost/']) {
    expect(await owner.refusal('webhook.create', { ...OUT, url }), url).toMatchObject({ code: 'forbidden' })
  }
  await owner.ask('webhook.create', { ...OUT, url: 'http://127.0.0.1:9/hook' })
})

test('[HOOK-1] only the owner makes, lists, renews and deletes webhooks', async () => {
  const { running, owner } = await ownedServer()
  await using _ = running
  const { webhook } = await owner.ask('webhook.create', IN)
  const mei = await running.signIn('mei')
  for (const [type, data] of [
    ['webhook.create', IN],
    ['webhook.list', {}],
    ['webhook.renew', { webhook: webhook.id }],
    ['webhook.delete', { webhook: webhook.id }],
  ] as const) {
    expect(await mei.refusal(type, data), type).toMatchObject({ code: 'forbidden' })
  }
})

test('[HOOK-1] webhook.renew makes the secret before worth nothing, webhook.delete the webhook and its bot', async () => {
  const { running, owner } = await ownedServer()
  await using _ = running
  const { webhook, secret } = await owner.ask('webhook.create', IN)
  const to = { url: `${running.httpUrl}${webhook.path}`, secret }
  expect((await postTo(to, { text: 'one' })).status).toBe(200)
  const renewed = await owner.ask('webhook.renew', { webhook: webhook.id })
  expect((await postTo(to, { text: 'two' })).status).toBe(401)
  expect((await postTo({ ...to, secret: renewed.secret }, { text: 'three' })).status).toBe(200)
  await owner.ask('webhook.delete', { webhook: webhook.id })
  expect((await postTo({ ...to, secret: renewed.secret }, { text: 'four' })).status).toBe(404)
  expect(await owner.ask('bot.list', {})).toEqual({ bots: [] })
  for (const type of ['webhook.renew', 'webhook.delete']) {
    expect(await owner.refusal(type, { webhook: webhook.id }), type).toMatchObject({ code: 'not_found' })
  }
})

test('[HOOK-1] a webhook ends with its channel, in and out', async () => {
  const { running, owner } = await ownedServer()
  await using _ = running
  const made = await owner.ask('channel.create', { kind: 'text', name: 'News' })
  const { webhook, secret } = await owner.ask('webhook.create', { ...IN, channel: made.channel.id })
  await owner.ask('webhook.create', { ...OUT, channel: made.channel.id })
  const kept = await owner.ask('webhook.create', OUT)
  await owner.ask('channel.delete', { channel: made.channel.id })
  const posted = await postTo({ url: `${running.httpUrl}${webhook.path}`, secret }, { text: 'late' })
  expect(posted.status).toBe(404)
  await expect.poll(() => owner.ask('webhook.list', {})).toEqual({ webhooks: [kept.webhook] })
  await expect.poll(() => owner.ask('bot.list', {})).toEqual({ bots: [] })
})

test('[HOOK-1] a direct channel has no webhooks; the bot of a private one is in it', async () => {
  const { running, owner } = await ownedServer()
  await using _ = running
  const mei = await running.signIn('mei')
  const direct = await owner.ask('direct.open', { users: [mei.authenticated.user.id] })
  expect(await owner.refusal('webhook.create', { ...OUT, channel: direct.channel.id })).toMatchObject({
    code: 'forbidden',
  })
  const { channel: hidden } = await owner.ask('channel.create', { kind: 'text', name: 'Staff', private: true })
  const { webhook, secret } = await owner.ask('webhook.create', { ...IN, channel: hidden.id })
  expect((await owner.ask('member.list', { channel: hidden.id })).members).toContainEqual(webhook.bot)
  const to = { url: `${running.httpUrl}${webhook.path}`, secret }
  expect((await postTo(to, { text: 'hello' })).status).toBe(200)
  await owner.ask('channel.update', { channel: hidden.id, archived: true })
  expect((await postTo(to, { text: 'late' })).status).toBe(403)
})

test('[HOOK-1] a bot that is deleted takes its webhooks along', async () => {
  const { running, owner } = await ownedServer()
  await using _ = running
  const { webhook } = await owner.ask('webhook.create', IN)
  await owner.ask('bot.delete', { bot: webhook.bot?.id ?? '' })
  expect(await owner.ask('webhook.list', {})).toEqual({ webhooks: [] })
})

test('[HOOK-1] a server has 100 webhooks, whoever asks at once', async () => {
  const { running, owner } = await ownedServer({ rateLimits: 'off' })
  await using _ = running
  const ids = Array.from({ length: LIMITS.webhooks + 3 }, () => owner.post('webhook.create', OUT))
  const replies = await Promise.all(ids.map((id) => owner.reply(id)))
  const refused = replies.filter((reply) => 'error' in reply)
  expect(refused).toMatchObject([1, 2, 3].map(() => ({ error: { code: 'conflict' } })))
  expect((await owner.ask('webhook.list', {})).webhooks).toHaveLength(LIMITS.webhooks)
})

test('[HOOK-1] a webhook and its secret outlive a restart, and the secret is in no file', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('db')
  const options = { storage: sqliteStorage({ file }), secretKey: 'a secret of at least thirty-two characters' }
  const first = await ownedServer(options)
  const { webhook, secret } = await first.owner.ask('webhook.create', IN)
  await first.running[Symbol.asyncDispose]()
  const kept = await readFile(file)
  expect(kept.includes(webhook.id)).toBe(true)
  const bytes = Buffer.from(secret.slice('whsec_'.length), 'base64')
  for (const form of [secret.slice('whsec_'.length), bytes, bytes.toString('hex')])
    expect(kept.includes(form)).toBe(false)
  const { RunningServer } = await import('../running-server.ts')
  await using second = await RunningServer.start({ ...options, storage: sqliteStorage({ file }) })
  expect((await postTo({ url: `${second.httpUrl}${webhook.path}`, secret }, { text: 'again' })).status).toBe(200)
})
