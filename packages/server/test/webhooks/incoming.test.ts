import { gzipSync } from 'node:zlib'
import { LIMITS } from '@arclight/core/protocol'
import type { ServerOptions } from '@arclight/server'
import { refuse } from '@arclight/server'
import { expect, test } from 'vitest'
import { say } from '../chat.ts'
import { ownedServer } from '../owned-server.ts'
import { postTo } from './posting.ts'

const channel = 'general'
const TOLERANCE_MS = 300_000

/** A server with a webhook that writes to its channel. */
async function withWebhook(options: ServerOptions = {}) {
  const { running, owner } = await ownedServer(options)
  const { webhook, secret } = await owner.ask('webhook.create', { channel, direction: 'in', name: 'builds' })
  return { running, owner, webhook, to: { url: `${running.httpUrl}${webhook.path}`, secret } }
}

test('[HOOK-2] a signed post stores a message of the webhook’s bot, and everybody who joined hears it', async () => {
  const { running, owner, webhook, to } = await withWebhook()
  await using _ = running
  await owner.ask('channel.join', { channel })
  const [asked] = await say(owner, ['is it green?'])
  const mentions = [owner.authenticated.user.id]
  const posted = await postTo(to, { text: 'it is', replyTo: asked?.seq, mentions }, { id: 'msg_1' })
  expect(posted.status).toBe(200)
  expect(posted.body.message).toMatchObject({
    author: webhook.bot,
    clientId: 'msg_1',
    text: 'it is',
    replyTo: asked?.seq,
    mentions,
  })
  expect((await owner.entry()).seq).toBe(asked?.seq)
  expect((await owner.entry()).data).toEqual(posted.body)
})

test('[HOOK-2] a repeat gets the first message and adds nothing, signed anew or not', async () => {
  const { running, owner, to } = await withWebhook()
  await using _ = running
  const first = await postTo(to, { text: 'one' }, { id: 'msg_1' })
  const again = await postTo(to, { text: 'another text' }, { id: 'msg_1', at: Date.now() + 2_000 })
  expect([again.status, again.body]).toEqual([200, first.body])
  expect((await owner.ask('history.page', { channel })).messages).toHaveLength(1)
})

test('[HOOK-2] the application’s hooks see what comes in as a message of the bot', async () => {
  const { running, webhook, to } = await withWebhook()
  await using _ = running
  running.server.use({
    'message.send': ({ data, user }, next) => next({ ...data, text: `${user.name}: ${data.text}` }),
  })
  expect((await postTo(to, { text: 'green' })).body.message).toMatchObject({
    text: 'builds: green',
    author: webhook.bot,
  })
})

test('[HOOK-3] a signature that is not the webhook’s, or not of now, is 401', async () => {
  const { running, owner, to } = await withWebhook()
  await using _ = running
  const other = await owner.ask('webhook.create', { channel, direction: 'in', name: 'other' })
  const now = Date.now()
  for (const [what, target, changes] of [
    ['without a signature', to, { headers: { 'webhook-signature': undefined } }],
    ['without an id', to, { headers: { 'webhook-id': undefined } }],
    ['without a timestamp', to, { headers: { 'webhook-timestamp': undefined } }],
    ['with another id', to, { headers: { 'webhook-id': 'msg_other' } }],
    ['with another timestamp', to, { headers: { 'webhook-timestamp': String(Math.floor(now / 1_000) + 9) } }],
    ['with a timestamp that is no number', to, { headers: { 'webhook-timestamp': 'now' } }],
    ['with another webhook’s secret', { ...to, secret: other.secret }, {}],
    ['too old', to, { at: now - TOLERANCE_MS - 2_000 }],
    ['too new', to, { at: now + TOLERANCE_MS + 9_000 }],
  ] as const) {
    const { status, body } = await postTo(target, { text: 'hello' }, changes)
    expect([status, body.error?.code], what).toEqual([401, 'unauthenticated'])
  }
  for (const at of [now - TOLERANCE_MS + 60_000, now + TOLERANCE_MS - 60_000]) {
    expect((await postTo(to, { text: 'hello' }, { at })).status).toBe(200)
  }
})

