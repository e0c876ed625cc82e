import { LIMITS, type PresenceStatus } from '@arclight/core/protocol'
import { checkEqual, checkThat } from '../../check.ts'
import type { ServerContext } from '../context.ts'
import { withChannel } from '../own-channel.ts'
import type { Peer } from '../peer.ts'
import { type ServerCase, serverCase } from '../server-case.ts'

const NEEDS = { needs: ['presence'] } as const
/** Typing is tried in a channel where nobody else types or writes. */
const IN_A_CHANNEL = { needs: ['presence', 'channels'], pace: 'alone' } as const
const NOWHERE = 'conformance-no-channel'
/** A server may look at what is over a few times a second only. */
const SLACK_MS = 3_000

/** Two users in a channel of the case's own. */
async function inChannel(
  context: ServerContext,
  use: (typist: Peer, listener: Peer, channel: string) => Promise<void>,
): Promise<void> {
  const owner = await context.signInOwner()
  await withChannel({ context, owner }, {}, async ({ id: channel }) => {
    const typist = await context.signInMember()
    for (const peer of [owner, typist]) await peer.ask('channel.join', { channel })
    await use(typist, owner, channel)
  })
}

/** Waits for the news that exactly these type. */
async function hears(listener: Peer, channel: string, users: readonly string[], withinMs?: number): Promise<void> {
  const { users: named } = await listener.event('typing.changed', (data) => data.channel === channel, withinMs)
  checkEqual(
    named.map(({ id }) => id),
    users,
    'who types',
  )
}

/** Waits for the news of a user. */
async function shown(watcher: Peer, user: string, status: PresenceStatus, withinMs?: number): Promise<void> {
  await watcher.event('presence.changed', (data) => data.user.id === user && data.status === status, withinMs)
}

/** What came about a user so far. */
function newsOf(watcher: Peer, user: string): PresenceStatus[] {
  return watcher
    .events('presence.changed')
    .filter((data) => data.user.id === user)
    .map(({ status }) => status)
}

