import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Channel, Message } from '@arclight/client-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { OwnedServer, PASSWORD } from './owned-server.ts'

const PROGRAM = fileURLToPath(new URL('../dist/bot/main.js', import.meta.url))

let owned: OwnedServer
beforeAll(async () => {
  owned = await OwnedServer.start()
})
afterAll(() => owned[Symbol.asyncDispose]())

/** The bot as its README line starts it. */
function startBot(token: string | undefined, ...flags: string[]) {
  const { BOT_TOKEN: _theirs, ...environment } = process.env
  const env = token === undefined ? environment : { ...environment, BOT_TOKEN: token }
  return spawn(process.execPath, [PROGRAM, '--url', owned.url, ...flags], { env })
}

/** Makes a bot by the owner's password on standard input; resolves with its token. */
async function make(name: string): Promise<string> {
  const making = startBot(undefined, '--make', name, '--owner', 'mei')
  making.stdin.end(`${PASSWORD}\n`)
  const [output, [code]] = await Promise.all([text(making.stdout), once(making, 'exit')])
  expect(code).toBe(0)
  return /^BOT_TOKEN=(\S+)$/m.exec(output)?.[1] ?? ''
}

/** The next message of a bot in the channel. */
function nextAnswer(channel: Channel): Promise<Message> {
  return new Promise((resolve) => {
    const undo = channel.on('message', (message) => {
      if (!message.author.bot) return
      undo()
      resolve(message)
    })
  })
}

test('the bot answers a command, a mention and a direct message, and nothing else, until it is ended', async () => {
  const { mei } = owned
  const token = await make('helper')
  const bot = startBot(token)
  const [started] = await once(bot.stdout, 'data')
  expect(String(started)).toBe('helper answers roll, time\n')
  const general = mei.channels.get('general')
  await general.join()
  const ask = async (channel: Channel, draft: Parameters<Channel['send']>[0]): Promise<[Message, Message]> => {
    const answer = nextAnswer(channel)
    return [await channel.send(draft), await answer]
  }
  await general.send('roll 2d6, said to nobody')
  await general.send('/another bot’s command')
  const [asked, rolled] = await ask(general, '/roll 2d6')
  expect(rolled).toMatchObject({ author: { name: 'helper', bot: true }, replyTo: asked.seq })
  expect(rolled.text).toMatch(/^[1-6] \+ [1-6] = \d+$/)
  const [, corrected] = await ask(general, '/roll many')
  expect(corrected.text).toMatch(/^say how many dice/)
  const [called, help] = await ask(general, { text: '@helper what can you do?', mentions: [rolled.author.id] })
  expect(help).toMatchObject({ text: 'ask me for /roll or /time', replyTo: called.seq })
  const direct = await mei.channels.direct([rolled.author.id])
  const [, time] = await ask(direct, 'time')
  expect(time.text).toMatch(/^it is .+ GMT/)
  const team = await mei.channels.create({ kind: 'text', name: 'team', private: true })
  await team.addMember(rolled.author.id)
  await ask(team, '/time')
  await team.removeMember(rolled.author.id)
  await team.addMember(rolled.author.id)
  await ask(team, '/time')
  await ask(team, '/roll')
  expect((await team.page()).messages.filter(({ author }) => author.bot)).toHaveLength(3)
  bot.kill('SIGTERM')
  expect(await once(bot, 'exit')).toEqual([0, null])
})

test('a bot that the owner ends says why and ends, and one without a token says what to do', async () => {
  const { mei } = owned
  const token = await make('guest')
  const bot = startBot(token)
  await once(bot.stdout, 'data')
  const { bots } = await mei.request('bot.list', {})
  const said = text(bot.stderr)
  await mei.request('bot.delete', { bot: bots.find(({ name }) => name === 'guest')?.id ?? '' })
  expect(await once(bot, 'exit')).toEqual([1, null])
  expect(await said).toBe('signed out: the bot’s token was ended\n')
  const late = startBot(token)
  const [reason, [lateCode]] = await Promise.all([text(late.stderr), once(late, 'exit')])
  expect(reason).toBe('the server does not take this BOT_TOKEN: its owner has ended or renewed the bot\n')
  expect(lateCode).toBe(1)
  const tokenless = startBot(undefined)
  const [usage, [code]] = await Promise.all([text(tokenless.stderr), once(tokenless, 'exit')])
  expect(usage).toMatch(/^BOT_TOKEN is not set: make a bot with/)
  expect(code).toBe(1)
})
