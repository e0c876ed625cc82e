import { CLOSE, LIMITS } from '@arclight/core/protocol'
import { ManualClock } from '@arclight/core/testing'
import { expect, test } from 'vitest'
import { say } from '../chat.ts'
import { ownedServer } from '../owned-server.ts'
import { PASSWORD } from '../running-server.ts'

const YEAR_MS = 365 * 86_400_000

test('[BOT-1] bot.create gives a token that authenticates an account, which is marked wherever it is named', async () => {
  const { running, owner } = await ownedServer()
  await using _ = running
  const { bot, token } = await owner.ask('bot.create', { name: 'weather' })
  expect(bot).toEqual({ id: bot.id, name: 'weather', bot: true })
  expect(await owner.ask('bot.list', {})).toEqual({ bots: [bot] })
  const program = await running.withToken(token)
  expect(program.authenticated.user).toEqual({ ...bot, role: 'member' })
  await owner.ask('channel.join', { channel: 'general' })
  const [message] = await say(program, ['rain'])
  expect(message?.author).toEqual(bot)
  expect((await owner.entry()).data.message.author).toEqual(bot)
  expect((await owner.ask('history.page', { channel: 'general' })).messages[0]?.author).toEqual(bot)
  expect((await owner.ask('presence.watch', {})).present.map(({ user }) => user)).toContainEqual(bot)
  const back = await running.connect()
  expect(await back.authenticate('session.resume', { token, cursors: {} })).toMatchObject({ user: { bot: true } })
})

test('[BOT-1] a bot’s name is one of all users’, and it has no password', async () => {
  const { running, owner } = await ownedServer()
  await using _ = running
  await running.signIn('mei')
  await owner.ask('bot.create', { name: 'weather' })
  for (const name of ['Weather', 'MEI']) {
    expect(await owner.refusal('bot.create', { name }), name).toMatchObject({ code: 'conflict' })
  }
  const stranger = await running.connect()
  for (const password of [PASSWORD, '        ']) {
    expect(await stranger.refusal('auth.login', { name: 'weather', password })).toMatchObject({
      code: 'invalid_credentials',
    })
  }
})

test('[BOT-1] only the owner makes, lists, renews and deletes bots', async () => {
  const { running, owner } = await ownedServer()
  await using _ = running
  const { bot, token } = await owner.ask('bot.create', { name: 'weather' })
  for (const client of [await running.signIn('mei'), await running.withToken(token)]) {
    for (const [type, data] of [
      ['bot.create', { name: 'mine' }],
      ['bot.list', {}],
      ['bot.renew', { bot: bot.id }],
      ['bot.delete', { bot: bot.id }],
    ] as const) {
      expect(await client.refusal(type, data), type).toMatchObject({ code: 'forbidden' })
    }
  }
  await running.withToken(token)
})

test('[BOT-1] a server has 100 bots, whoever asks at once', async () => {
  const { running, owner } = await ownedServer({ rateLimits: 'off' })
  await using _ = running
  const ids = Array.from({ length: LIMITS.bots + 5 }, (_, at) => owner.post('bot.create', { name: `bot ${at}` }))
  const replies = await Promise.all(ids.map((id) => owner.reply(id)))
  const refused = replies.filter((reply) => 'error' in reply)
  expect(refused).toHaveLength(5)
  expect(refused[0]).toMatchObject({ error: { code: 'conflict' } })
  expect((await owner.ask('bot.list', {})).bots).toHaveLength(LIMITS.bots)
})

test('[BOT-2] a bot’s token does not expire, used or not, refreshed or not', async () => {
  const clock = new ManualClock()
  const { running, owner } = await ownedServer({ clock })
  await using _ = running
  const unused = (await owner.ask('bot.create', { name: 'unused' })).token
  const { token } = await owner.ask('bot.create', { name: 'used' })
  const program = await running.withToken(token)
  const refreshed = await program.ask('auth.refresh', { rotate: false })
  const end = Date.UTC(9999, 11, 31, 23, 59, 59, 999)
  expect([program.authenticated.expiresAt, refreshed.expiresAt]).toEqual([end, end])
  clock.setWall(10 * YEAR_MS)
  clock.advance(200)
  await program.settle()
  expect((await running.withToken(token)).authenticated.expiresAt).toBe(end)
  expect((await running.withToken(unused)).authenticated.expiresAt).toBe(end)
})

test('[BOT-2] bot.renew gives another token; the one before is worth nothing, and its connections close with 4501', async () => {
  const { running, owner } = await ownedServer()
  await using _ = running
  const { bot, token } = await owner.ask('bot.create', { name: 'weather' })
  const program = await running.withToken(token)
  const renewed = await owner.ask('bot.renew', { bot: bot.id })
  expect(renewed.token).not.toBe(token)
  expect(await program.closed).toMatchObject({ code: CLOSE.revoked })
  const late = await running.connect()
  expect(await late.refusal('auth.token', { token })).toMatchObject({ code: 'unauthenticated' })
  expect((await running.withToken(renewed.token)).authenticated.user).toMatchObject(bot)
  expect(await owner.refusal('bot.renew', { bot: owner.authenticated.user.id })).toMatchObject({ code: 'not_found' })
})

test('[BOT-2] bot.delete ends the bot and what it wrote stays', async () => {
  const { running, owner } = await ownedServer()
  await using _ = running
  const { bot, token } = await owner.ask('bot.create', { name: 'weather' })
  const program = await running.withToken(token)
  await say(program, ['rain'])
  await owner.ask('bot.delete', { bot: bot.id })
  expect(await program.closed).toMatchObject({ code: CLOSE.revoked })
  const late = await running.connect()
  expect(await late.refusal('auth.token', { token })).toMatchObject({ code: 'unauthenticated' })
  expect(await owner.ask('bot.list', {})).toEqual({ bots: [] })
  const { messages } = await owner.ask('history.page', { channel: 'general' })
  expect(messages).toMatchObject([{ text: 'rain', author: bot }])
  for (const type of ['bot.delete', 'bot.renew']) {
    expect(await owner.refusal(type, { bot: bot.id }), type).toMatchObject({ code: 'not_found' })
  }
})