/** Who is there, and who types. */
export const presenceCases: readonly ServerCase[] = [
  serverCase('TYPE-1.tells', 'typing.set tells everybody in the channel who types', IN_A_CHANNEL, async (context) => {
    await inChannel(context, async (typist, listener, channel) => {
      const { id } = context.member()
      await typist.ask('typing.set', { channel, typing: true })
      for (const peer of [listener, typist]) await hears(peer, channel, [id])
      await listener.ask('typing.set', { channel, typing: true })
      for (const peer of [listener, typist]) await hears(peer, channel, [id, context.owner.id])
      await typist.ask('typing.set', { channel, typing: false })
      await hears(listener, channel, [context.owner.id])
      const late = await context.signInMember(2)
      await late.ask('channel.join', { channel })
      await hears(late, channel, [context.owner.id])
      await listener.ask('typing.set', { channel, typing: false })
      await hears(late, channel, [])
    })
  }),
  serverCase('TYPE-1.not-found', 'in a channel that does not exist nobody types', NEEDS, async (context) => {
    const peer = await context.signIn()
    await peer.refused('typing.set', { channel: NOWHERE, typing: true }, 'not_found', 'of a channel that is not there')
  }),
  serverCase(
    'TYPE-1.archived',
    'nor in one that takes no messages',
    { ...IN_A_CHANNEL, also: ['CHAN-8'] },
    async (context) => {
      await inChannel(context, async (typist, owner, channel) => {
        await owner.ask('channel.update', { channel, archived: true })
        await typist.refused('typing.set', { channel, typing: true }, 'forbidden', 'of an archived channel')
      })
    },
  ),
  serverCase(
    'TYPE-2.message',
    'somebody types no longer with a message of theirs, or without their connection',
    IN_A_CHANNEL,
    async (context) => {
      await inChannel(context, async (typist, listener, channel) => {
        const { id } = context.member()
        await typist.ask('typing.set', { channel, typing: true })
        await hears(listener, channel, [id])
        await context.say(typist, 1, channel)
        await hears(listener, channel, [])
        await typist.ask('typing.set', { channel, typing: true })
        await hears(listener, channel, [id])
        await typist.close()
        await hears(listener, channel, [])
      })
    },
  ),
  serverCase('TYPE-2.time', 'nor 6 s after they last said so', IN_A_CHANNEL, async (context) => {
    await inChannel(context, async (typist, listener, channel) => {
      await typist.ask('typing.set', { channel, typing: true })
      const from = performance.now()
      await hears(listener, channel, [context.member().id])
      await hears(listener, channel, [], LIMITS.typingMs + SLACK_MS)
      const took = performance.now() - from
      checkThat(took > LIMITS.typingMs / 2, `about ${LIMITS.typingMs} ms until nobody types`, `${took.toFixed(0)} ms`)
    })
  }),
  serverCase('PRES-1.watch', 'presence.watch gives who is there, and then each change', NEEDS, async (context) => {
    const [watcher, other] = [await context.signIn(), await context.register()]
    const { user } = other.granted
    const { present, count } = await watcher.ask('presence.watch', {})
    checkThat(count >= present.length, 'a count of all who are there', { count, present: present.length })
    const both = [context.account().id, user.id]
    const found = both.map((id) => present.find((one) => one.user.id === id)?.status)
    if (present.length < LIMITS.presentUsers) checkThat(!found.includes(undefined), 'both who are there', present)
    await other.peer.ask('presence.set', { status: 'busy' })
    await shown(watcher, user.id, 'busy')
    await other.peer.settle()
    checkEqual(newsOf(other.peer, user.id), [], 'news for whoever does not watch')
    await watcher.ask('presence.unwatch', {})
    await other.peer.ask('presence.set', { status: 'away' })
    await watcher.settle()
    checkEqual(newsOf(watcher, user.id).includes('away'), false, 'whether news come after presence.unwatch')
  }),
  serverCase(
    'PRES-2.stays',
    'a user is there until 10 s after their last connection is gone',
    { ...NEEDS, pace: 'slow' },
    async (context) => {
      const watcher = await context.signIn()
      await watcher.ask('presence.watch', {})
      const { peer, account } = await context.register()
      await shown(watcher, account.id, 'online')
      const second = await context.withToken(account.token)
      await peer.close()
      await second.close()
      const from = performance.now()
      await shown(watcher, account.id, 'offline', LIMITS.presenceAbsenceMs + SLACK_MS)
      const took = performance.now() - from
      checkThat(took > LIMITS.presenceAbsenceMs / 2, `about ${LIMITS.presenceAbsenceMs} ms`, `${took.toFixed(0)} ms`)
      checkEqual(newsOf(watcher, account.id), ['online', 'offline'], 'what was told of them')
    },
  ),
  serverCase('PRES-2.returns', 'who comes back within it never left', { ...NEEDS, pace: 'slow' }, async (context) => {
    const watcher = await context.signIn()
    await watcher.ask('presence.watch', {})
    const { peer, account } = await context.register()
    await shown(watcher, account.id, 'online')
    await peer.close()
    const [back, later] = [await context.withToken(account.token), await context.register()]
    // Whoever leaves now is told of after whoever left before.
    await later.peer.close()
    await shown(watcher, later.account.id, 'offline', LIMITS.presenceAbsenceMs + SLACK_MS)
    checkEqual(newsOf(watcher, account.id), ['online'], 'what was told of who came back')
    await back.ask('presence.set', { status: 'busy' })
    await shown(watcher, account.id, 'busy')
  }),
  serverCase('PRES-3.hidden', 'with offline a user is not shown, on any connection', NEEDS, async (context) => {
    const watcher = await context.signIn()
    await watcher.ask('presence.watch', {})
    const { peer, account } = await context.register()
    await shown(watcher, account.id, 'online')
    await peer.ask('presence.set', { status: 'offline' })
    await shown(watcher, account.id, 'offline')
    const second = await context.withToken(account.token)
    const { present } = await watcher.ask('presence.watch', {})
    checkEqual(
      present.some(({ user }) => user.id === account.id),
      false,
      'whether presence.watch has who hides',
    )
    await second.ask('presence.set', { status: 'online' })
    await shown(watcher, account.id, 'online')
    checkEqual(newsOf(watcher, account.id), ['online', 'offline', 'online'], 'what was told of them')
  }),
]
