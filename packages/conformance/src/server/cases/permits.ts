import { type ChannelPermission, PERMISSIONS, type Permit } from '@arclight/core/protocol'
import { checkEqual, checkHas } from '../../check.ts'
import { orderOf, requestsOf, withChannel } from '../own-channel.ts'
import { allow, MIDDLE, ROLES, withHolder, withRole } from '../own-role.ts'
import type { Peer } from '../peer.ts'
import { type ServerCase, serverCase } from '../server-case.ts'

/** What is said of somebody. */
type Said = Partial<Pick<Permit, 'allow' | 'deny'>>
type Subject = { readonly role: string } | { readonly user: string }

/** What the channel says of a role or a user from here on. */
async function permit(peer: Peer, channel: string, subject: Subject, { allow = [], deny = [] }: Said): Promise<void> {
  await peer.ask('permit.set', { channel, ...subject, allow, deny })
}

/** What channels say of roles and users. */
export const permitCases: readonly ServerCase[] = [
  serverCase('PERM-1.role', 'a channel adds to what a role allows, and takes away', ROLES, async (context) => {
    const owner = await context.signInOwner()
    await withHolder({ context, owner }, { permissions: ['read', 'send'] }, async (holder, { id: role }) => {
      await withChannel({ context, owner }, {}, async ({ id: channel }) => {
        await withChannel({ context, owner }, {}, async ({ id: other }) => {
          const [said] = await context.say(holder, 1, channel)
          const pin = { channel, seq: said?.seq ?? 0, on: true }
          await holder.refused('message.pin', pin, 'forbidden', 'by a role without pin')
          await permit(owner, channel, { role }, { allow: ['pin'], deny: ['send'] })
          await holder.ask('message.pin', pin)
          const message = { channel, clientId: context.unique(), text: 'conformance: not here' }
          await holder.refused('message.send', message, 'forbidden', 'where the channel denies it')
          await context.say(holder, 1, other)
          await context.say(owner, 1, channel)
          await permit(owner, channel, { role: 'guest' }, { deny: ['pin'] })
          await holder.ask('message.pin', { ...pin, on: false })
        })
      })
    })
  }),
  serverCase('PERM-1.user', 'what it says of the user counts last', ROLES, async (context) => {
    const owner = await context.signInOwner()
    const user = context.member().id
    await withHolder({ context, owner }, { permissions: ['read', 'react'] }, async (holder, { id: role }) => {
      await withChannel({ context, owner }, {}, async ({ id: channel }) => {
        const [said] = await context.say(owner, 1, channel)
        const at = { channel, seq: said?.seq ?? 0 }
        await permit(owner, channel, { user }, { allow: ['send'], deny: ['pin', 'react'] })
        await permit(owner, channel, { role }, { allow: ['pin'], deny: ['send'] })
        await context.say(holder, 1, channel)
        await holder.refused('message.pin', { ...at, on: true }, 'forbidden', 'where it is denied the user')
        await holder.refused(
          'message.react',
          { ...at, emoji: '👍', on: true },
          'forbidden',
          'where it is denied the user',
        )
        await permit(owner, channel, { user }, {})
        await holder.ask('message.pin', { ...at, on: true })
      })
    })
  }),
  serverCase('PERM-1.read', 'without read nothing is left', { ...ROLES, also: ['CHAN-3'] }, async (context) => {
    const owner = await context.signInOwner()
    await withHolder({ context, owner }, { permissions: PERMISSIONS }, async (holder, { id: role }) => {
      await withChannel({ context, owner }, {}, async ({ id: channel }) => {
        const said = await context.say(owner, 1, channel)
        await permit(owner, channel, { role }, { allow: ['send', 'manageChannel', 'admit'], deny: ['read'] })
        for (const [type, data] of requestsOf(context, channel)) {
          await holder.refused(type, data, 'not_found', 'of a channel that the role may not read')
        }
        const at = { channel, seq: said[0]?.seq ?? 0 }
        await holder.refused('message.delete', at, 'not_found', 'of a channel that the role may not read')
        await holder.refused('permit.list', { channel }, 'not_found', 'of a channel that the role may not read')
        checkEqual((await orderOf(holder)).includes(channel), false, 'whether channel.list has it')
        await permit(owner, channel, { user: context.member().id }, { allow: ['read'] })
        await holder.ask('history.page', { channel })
      })
    })
  }),
  serverCase(
    'PERM-1.private',
    'a private channel is for its members and whom it lets in, whatever others’ role allows',
    { ...ROLES, also: ['MEMB-1'] },
    async (context) => {
      const owner = await context.signInOwner()
      await withHolder({ context, owner }, { permissions: PERMISSIONS }, async (holder, { id: role }) => {
        await withChannel({ context, owner }, { private: true }, async ({ id: channel }) => {
          await holder.refused('history.page', { channel }, 'not_found', 'of a private channel')
          await permit(owner, channel, { role }, { allow: ['send'] })
          await holder.refused('history.page', { channel }, 'not_found', 'where it does not let them read')
          await permit(owner, channel, { role }, { allow: ['read'] })
          await context.say(holder, 1, channel)
          await permit(owner, channel, { role }, {})
          await permit(owner, channel, { user: context.member().id }, { allow: ['read'] })
          await context.say(holder, 1, channel)
        })
        const name = context.unique()
        const { channel: own } = await holder.ask('channel.create', { kind: 'text', name, private: true })
        checkHas(await owner.request('history.page', { channel: own.id }), { data: {} }, 'what the owner reads of it')
        await owner.ask('channel.delete', { channel: own.id })
      })
    },
  ),
  serverCase(
    'PERM-1.direct',
    'in a direct channel no role counts, for more or for less',
    { ...ROLES, also: ['DIRECT-2', 'PERM-2'] },
    async (context) => {
      const [owner, other] = [await context.signInOwner(), await context.signInMember(2)]
      await withHolder({ context, owner }, { permissions: ['direct'] }, async (holder, role) => {
        const { channel } = await holder.ask('direct.open', { users: [context.member(2).id] })
        await context.say(holder, 1, channel.id)
        await allow(owner, role, PERMISSIONS)
        const [said] = await context.say(other, 1, channel.id)
        const at = { channel: channel.id, seq: said?.seq ?? 0 }
        await holder.refused('message.delete', at, 'forbidden', 'of another’s message in a direct channel')
        const asked = { channel: channel.id, role: 'member', allow: [], deny: ['send'] }
        await holder.refused('permit.set', asked, 'forbidden', 'in a direct channel')
      })
    },
  ),
  serverCase('PERM-2.set', 'what is said takes the place of what was said before', ROLES, async (context) => {
    const owner = await context.signInOwner()
    const user = context.member().id
    await withRole({ context, owner }, { permissions: [] }, async ({ id: role }) => {
      await withChannel({ context, owner }, {}, async ({ id: channel }) => {
        const all = async () => (await owner.ask('permit.list', { channel })).permits
        checkEqual(await all(), [], 'what a new channel says')
        await permit(owner, channel, { user }, { allow: ['send'] })
        await permit(owner, channel, { role }, { allow: ['pin'], deny: ['react'] })
        const ofRole = { role, allow: ['pin'], deny: ['react'] }
        checkEqual(await all(), [ofRole, { user, allow: ['send'], deny: [] }], 'what it says, of roles first')
        await permit(owner, channel, { user }, { deny: ['talk'] })
        checkEqual(await all(), [ofRole, { user, allow: [], deny: ['talk'] }], 'what it says of the user instead')
        await permit(owner, channel, { role }, {})
        await permit(owner, channel, { user }, {})
        checkEqual(await all(), [], 'what it says when both lists are empty')
      })
      await withChannel({ context, owner }, {}, async ({ id: channel }) => {
        await permit(owner, channel, { role }, { allow: ['pin'] })
        await owner.ask('role.delete', { role })
        checkEqual((await owner.ask('permit.list', { channel })).permits, [], 'what it says of a role that is gone')
      })
    })
  }),
  serverCase('PERM-2.refused', 'what does not fit is refused', ROLES, async (context) => {
    const owner = await context.signInOwner()
    const user = context.member().id
    await withChannel({ context, owner }, {}, async ({ id: channel }) => {
      const nothing = { channel, allow: [], deny: [] }
      const refusals: [data: object, code: 'bad_request' | 'not_found' | 'forbidden', why: string][] = [
        [nothing, 'bad_request', 'of nobody'],
        [{ ...nothing, role: 'guest', user }, 'bad_request', 'of two at once'],
        [
          { ...nothing, role: 'guest', allow: ['pin', 'send'], deny: ['react', 'send'] },
          'bad_request',
          'with a word in both',
        ],
        [{ ...nothing, role: 'guest', allow: ['ban'] }, 'bad_request', 'with a word that is no channel’s'],
        [{ ...nothing, role: 'conformance-no-role' }, 'not_found', 'of no role'],
        [{ ...nothing, user: 'conformance-nobody' }, 'not_found', 'of no user'],
        [{ ...nothing, channel: 'conformance-nowhere', role: 'guest' }, 'not_found', 'in no channel'],
        [{ ...nothing, role: 'owner' }, 'forbidden', 'of the owner’s role'],
        [{ ...nothing, user: context.owner.id }, 'forbidden', 'of the owner'],
      ]
      for (const [data, code, why] of refusals) await owner.refused('permit.set', data, code, why)
    })
  }),
  serverCase(
    'PERM-2.rank',
    'nobody says anything without manageChannel, of who stands as high, or of what they may not there',
    ROLES,
    async (context) => {
      const owner = await context.signInOwner()
      const scene = { context, owner }
      const user = context.member().id
      await withRole(scene, { permissions: [], rank: MIDDLE + 1 }, async ({ id: above }) => {
        await withRole(scene, { permissions: [], rank: MIDDLE - 1 }, async ({ id: below }) => {
          await withHolder(scene, { permissions: ['read', 'send', 'ban'] }, async (holder, { id: own }) => {
            await withChannel(scene, {}, async ({ id: channel }) => {
              const refused = (subject: Subject, deny: ChannelPermission[], why: string) =>
                holder.refused('permit.set', { channel, ...subject, allow: [], deny }, 'forbidden', why)
              await refused({ role: below }, ['send'], 'without manageChannel')
              await holder.refused('permit.list', { channel }, 'forbidden', 'without manageChannel')
              await permit(owner, channel, { user }, { allow: ['manageChannel'] })
              for (const role of [own, above]) await refused({ role }, ['send'], 'of a role as high, or higher')
              for (const one of [user, context.owner.id])
                await refused({ user: one }, ['send'], 'of who stands as high')
              await refused({ role: below }, ['pin'], 'of what one may not')
              const asked = { channel, role: below, allow: ['pin'], deny: [] }
              await holder.refused('permit.set', asked, 'forbidden', 'of what one may not')
              await permit(owner, channel, { role: below }, { deny: ['pin'] })
              await refused({ role: below }, [], 'that takes back what one may not')
              await permit(owner, channel, { role: below }, {})
              await permit(holder, channel, { role: below }, { allow: ['manageChannel'], deny: ['send'] })
              checkEqual((await holder.ask('permit.list', { channel })).permits.length, 2, 'how much the channel says')
            })
          })
        })
      })
    },
  ),
  serverCase(
    'PERM-2.at-once',
    'it counts at once: the channel goes and comes for whom it is about',
    { ...ROLES, also: ['CHAN-7', 'ROLE-3'] },
    async (context) => {
      const [owner, other] = [await context.signInOwner(), await context.signInMember(2)]
      const user = context.member().id
      await withHolder({ context, owner }, { permissions: ['read'] }, async (holder, { id: role }) => {
        await withChannel({ context, owner }, {}, async ({ id: channel }) => {
          for (const subject of [{ user }, { role }]) {
            await holder.event('channel.changed', (data) => data.channel.id === channel)
            await permit(owner, channel, subject, { deny: ['read'] })
            await holder.event('channel.removed', (data) => data.channel === channel)
            await holder.refused('channel.join', { channel }, 'not_found', 'where read is denied')
            await permit(owner, channel, subject, {})
          }
          await holder.event('channel.changed', (data) => data.channel.id === channel)
          await other.settle()
          checkEqual(other.events('channel.removed'), [], 'removals for others')
        })
      })
    },
  ),
  serverCase(
    'PERM-2.voice',
    'who is denied to talk has left the voice of that channel',
    { ...ROLES, needs: ['roles', 'voice'], also: ['ROLE-3'] },
    async (context) => {
      const owner = await context.signInOwner()
      const user = context.member().id
      await withHolder({ context, owner }, { permissions: ['read', 'talk'] }, async (holder) => {
        await withChannel({ context, owner }, { kind: 'voice' }, async ({ id: channel }) => {
          const state = { channel, muted: false, deafened: false }
          await owner.ask('voice.join', { ...state, device: 'd' })
          const { member } = await holder.ask('voice.join', { ...state, device: 'd' })
          await permit(owner, channel, { user }, { deny: ['talk'] })
          await owner.event('voice.left', (data) => data.channel === channel && data.member === member)
          await holder.refused('voice.join', { ...state, device: 'd' }, 'forbidden', 'where talk is denied')
        })
      })
    },
  ),
]
