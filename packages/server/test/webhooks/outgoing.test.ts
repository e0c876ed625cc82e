import type { LogEntry } from '@arclight/core/protocol'
import { ManualClock } from '@arclight/core/testing'
import { sqliteStorage } from '@arclight/server/storage/sqlite'
import { expect, test } from 'vitest'
import { entriesOf, numbered, say } from '../chat.ts'
import { ownedServer } from '../owned-server.ts'
import type { RawClient } from '../raw-client.ts'
import { PASSWORD, RunningServer } from '../running-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { Receiver } from './receiver.ts'

const channel = 'general'

function textOf({ data }: LogEntry): string {
  return data.message.text
}

/** Makes an `out` webhook to the receiver; returns its secret and id. */
async function postsTo(owner: RawClient, { url }: Receiver): Promise<{ secret: string; id: string }> {
  const { secret, webhook } = await owner.ask('webhook.create', { channel, direction: 'out', url })
  return { secret, id: webhook.id }
}

/** Since when the only webhook's receiver has taken nothing. */
async function failingSince(owner: RawClient): Promise<number | undefined> {
  return (await owner.ask('webhook.list', {})).webhooks[0]?.failingSince
}

test('[HOOK-4] every entry from the webhook’s making on is posted as its live event, signed, in order', async () => {
  await using receiver = await Receiver.start()
  const { running, owner } = await ownedServer({ webhookTargets: [receiver.origin] })
  await using _ = running
  await owner.ask('channel.join', { channel })
  await say(owner, ['before'])
  const { secret } = await postsTo(owner, receiver)
  await say(owner, numbered(5))
  const posted: LogEntry[] = []
  for (let at = 0; at < 5; at++) posted.push(await receiver.entry(secret))
  expect(posted).toEqual(entriesOf(owner).slice(1))
  expect(posted.map(textOf)).toEqual(numbered(5))
  const ids = receiver.posts.all.map(({ headers }) => headers['webhook-id'])
  expect(new Set(ids).size).toBe(5)
})

test('[HOOK-4] what is not answered with 2xx is posted again under its id, and nothing behind it goes before', async () => {
  await using receiver = await Receiver.start()
  const clock = new ManualClock(Date.now())
  const { running, owner } = await ownedServer({ clock, rateLimits: 'off', webhookTargets: [receiver.origin] })
  await using _ = running
  const answers = [500, 302, 404]
  receiver.answer = (response) => {
    response.writeHead(answers.shift() ?? 200, { Location: `${receiver.origin}/elsewhere` }).end()
  }
  await postsTo(owner, receiver)
  await say(owner, ['one', 'two'])
  for (const wait of [1_000, 2_000, 4_000]) {
    const failed = await receiver.posts.take()
    await expect.poll(() => failingSince(owner)).toBeDefined()
    await owner.settle()
    clock.advance(wait)
    expect(failed.path).toBe('/hook')
  }
  await receiver.posts.take()
  await receiver.posts.take()
  const all = receiver.posts.all.map(({ headers, body }) => [headers['webhook-id'], textOf(JSON.parse(body))])
  const [first] = all
  expect(all).toEqual([first, first, first, first, [expect.any(String), 'two']])
  expect(first).toEqual([expect.any(String), 'one'])
  await expect.poll(() => failingSince(owner)).toBeUndefined()
})

test('[HOOK-4] what was not taken goes out after a restart, and nothing that was taken does', async () => {
  await using folder = await temporaryFolder()
  await using receiver = await Receiver.start()
  const options = () => ({
    storage: sqliteStorage({ file: folder.file('db') }),
    secretKey: 'a secret of at least thirty-two characters',
    webhookTargets: [receiver.origin],
  })
  const first = await ownedServer(options())
  const { secret } = await postsTo(first.owner, receiver)
  await say(first.owner, ['taken'])
  expect(textOf(await receiver.entry(secret))).toBe('taken')
  receiver.answer = (response) => void response.writeHead(503).end()
  await say(first.owner, ['one', 'two'])
  const refused = await receiver.posts.take()
  await first.running[Symbol.asyncDispose]()
  receiver.answer = (response) => void response.writeHead(204).end()
  await using second = await RunningServer.start(options())
  const posted = await receiver.posts.take()
  expect(posted.headers['webhook-id']).toBe(refused.headers['webhook-id'])
  expect([textOf(JSON.parse(posted.body)), textOf(await receiver.entry(secret))]).toEqual(['one', 'two'])
  await second.server.channels.get(channel).send('three')
  expect(textOf(await receiver.entry(secret))).toBe('three')
})

test('[HOOK-4] a receiver that fails costs the others nothing', async () => {
  await using broken = await Receiver.start()
  await using receiver = await Receiver.start()
  const { running, owner } = await ownedServer({ webhookTargets: [broken.origin, receiver.origin] })
  await using _ = running
  broken.answer = () => {}
  await postsTo(owner, broken)
  const { secret } = await postsTo(owner, receiver)
  await say(owner, ['one', 'two'])
  await broken.posts.take()
  expect([textOf(await receiver.entry(secret)), textOf(await receiver.entry(secret))]).toEqual(['one', 'two'])
})

test('[HOOK-4] after webhook.renew posts are signed with the other secret, after webhook.delete there are none', async () => {
  await using receiver = await Receiver.start()
  const { running, owner } = await ownedServer({ webhookTargets: [receiver.origin] })
  await using _ = running
  const { id } = await postsTo(owner, receiver)
  const { secret } = await owner.ask('webhook.renew', { webhook: id })
  await say(owner, ['renewed'])
  expect(textOf(await receiver.entry(secret))).toBe('renewed')
  await owner.ask('webhook.delete', { webhook: id })
  const another = await postsTo(owner, receiver)
  await say(owner, ['deleted'])
  expect(textOf(await receiver.entry(another.secret))).toBe('deleted')
  expect(receiver.posts.all).toHaveLength(2)
})

test('[HOOK-4] where the operator lets requests go no more, none goes, stored webhooks or not', async () => {
  await using folder = await temporaryFolder()
  await using receiver = await Receiver.start()
  const storage = () => sqliteStorage({ file: folder.file('db') })
  const first = await ownedServer({ storage: storage(), webhookTargets: [receiver.origin] })
  await postsTo(first.owner, receiver)
  await first.running[Symbol.asyncDispose]()
  await using second = await RunningServer.start({ storage: storage(), webhookTargets: ['public'] })
  const owner = await second.connect()
  await owner.authenticate('auth.login', { name: 'owner', password: PASSWORD })
  await say(owner, ['one'])
  await expect.poll(() => failingSince(owner)).toBeDefined()
  expect(receiver.posts.all).toEqual([])
})
