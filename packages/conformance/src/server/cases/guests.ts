import { checkEqual, checkHas, checkThat } from '../../check.ts'
import type { ServerContext } from '../context.ts'
import { roleOf } from '../own-role.ts'
import { type ServerCase, serverCase } from '../server-case.ts'

const GUESTS = { needs: ['guests'] } as const
const DAY_MS = 86_400_000
const PASSWORD = 'conformance: long enough'

/** A guest of the case's own. */
async function enter(context: ServerContext, data: { name?: string } = {}) {
  const peer = await context.connect()
  return { peer, ...(await peer.ask('auth.guest', data)) }
}

/** Who comes in without a password, and stays. */
export const guestCases: readonly ServerCase[] = [
  serverCase('AUTH-15.enter', 'a guest has a free name, the role guest and a day', GUESTS, async (context) => {
    const { hello } = await context.greeted()
    const name = context.unique()
    const first = await enter(context, { name })
    checkHas(first.user, { name, role: 'guest', guest: true }, 'a guest with a free name')
    const second = await enter(context, { name })
    checkThat(second.user.name !== name, 'another name than one that is taken', second.user.name)
    const third = await enter(context)
    checkThat(third.user.name.length >= 2, 'a name', third.user.name)
    const left = first.expiresAt - hello.clock.wall
    checkThat(left > 0 && left < DAY_MS + 600_000, 'a session of a day at most', `${left} ms`)
    const again = await context.withToken(first.token)
    const data = { channel: context.text.id, clientId: context.unique(), text: 'conformance: of a guest' }
    const { message } = await again.ask('message.send', data)
    checkEqual(message.author.id, first.user.id, 'the author of a guest’s message')
    if (context.target.capabilities.has('channels')) {
      checkEqual(await roleOf(again, name), 'guest', 'the role that everybody sees')
      await again.refused('direct.open', { users: [context.account().id] }, 'forbidden', 'of a guest, who may not')
    }
  }),
  serverCase('AUTH-16.claim', 'a guest takes a name and a password, and keeps all else', GUESTS, async (context) => {
    const { peer, user, token } = await enter(context)
    const other = await context.signIn(1)
    const data = { channel: context.text.id, clientId: context.unique(), text: 'conformance: before' }
    await peer.ask('message.send', data)
    const taken = { name: context.account(1).name, password: PASSWORD }
    await peer.refused('account.claim', taken, 'conflict', 'of a name that is taken')
    const name = context.unique()
    const claimed = await peer.ask('account.claim', { name, password: PASSWORD })
    checkEqual(claimed.user, { id: user.id, name, role: 'member' }, 'who the guest is from there on')
    const seen = await other.event('user.changed', (changed) => changed.user.id === user.id)
    checkEqual(seen.user.name, name, 'the name that everybody is told')
    checkEqual((await peer.event('account.changed')).user, claimed.user, 'what the user is told')
    await peer.refused('account.claim', { name, password: PASSWORD }, 'conflict', 'of who is no guest any more')
    await other.refused('account.claim', { name: context.unique(), password: PASSWORD }, 'conflict', 'of a member')
    const { message } = await peer.ask('message.send', data)
    checkHas(message.author, { id: user.id, name }, 'the author of what the guest wrote')
    const late = await context.connect()
    checkEqual((await late.ask('auth.login', { name, password: PASSWORD })).user.id, user.id, 'who logs in')
    await context.withToken(token)
    if (context.target.capabilities.has('channels')) {
      checkEqual(await roleOf(peer, name), 'member', 'the role that everybody sees')
      await peer.ask('direct.open', { users: [context.account(2).id] })
    }
  }),
  serverCase(
    'AUTH-16.role',
    'a guest who was given another role keeps it',
    { needs: ['guests', 'roles', 'channels'], pace: 'alone' },
    async (context) => {
      const owner = await context.signInOwner()
      const { peer, user } = await enter(context)
      await owner.ask('role.give', { user: user.id, role: 'moderator' })
      const name = context.unique()
      const claimed = await peer.ask('account.claim', { name, password: PASSWORD })
      checkEqual(claimed.user.role, 'moderator', 'the role of who was given one')
      await owner.ask('role.give', { user: user.id, role: 'member' })
    },
  ),
]
