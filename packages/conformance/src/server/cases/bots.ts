import { CLOSE, type ReplyData } from '@arclight/core/protocol'
import { checkEqual, checkHas, checkThat } from '../../check.ts'
import type { ServerContext } from '../context.ts'
import type { Peer } from '../peer.ts'
import { type ServerCase, serverCase } from '../server-case.ts'

const NEEDS = { needs: ['bots'] } as const
const NOBODY = 'conformance-no-bot'
const CENTURY_MS = 100 * 365 * 86_400_000

/** Runs `use` with a bot of the case's own, which ends with it. */
async function withBot(
  context: ServerContext,
  use: (made: ReplyData<'bot.create'>, owner: Peer) => Promise<void>,
): Promise<void> {
  const owner = await context.signInOwner()
  const made = await owner.ask('bot.create', { name: context.unique('bot') })
  try {
    await use(made, owner)
  } finally {
    await owner.request('bot.delete', { bot: made.bot.id })
  }
}

/** Accounts of programs. */
export const botCases: readonly ServerCase[] = [
  serverCase(
    'BOT-1.create',
    'a bot signs in with its token, and is marked wherever it is named',
    NEEDS,
    async (context) => {
      await withBot(context, async ({ bot, token }, owner) => {
        checkHas(bot, { bot: true }, 'the bot that was made')
        const program = await context.connect()
        const granted = await program.ask('auth.token', { token })
        checkHas(granted.user, { ...bot, role: 'member' }, 'the user of its token')
        const resumed = await (await context.connect()).ask('session.resume', { token, cursors: {} })
        checkHas(resumed.user, { ...bot }, 'the user of a resume')
        const [said] = await context.say(program, 1)
        checkEqual(said?.author, bot, 'the author of its message')
        const { bots } = await owner.ask('bot.list', {})
        checkThat(
          bots.some(({ id }) => id === bot.id),
          'the bot in bot.list',
          bots,
        )
      })
    },
  ),
  serverCase('BOT-1.name', 'its name is one of all users’, and it has no password', NEEDS, async (context) => {
    await withBot(context, async ({ bot }, owner) => {
      await owner.refused('bot.create', { name: bot.name.toUpperCase() }, 'conflict', 'with a name that is taken')
      const stranger = await context.connect()
      const login = { name: bot.name, password: 'a password that is long enough' }
      await stranger.refused('auth.login', login, 'invalid_credentials', 'as a bot')
    })
  }),
  serverCase('BOT-1.owner', 'only the owner has anything to do with bots', NEEDS, async (context) => {
    await withBot(context, async ({ bot, token }) => {
      for (const peer of [await context.signInMember(), await context.withToken(token)]) {
        await peer.refused('bot.create', { name: context.unique() }, 'forbidden', 'by somebody else')
        await peer.refused('bot.list', {}, 'forbidden', 'by somebody else')
        await peer.refused('bot.renew', { bot: bot.id }, 'forbidden', 'by somebody else')
        await peer.refused('bot.delete', { bot: bot.id }, 'forbidden', 'by somebody else')
      }
    })
  }),
  serverCase('BOT-2.expires', 'its token does not expire', NEEDS, async (context) => {
    await withBot(context, async ({ token }) => {
      const { peer, hello } = await context.greeted()
      const { expiresAt } = await peer.ask('auth.token', { token })
      checkThat(expiresAt > hello.clock.wall + CENTURY_MS, 'an expiry that nobody lives to see', expiresAt)
      const refreshed = await peer.ask('auth.refresh', { rotate: false })
      checkThat(refreshed.expiresAt > hello.clock.wall + CENTURY_MS, 'the same after auth.refresh', refreshed.expiresAt)
    })
  }),
  serverCase(
    'BOT-2.renew',
    'bot.renew ends the token before, and its connections with 4501',
    NEEDS,
    async (context) => {
      await withBot(context, async ({ bot, token }, owner) => {
        const program = await context.withToken(token)
        const renewed = await owner.ask('bot.renew', { bot: bot.id })
        await program.closedWith(CLOSE.revoked)
        const late = await context.connect()
        await late.refused('auth.token', { token }, 'unauthenticated', 'with the token before')
        checkHas((await late.ask('auth.token', { token: renewed.token })).user, { ...bot }, 'the user of the new token')
        await owner.refused('bot.renew', { bot: NOBODY }, 'not_found', 'of no bot')
        await owner.refused('bot.renew', { bot: context.owner.id }, 'not_found', 'of a person')
      })
    },
  ),
  serverCase('BOT-2.delete', 'bot.delete ends the bot, and what it wrote stays', NEEDS, async (context) => {
    await withBot(context, async ({ bot, token }, owner) => {
      const program = await context.withToken(token)
      const [said] = await context.say(program, 1)
      await owner.ask('bot.delete', { bot: bot.id })
      await program.closedWith(CLOSE.revoked)
      await (await context.connect()).refused('auth.token', { token }, 'unauthenticated', 'of a bot that was deleted')
      const page = await owner.ask('history.page', { channel: context.text.id, around: said?.seq ?? 0, limit: 1 })
      checkHas(page.messages[0], { seq: said?.seq, author: bot }, 'what it wrote')
      await owner.refused('bot.delete', { bot: bot.id }, 'not_found', 'a second time')
    })
  }),
]