test('[HOOK-3] a path of no webhook is 404, that of an out webhook too, whatever comes', async () => {
  const { running, owner, to } = await withWebhook({ webhookTargets: ['http://127.0.0.1:9'] })
  await using _ = running
  const out = await owner.ask('webhook.create', { channel, direction: 'out', url: 'http://127.0.0.1:9/' })
  for (const id of ['nothing', out.webhook.id]) {
    const url = `${running.httpUrl}/webhooks/${id}`
    const { status, body } = await postTo({ ...to, url }, { text: 'hello' })
    expect([status, body.error?.code]).toEqual([404, 'not_found'])
    expect((await postTo({ ...to, url }, {}, { raw: 'x'.repeat(LIMITS.webhookBytes + 1) })).status).toBe(404)
  }
})

test('[HOOK-3] a body that does not fit is 400 and says where, one that is too long 413', async () => {
  const { running, owner, to } = await withWebhook()
  await using _ = running
  const bad: [what: string, raw: string | Buffer, says: string][] = [
    ['no JSON', '{', 'JSON'],
    ['nothing', '', 'JSON'],
    ['null', 'null', 'JSON'],
    ['no UTF-8', Buffer.from('7b2274657874223a22ff227d', 'hex'), 'JSON'],
    ['no text', '{}', 'text:'],
    ['an empty text', '{"text":""}', 'text:'],
    ['a long text', JSON.stringify({ text: 'x'.repeat(LIMITS.messageText + 1) }), 'text:'],
    ['a replyTo that is no seq', '{"text":"hello","replyTo":"one"}', 'replyTo:'],
  ]
  for (const [what, raw, says] of bad) {
    const { status, body } = await postTo(to, {}, { raw })
    expect([status, body.error?.code], what).toEqual([400, 'bad_request'])
    expect(body.error?.message, what).toContain(says)
  }
  const long = await postTo(to, { text: 'hello' }, { id: 'x'.repeat(65) })
  expect([long.status, long.body.error?.message]).toEqual([400, expect.stringContaining('clientId:')])
  const packed = await postTo(to, {}, { raw: gzipSync('{"text":"hello"}'), headers: { 'content-encoding': 'gzip' } })
  expect(packed.status).toBe(400)
  const fits = JSON.stringify({ text: 'hello', more: 'x'.repeat(LIMITS.webhookBytes - 26) })
  expect(fits).toHaveLength(LIMITS.webhookBytes)
  expect((await postTo(to, {}, { raw: fits })).status).toBe(200)
  const over = await postTo(to, {}, { raw: `${fits} ` })
  expect([over.status, over.body.error?.code]).toEqual([413, 'too_large'])
  expect((await owner.ask('history.page', { channel })).messages).toHaveLength(1)
})

test('[HOOK-3] a refusal of message.send is answered with its error', async () => {
  const rateLimits = { 'message.send': { burst: 5, perSecond: 0.001 } }
  const { running, to } = await withWebhook({ rateLimits })
  await using _ = running
  running.server.use({
    'message.send': ({ data: { text } }, next) => {
      if (text === 'forbidden' || text === 'conflict' || text === 'unavailable') refuse(text, 'so it is')
      return next()
    },
  })
  for (const [text, status] of [
    ['forbidden', 403],
    ['conflict', 409],
    ['unavailable', 503],
  ] as const) {
    const answer = await postTo(to, { text })
    expect([answer.status, answer.body]).toEqual([status, { error: { code: text, message: 'so it is' } }])
  }
  const nowhere = await postTo(to, { text: 'hello', replyTo: 99 })
  expect([nowhere.status, nowhere.body.error?.code]).toEqual([404, 'not_found'])
  await postTo(to, { text: 'the fifth' })
  const often = await postTo(to, { text: 'the sixth' })
  expect([often.status, often.body.error?.code]).toEqual([429, 'rate_limited'])
  expect(Number(often.headers.get('retry-after'))).toBeGreaterThan(0)
})

test('[HTTP-8] posts of an address keep to the rate http, whatever they are signed with', async () => {
  const { running, to } = await withWebhook({ rateLimits: { http: { burst: 2, perSecond: 0.001 } } })
  await using _ = running
  const statuses: number[] = []
  for (const secret of [to.secret, `whsec_${'A'.repeat(32)}`, to.secret]) {
    statuses.push((await postTo({ ...to, secret }, { text: 'hello' })).status)
  }
  expect(statuses).toEqual([200, 401, 429])
})
