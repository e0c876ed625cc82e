import { LIMITS, type LogEntry, type Message } from '@arclight/core/protocol'
import { checkEqual, checkHas, checkThat } from '../../check.ts'
import type { HttpAnswer } from '../http.ts'
import { withChannel } from '../own-channel.ts'
import { type ServerCase, serverCase } from '../server-case.ts'
import { isSigned, KitReceiver, postTo, withWebhook } from '../webhook.ts'

const NEEDS = { needs: ['bots'] } as const
const RECEIVES = { needs: ['bots', 'channels', 'receiver'], pace: 'alone' } as const
const NOBODY = 'conformance-no-webhook'
const SECRET = /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/
const TOLERANCE_MS = 300_000
const HELLO = '{"text":"conformance: hello"}'
/** What is tried again within a second or a few. */
const RETRIED_MS = 10_000

function parsed({ body }: HttpAnswer): { message?: Message; error?: { code?: string } } {
  try {
    return JSON.parse(body.toString())
  } catch {
    return {}
  }
}

function checkRefused(answer: HttpAnswer, status: number, code: string, what: string): void {
  checkEqual([answer.status, parsed(answer).error?.code], [status, code], `status and code ${what}`)
}

/** Webhooks in and out. */
export const webhookCases: readonly ServerCase[] = [
  serverCase('HOOK-1.create', 'webhook.create gives a webhook and its secret, this once', NEEDS, async (context) => {
    await withWebhook(context, {}, async ({ webhook, secret }, owner) => {
      checkHas(webhook, { direction: 'in', channel: context.text.id, bot: { bot: true } }, 'the webhook that was made')
      checkThat(SECRET.test(secret), 'a secret of Standard Webhooks', `${secret.length} characters`)
      const { webhooks } = await owner.ask('webhook.list', {})
      checkHas(
        webhooks.find(({ id }) => id === webhook.id),
        webhook,
        'the webhook of the list',
      )
      checkEqual(JSON.stringify(webhooks).includes(secret), false, 'whether the list has secrets')
      const channel = context.text.id
      await owner.refused('webhook.create', { channel, direction: 'in' }, 'bad_request', 'without a name')
      await owner.refused('webhook.create', { channel, direction: 'out' }, 'bad_request', 'without a url')
      const elsewhere = { channel: 'conformance-no-channel', direction: 'in', name: context.unique() }
      await owner.refused('webhook.create', elsewhere, 'not_found', 'of a channel that does not exist')
    })
  }),
  serverCase('HOOK-1.owner', 'only the owner has anything to do with webhooks', NEEDS, async (context) => {
    await withWebhook(context, {}, async ({ webhook }) => {
      const member = await context.signInMember()
      const wanted = { channel: context.text.id, direction: 'in', name: context.unique() }
      await member.refused('webhook.create', wanted, 'forbidden', 'by somebody else')
      await member.refused('webhook.list', {}, 'forbidden', 'by somebody else')
      await member.refused('webhook.renew', { webhook: webhook.id }, 'forbidden', 'by somebody else')
      await member.refused('webhook.delete', { webhook: webhook.id }, 'forbidden', 'by somebody else')
    })
  }),
  serverCase(
    'HOOK-1.renew',
    'webhook.renew ends the secret before, webhook.delete the webhook',
    NEEDS,
    async (context) => {
      await withWebhook(context, {}, async (made, owner) => {
        const { id } = made.webhook
        const { secret } = await owner.ask('webhook.renew', { webhook: id })
        checkRefused(await postTo(context, made, HELLO), 401, 'unauthenticated', 'with the secret before')
        checkEqual((await postTo(context, { ...made, secret }, HELLO)).status, 200, 'the status with the new secret')
        await owner.ask('webhook.delete', { webhook: id })
        checkRefused(await postTo(context, { ...made, secret }, HELLO), 404, 'not_found', 'of a deleted webhook')
        const { bots } = await owner.ask('bot.list', {})
        checkEqual(
          bots.some((bot) => bot.id === made.webhook.bot?.id),
          false,
          'whether its bot is left',
        )
        for (const type of ['webhook.renew', 'webhook.delete']) {
          await owner.refused(type, { webhook: NOBODY }, 'not_found', 'of no webhook')
        }
      })
    },
  ),
  serverCase(
    'HOOK-1.channel',
    'a direct channel has no webhooks, and a webhook ends with its channel',
    { needs: ['bots', 'channels'], pace: 'alone' },
    async (context) => {
      const owner = await context.signInOwner()
      const { channel } = await owner.ask('direct.open', { users: [context.member().id] })
      const wanted = { channel: channel.id, direction: 'in', name: context.unique() }
      await owner.refused('webhook.create', wanted, 'forbidden', 'of a direct channel')
      await withChannel({ context, owner }, { private: true }, async ({ id }) => {
        await withWebhook(context, { channel: id }, async (made) => {
          checkEqual((await postTo(context, made, HELLO)).status, 200, 'the status of a post to a private channel')
          await owner.ask('channel.delete', { channel: id })
          checkRefused(await postTo(context, made, HELLO), 404, 'not_found', 'of a deleted channel’s webhook')
        })
      })
    },
  ),
  serverCase('HOOK-2.post', 'a signed post stores a message of the webhook’s bot, once', NEEDS, async (context) => {
    await withWebhook(context, {}, async (made, owner) => {
      const channel = context.text.id
      await owner.ask('channel.join', { channel })
      const [asked] = await context.say(owner, 1)
      const id = context.unique('msg')
      const body = JSON.stringify({ text: 'conformance: 弧光', replyTo: asked?.seq, mentions: [context.owner.id] })
      const answer = await postTo(context, made, body, { id })
      checkEqual(answer.status, 200, 'the status')
      const { message } = parsed(answer)
      const fields = { clientId: id, text: 'conformance: 弧光', mentions: [context.owner.id] }
      checkHas(message, { ...fields, author: made.webhook.bot, replyTo: asked?.seq }, 'the message')
      const live = await owner.event('message.created', (data) => data.message.clientId === id)
      checkHas(message, { ...live.message }, 'the message of the answer')
      const again = await postTo(context, made, '{"text":"conformance: another"}', { id })
      checkEqual([again.status, parsed(again).message?.seq], [200, message?.seq], 'status and seq of a repeat')
      const page = await owner.ask('history.page', { channel, after: message?.seq ?? 0 })
      const repeated = page.messages.filter(({ clientId }) => clientId === id)
      checkEqual(repeated, [], 'what the repeat has added')
    })
  }),
  serverCase('HOOK-3.signature', 'what is not signed with the secret, now, is 401', NEEDS, async (context) => {
    await withWebhook(context, {}, async (made) => {
      const wrong = { secret: `whsec_${'A'.repeat(32)}` }
      checkRefused(await postTo(context, made, HELLO, wrong), 401, 'unauthenticated', 'with another secret')
      const old = { off: -TOLERANCE_MS - 60_000 }
      checkRefused(await postTo(context, made, HELLO, old), 401, 'unauthenticated', 'with an old timestamp')
      const early = { off: TOLERANCE_MS + 60_000 }
      checkRefused(await postTo(context, made, HELLO, early), 401, 'unauthenticated', 'with a timestamp to come')
      for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature']) {
        const answer = await postTo(context, made, HELLO, { headers: { [name]: '' } })
        checkRefused(answer, 401, 'unauthenticated', `without ${name}`)
      }
      checkEqual((await postTo(context, made, HELLO, { off: 60_000 - TOLERANCE_MS })).status, 200, 'four minutes late')
    })
  }),
  serverCase('HOOK-3.answers', 'a path, a body or a message that is none is refused', NEEDS, async (context) => {
    await withWebhook(context, {}, async (made) => {
      const elsewhere = { path: (made.webhook.path ?? '').replace(made.webhook.id, NOBODY) }
      checkRefused(await postTo(context, made, HELLO, elsewhere), 404, 'not_found', 'of a path of no webhook')
      for (const body of ['{', 'null', '{}', '{"text":" "}', JSON.stringify({ text: 'x'.repeat(4_001) })]) {
        checkRefused(await postTo(context, made, body), 400, 'bad_request', `of the body ${body.slice(0, 20)}`)
      }
      const unknown = '{"text":"conformance: answer","replyTo":9007199254740991}'
      checkRefused(await postTo(context, made, unknown), 404, 'not_found', 'of an answer to nothing')
      const long = JSON.stringify({ text: 'hello', more: 'x'.repeat(LIMITS.webhookBytes) })
      checkEqual((await postTo(context, made, long)).status, 413, 'the status of a body that is too long')
    })
  }),
  serverCase(
    'HOOK-4.entries',
    'every entry is posted as its live event, signed, in order',
    RECEIVES,
    async (context) => {
      await using receiver = await KitReceiver.start(context)
      const owner = await context.signInOwner()
      await withChannel({ context, owner }, {}, async ({ id: channel }) => {
        await owner.ask('channel.join', { channel })
        await context.say(owner, 1, channel)
        await withWebhook(context, { channel, url: receiver.url }, async ({ secret }) => {
          const said = await context.say(owner, 3, channel)
          for (const { seq } of said) {
            const posted = await receiver.next()
            checkThat(isSigned(posted, secret), 'a post that is signed with the secret', posted.headers)
            const live = await owner.texts.take('the entry', RETRIED_MS, (one) => one['seq'] === seq)
            checkEqual(JSON.parse(posted.body), live, 'the entry that was posted')
          }
        })
      })
    },
  ),
  serverCase(
    'HOOK-4.again',
    'what is not answered with 2xx is posted again under its id, and nothing behind it before',
    RECEIVES,
    async (context) => {
      await using receiver = await KitReceiver.start(context)
      const owner = await context.signInOwner()
      await withChannel({ context, owner }, {}, async ({ id: channel }) => {
        await withWebhook(context, { channel, url: receiver.url }, async ({ webhook }) => {
          receiver.answers.push(500, 302)
          const [first, second] = await context.say(owner, 2, channel)
          const listed = async () =>
            (await owner.ask('webhook.list', {})).webhooks.find(({ id }) => id === webhook.id)?.failingSince
          const posts = [await receiver.next(), await receiver.next(RETRIED_MS)]
          checkThat((await listed()) !== undefined, 'failingSince while nothing is taken', undefined)
          for (let count = 2; count < 4; count++) posts.push(await receiver.next(RETRIED_MS))
          const seqs = posts.map(({ body }) => (JSON.parse(body) as LogEntry).seq)
          checkEqual(seqs, [first?.seq, first?.seq, first?.seq, second?.seq], 'the seqs of the posts')
          const ids = posts.map(({ headers }) => headers['webhook-id'])
          checkEqual([new Set(ids.slice(0, 3)).size, new Set(ids).size], [1, 2], 'how many ids each entry has')
          checkEqual(await listed(), undefined, 'failingSince, once something was taken')
        })
      })
    },
  ),
]
