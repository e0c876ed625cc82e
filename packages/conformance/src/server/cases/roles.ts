import { BUILT_IN_ROLES, LIMITS, PERMISSIONS, type Permission } from '@arclight/core/protocol'
import { checkEqual, checkHas } from '../../check.ts'
import type { ServerContext } from '../context.ts'
import { withChannel } from '../own-channel.ts'
import { allow, MIDDLE, ROLES, roleOf, rolesOf, withHolder, withRole } from '../own-role.ts'
import { type ServerCase, serverCase } from '../server-case.ts'

const NOBODY = 'conformance-nobody'
const NO_ROLE = 'conformance-no-role'
/** Of these the data names nobody. */
const NO_SUCH_USER = ['user.kick', 'user.ban', 'user.unban', 'role.give']

/** What takes which permission of the server's, and changes nothing but that there is a direct channel. */
function requestsByPermission(
  context: ServerContext,
  plain: string,
): [needs: Permission, type: string, data: object][] {
  const { capabilities } = context.target
  const bots: [Permission, string, object][] = [
    ['manageServer', 'bot.list', {}],
    ['manageServer', 'webhook.list', {}],
  ]
  return [
    ['kick', 'user.kick', { user: NOBODY }],
    ['ban', 'user.ban', { user: NOBODY }],
    ['ban', 'user.unban', { user: NOBODY }],
    ['ban', 'ban.list', {}],
    ['audit', 'audit.list', {}],
    ['manageRoles', 'role.give', { user: NOBODY, role: plain }],
    ...(capabilities.has('bots') ? bots : []),
    ['direct', 'direct.open', { users: [context.member(2).id] }],
  ]
}

function allBut(permission: Permission): Permission[] {
  return PERMISSIONS.filter((one) => one !== permission)
}

