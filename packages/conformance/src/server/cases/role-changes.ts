import type { Role } from '@arclight/core/protocol'
import { checkEqual, checkThat } from '../../check.ts'
import { withChannel } from '../own-channel.ts'
import { allow, ROLES, roleOf, rolesOf, withHolder, withRole } from '../own-role.ts'
import { type ServerCase, serverCase } from '../server-case.ts'

/** What comes of it when roles change, at once. */
export const roleChangeCases: readonly ServerCase[] = [
  serverCase(
    'ROLE-2.delete',
    'the users of a role that was deleted are members',
    { ...ROLES, also: ['ROLE-3'] },
    async (context) => {
      const owner = await context.signInOwner()
      await withHolder({ context, owner }, { permissions: ['audit'] }, async (holder, { id: role }) => {
        const { name } = context.member()
        checkEqual(await roleOf(owner, name), role, 'the role of who was given one')
        await holder.ask('audit.list', {})
        await owner.ask('role.delete', { role })
        await holder.event('account.changed', ({ user }) => user.role === 'member')
        checkEqual(await roleOf(owner, name), 'member', 'their role when it is gone')
        const back = await context.connect()
        const { user } = await back.ask('auth.token', { token: context.member().token })
        checkEqual(user.role, 'member', 'their role when they come back')
        const members = (await rolesOf(owner)).find(({ id }) => id === 'member')
        if (members?.permissions.includes('audit')) context.skip('here members may read the audit log')
        await holder.refused('audit.list', {}, 'forbidden', 'by who has lost the role')
      })
    },
  ),
  serverCase('ROLE-3.told', 'everybody signed in gets all roles when they change', ROLES, async (context) => {
    const [owner, member] = [await context.signInOwner(), await context.signInMember()]
    const stranger = await context.connect()
    let before: Role[] = []
    const told = async (expected: (roles: readonly Role[]) => boolean) => {
      const now = await rolesOf(owner)
      checkThat(expected(now), 'role.list with what has changed', now)
      for (const peer of [owner, member]) {
        const event = await peer.event('role.changed', ({ roles }) => expected(roles))
        checkEqual(event.roles, now, 'the roles of role.changed')
      }
      before = now
    }
    before = await rolesOf(owner)
    let id = ''
    await withRole({ context, owner }, { permissions: ['read'] }, async (role) => {
      id = role.id
      await told((roles) => roles.some((one) => one.id === id && one.permissions.length === 1))
      await allow(owner, role, [])
      await told((roles) => roles.some((one) => one.id === id && one.permissions.length === 0))
    })
    await told((roles) => !roles.some((one) => one.id === id) && roles.length < before.length)
    await stranger.settle()
    checkEqual(stranger.events('role.changed'), [], 'events of whoever is not signed in')
  }),
  serverCase(
    'ROLE-3.account',
    'who has another role is told on all connections, and nobody else',
    ROLES,
    async (context) => {
      const [owner, another, other] = [
        await context.signInOwner(),
        await context.signInMember(),
        await context.signInMember(2),
      ]
      const { id, name } = context.member()
      await withHolder({ context, owner }, { permissions: [] }, async (holder, { id: role }) => {
        for (const peer of [holder, another]) {
          const { user } = await peer.event('account.changed', (data) => data.user.role === role)
          checkEqual(user, { id, name, role }, 'the account of account.changed')
        }
        for (const peer of [owner, other]) {
          await peer.settle()
          checkEqual(peer.events('account.changed'), [], 'events for others')
        }
      })
    },
  ),
  serverCase(
    'ROLE-3.channels',
    'channels that become theirs, or cease to be, are told at once',
    { ...ROLES, also: ['ROLE-1', 'CHAN-7', 'CHAN-3'] },
    async (context) => {
      const owner = await context.signInOwner()
      await withHolder({ context, owner }, { permissions: ['read'] }, async (holder, role) => {
        await withChannel({ context, owner }, {}, async ({ id: channel }) => {
          await holder.ask('channel.join', { channel })
          await holder.event('channel.changed', (data) => data.channel.id === channel)
          await allow(owner, role, ['send'])
          await holder.event('channel.removed', (data) => data.channel === channel)
          await holder.refused('history.page', { channel }, 'not_found', 'without read')
          await context.say(owner, 1, channel)
          await holder.settle()
          const heard = holder.events('message.created').filter(({ message }) => message.channel === channel)
          checkEqual(heard, [], 'entries of a channel that is gone')
          await allow(owner, role, ['read'])
          await holder.event('channel.changed', (data) => data.channel.id === channel)
          await holder.event('channel.ordered', ({ channels }) => channels.includes(channel))
          await holder.ask('history.page', { channel })
        })
      })
    },
  ),
  serverCase(
    'ROLE-3.voice',
    'who may not talk any more has left the voice',
    { ...ROLES, needs: ['roles', 'voice'] },
    async (context) => {
      const owner = await context.signInOwner()
      await withHolder({ context, owner }, { permissions: ['read', 'talk'] }, async (holder, role) => {
        await withChannel({ context, owner }, { kind: 'voice' }, async ({ id: channel }) => {
          const state = { channel, muted: false, deafened: false }
          await owner.ask('voice.join', { ...state, device: 'd' })
          const { member } = await holder.ask('voice.join', { ...state, device: 'd' })
          await allow(owner, role, ['read'])
          await owner.event('voice.left', (data) => data.channel === channel && data.member === member)
          await holder.refused('voice.update', state, 'not_found', 'of a place that is gone')
          await holder.refused('voice.join', { ...state, device: 'd' }, 'forbidden', 'without talk')
          await allow(owner, role, ['read', 'talk'])
          await holder.ask('voice.join', { ...state, device: 'd' })
        })
      })
    },
  ),
]