/** Roles, and what nobody does with them. */
export const roleCases: readonly ServerCase[] = [
  serverCase('ROLE-1.list', 'role.list gives anybody the roles, the highest first', ROLES, async (context) => {
    const [owner, member] = [await context.signInOwner(), await context.signInMember()]
    await withRole({ context, owner }, { permissions: ['read'] }, async (made) => {
      const roles = await rolesOf(member)
      const ranks = roles.map(({ rank }) => rank)
      checkEqual(
        ranks,
        ranks.toSorted((one, other) => other - one),
        'the ranks in their order',
      )
      for (const id of BUILT_IN_ROLES) {
        checkHas(
          roles.find((role) => role.id === id),
          { builtIn: true },
          `the role ${id}`,
        )
      }
      checkHas(roles[0], { id: 'owner', rank: 1_000 }, 'the highest role')
      checkEqual(roles[0]?.permissions.toSorted(), PERMISSIONS.toSorted(), 'what the owner may')
      checkEqual(
        roles.find(({ id }) => id === made.id),
        made,
        'a role that was made',
      )
      checkEqual(await roleOf(member, context.owner.name), 'owner', 'the role of the owner in user.list')
      if (!context.target.fresh) return
      const [admin] = roles.filter(({ id }) => id === 'admin')
      checkEqual(admin?.permissions.toSorted(), PERMISSIONS.toSorted(), 'what an admin may at first')
      const known = roles.filter(({ id }) => id !== made.id).map(({ id, rank }) => [id, rank])
      const expected = [
        ['owner', 1_000],
        ['admin', 900],
        ['moderator', 500],
        ['member', 100],
        ['guest', 1],
      ]
      checkEqual(known, expected, 'the roles of a new server')
      checkEqual(context.member().role, 'member', 'the role of somebody who registered')
    })
  }),
  serverCase(
    'ROLE-1.forbidden',
    'a request that takes a permission of the server is forbidden without, and passes with it',
    { ...ROLES, also: ['MOD-1', 'MOD-2', 'AUDIT-1', 'ROLE-2'] },
    async (context) => {
      const owner = await context.signInOwner()
      await withRole({ context, owner }, { permissions: [], rank: 1 }, async ({ id: plain }) => {
        await withHolder({ context, owner }, { permissions: [] }, async (holder, role) => {
          for (const [needs, type, data] of requestsByPermission(context, plain)) {
            await allow(owner, role, allBut(needs))
            await holder.refused(type, data, 'forbidden', `without ${needs}`)
            await allow(owner, role, [needs])
            if (NO_SUCH_USER.includes(type)) await holder.refused(type, data, 'not_found', `of nobody, with ${needs}`)
            else checkHas(await holder.request(type, data), { data: {} }, `the reply to ${type} with ${needs}`)
          }
        })
      })
    },
  ),
  serverCase(
    'ROLE-1.channels',
    'so do requests that take a permission in a channel',
    { ...ROLES, also: ['CHAN-5', 'MEMB-2', 'EDIT-2', 'PIN-1'] },
    async (context) => {
      const owner = await context.signInOwner()
      await withHolder({ context, owner }, { permissions: ['read'] }, async (holder, role) => {
        const name = context.unique()
        await holder.refused('channel.create', { kind: 'text', name }, 'forbidden', 'without createChannel')
        await withChannel({ context, owner }, { private: true }, async ({ id: channel }) => {
          await owner.ask('member.add', { channel, user: context.member().id })
          const said = await context.say(owner, 1, channel)
          const at = { channel, seq: said[0]?.seq ?? 0 }
          const requests: [needs: Permission, type: string, data: object][] = [
            ['send', 'message.send', { channel, clientId: context.unique(), text: 'conformance: a word' }],
            ['react', 'message.react', { ...at, emoji: '👍', on: true }],
            ['pin', 'message.pin', { ...at, on: true }],
            ['admit', 'member.add', { channel, user: context.owner.id }],
            ['manageChannel', 'channel.update', { channel, topic: 'conformance' }],
            ['moderate', 'message.delete', at],
          ]
          for (const [needs, type, data] of requests) {
            await allow(owner, role, allBut(needs))
            await holder.refused(type, data, 'forbidden', `without ${needs}`)
            await allow(owner, role, ['read', needs])
            checkHas(await holder.request(type, data), { data: {} }, `the reply to ${type} with ${needs}`)
          }
        })
        await allow(owner, role, ['read', 'createChannel'])
        const { channel } = await holder.ask('channel.create', { kind: 'text', name })
        await holder.refused(
          'channel.delete',
          { channel: channel.id },
          'forbidden',
          'of one’s own without manageChannel',
        )
        await owner.ask('channel.delete', { channel: channel.id })
      })
    },
  ),
  serverCase('ROLE-2.change', 'a role is made, changed in part and deleted', ROLES, async (context) => {
    const owner = await context.signInOwner()
    const name = context.unique()
    const { role } = await owner.ask('role.create', { name, rank: 250, permissions: ['send', 'read'] })
    checkHas(role, { name, rank: 250, permissions: ['read', 'send'] }, 'the role that was made')
    const inList = async () => (await rolesOf(owner)).find(({ id }) => id === role.id)
    const update = async (change: object) => (await owner.ask('role.update', { role: role.id, ...change })).role
    checkEqual(await update({ rank: 251 }), { ...role, rank: 251 }, 'the role with another rank')
    checkEqual(await update({ permissions: [] }), { ...role, rank: 251, permissions: [] }, 'and other permissions')
    const renamed = { ...role, rank: 251, permissions: [], name: `${name} 2` }
    checkEqual(await update({ name: `${name} 2` }), renamed, 'and another name')
    checkEqual(await inList(), renamed, 'the role in role.list')
    await owner.ask('role.delete', { role: role.id })
    checkEqual(await inList(), undefined, 'the role that was deleted, in role.list')
    for (const [type, data] of [
      ['role.delete', {}],
      ['role.update', { rank: 1 }],
      ['role.give', { user: context.member().id }],
    ] as const) {
      await owner.refused(type, { ...data, role: role.id }, 'not_found', 'of a role that is gone')
    }
    for (const rank of [0, 1_000, 1.5])
      await owner.refused('role.create', { name, rank, permissions: [] }, 'bad_request', `of rank ${rank}`)
    const permissions = ['read', 'conformance']
    await owner.refused('role.create', { name, rank: 1, permissions }, 'bad_request', 'with a word that is none')
  }),
  serverCase(
    'ROLE-2.conflict',
    'names are unique, and what every server has is not deleted',
    ROLES,
    async (context) => {
      const owner = await context.signInOwner()
      const scene = { context, owner }
      await withRole(scene, { permissions: [] }, async ({ name }) => {
        await owner.refused('role.create', { name, rank: 7, permissions: [] }, 'conflict', 'of a name that is taken')
        await withRole(scene, { permissions: [] }, async ({ id: role }) => {
          await owner.refused('role.update', { role, name }, 'conflict', 'to a name that is taken')
        })
      })
      // A server that is wrong loses a role that nobody of the kit has.
      await owner.refused('role.delete', { role: 'guest' }, 'conflict', 'of a role that every server has')
    },
  ),
  serverCase(
    'ROLE-2.full',
    `a server has ${LIMITS.roles} roles`,
    { ...ROLES, needs: ['roles', 'heavy'] },
    async (context) => {
      const owner = await context.signInOwner()
      const made: string[] = []
      const data = () => ({ name: context.unique(), rank: 1, permissions: [] })
      try {
        for (let left = LIMITS.roles - (await rolesOf(owner)).length; left > 0; left--) {
          made.push((await owner.ask('role.create', data())).role.id)
        }
        await owner.refused('role.create', data(), 'conflict', `as the ${LIMITS.roles + 1}st`)
      } finally {
        for (const role of made) await owner.request('role.delete', { role })
      }
    },
  ),
  serverCase('ROLE-2.rank', 'nobody touches a role or a user of their own rank or above', ROLES, async (context) => {
    const owner = await context.signInOwner()
    const scene = { context, owner }
    const permissions = ['read', 'manageRoles'] as const
    const [self, other] = [context.member(), context.member(2)]
    await withRole(scene, { permissions: [], rank: MIDDLE + 1 }, async ({ id: above }) => {
      await withRole(scene, { permissions: [], rank: MIDDLE - 1 }, async ({ id: below }) => {
        await withHolder(scene, { permissions }, async (holder, own) => {
          const name = context.unique()
          const highest = { name, rank: MIDDLE - 1, permissions: [...permissions] }
          const refused = (type: string, data: object, why: string) => holder.refused(type, data, 'forbidden', why)
          await refused('role.create', { ...highest, rank: MIDDLE }, 'of one’s own rank')
          await refused('role.update', { role: below, rank: MIDDLE }, 'that lifts a role to one’s own rank')
          await refused('role.give', { user: self.id, role: below }, 'to oneself, who stands as high')
          for (const role of [own.id, above, 'owner']) {
            await refused('role.update', { role, name }, 'of a role as high, or higher')
            await refused('role.give', { user: other.id, role }, 'of a role as high, or higher')
          }
          for (const role of [own.id, above]) await refused('role.delete', { role }, 'of a role as high, or higher')
          await owner.ask('role.give', { user: other.id, role: above })
          await refused('role.give', { user: other.id, role: below }, 'to somebody who stands higher')
          await owner.ask('role.give', { user: other.id, role: below })
          await holder.ask('role.give', { user: other.id, role: below })
          await owner.ask('role.give', { user: other.id, role: other.role })
          const { role } = await holder.ask('role.create', highest)
          await holder.ask('role.update', { role: role.id, rank: 1 })
          await holder.ask('role.delete', { role: role.id })
        })
      })
    })
  }),
  serverCase('ROLE-2.powers', 'nobody gives what they do not have', ROLES, async (context) => {
    const owner = await context.signInOwner()
    const scene = { context, owner }
    const name = context.unique()
    await withRole(scene, { permissions: ['kick'], rank: 2 }, async ({ id: kicks }) => {
      await withRole(scene, { permissions: [], rank: 2 }, async ({ id: plain }) => {
        await withHolder(scene, { permissions: ['read', 'manageRoles'] }, async (holder) => {
          const role = { name, rank: 1, permissions: ['read', 'kick'] }
          await holder.refused('role.create', role, 'forbidden', 'with what one does not have')
          await holder.refused('role.update', { role: plain, permissions: ['kick'] }, 'forbidden', 'to such a role')
          const gift = { user: context.member(2).id, role: kicks }
          await holder.refused('role.give', gift, 'forbidden', 'of a role that allows more')
          await holder.ask('role.update', { role: plain, permissions: ['read'] })
        })
      })
    })
  }),
  serverCase('ROLE-2.owner', 'the owner’s role is nobody’s to give or take', ROLES, async (context) => {
    const owner = await context.signInOwner()
    const member = context.member()
    await owner.refused('role.give', { user: member.id, role: 'owner' }, 'forbidden', 'of the owner’s role')
    await owner.refused('role.give', { user: context.owner.id, role: member.role }, 'forbidden', 'to the owner')
    await owner.refused('role.update', { role: 'owner', permissions: [] }, 'forbidden', 'of the owner’s role')
    checkEqual(await roleOf(owner, context.owner.name), 'owner', 'the role of the owner')
    await owner.refused('role.give', { user: NOBODY, role: 'guest' }, 'not_found', 'to nobody')
    await owner.refused('role.give', { user: member.id, role: NO_ROLE }, 'not_found', 'of no role')
  }),
]
