import { BUILT_IN_ROLES, CHANNEL_PERMISSIONS, type ChannelPermission, type Permission } from '@arclight/core/protocol'
import { expect, test } from 'vitest'
import { type ChannelFacts, type ChannelPermit, may, mayHave, type Who } from '../../src/permissions/may.ts'
import { ALL, NONE, toNames, toSet } from '../../src/permissions/permission-set.ts'

const OF_MEMBERS: readonly Permission[] = ['read', 'send', 'attach', 'react', 'talk', 'record', 'direct']
const OWNER: Who = { id: 'owner', role: { id: 'owner', rank: 1_000, permissions: ALL } }
const ADMIN: Who = { id: 'ann', role: { id: 'admin', rank: 900, permissions: ALL } }
const MEMBER: Who = { id: 'mei', role: { id: 'member', rank: 100, permissions: toSet(OF_MEMBERS) } }
const STRANGER: Who = { ...MEMBER, id: 'li' }
const MUTE: Who = { id: 'wu', role: { id: 'mute', rank: 50, permissions: toSet(['read']) } }
const NOBODY: Who = { id: 'no', role: { id: 'none', rank: 0, permissions: NONE } }

const IN_OPEN: readonly ChannelPermission[] = ['read', 'send', 'attach', 'react', 'talk', 'record']
const IN_DIRECT: readonly ChannelPermission[] = ['read', 'send', 'attach', 'react', 'pin', 'manageChannel', 'admit']
const IN_ARCHIVE: readonly ChannelPermission[] = ['read', 'manageChannel', 'admit']

interface Subject {
  readonly role?: string
  readonly user?: string
  readonly allow?: readonly ChannelPermission[]
  readonly deny?: readonly ChannelPermission[]
}

function channel(
  summary: Partial<ChannelFacts['summary']>,
  { members, permits = [] }: { members?: readonly string[]; permits?: readonly Subject[] } = {},
): ChannelFacts {
  return {
    summary: { id: 'c', kind: 'text', name: 'c', epoch: 'e', head: 0, ...summary },
    members: members && new Map(members.map((id) => [id, id])),
    permits: permits.map(({ allow = [], deny = [], ...subject }): ChannelPermit => {
      return { ...subject, allow: toSet(allow), deny: toSet(deny) }
    }),
  }
}

function wishesOf(who: Who, facts: ChannelFacts): ChannelPermission[] {
  return CHANNEL_PERMISSIONS.filter((to) => may(who, { to, channel: facts }))
}

const OPEN = channel({})
const PRIVATE = channel({ private: true }, { members: ['mei'] })
const DIRECT = channel({ kind: 'direct' }, { members: ['mei', 'wang'] })
const ALLOW_ALL = channel(
  { kind: 'direct' },
  { members: ['wang'], permits: [{ user: 'mei', allow: CHANNEL_PERMISSIONS }] },
)

const quiet = (deny: readonly ChannelPermission[], more: readonly Subject[] = []) =>
  channel({}, { permits: [{ role: 'member', deny }, ...more] })
const opened = (permits: readonly Subject[]) => channel({ private: true }, { members: ['mei'], permits })

test.each([
  ['the owner in an open channel', OWNER, OPEN, CHANNEL_PERMISSIONS],
  ['an admin in an open channel', ADMIN, OPEN, CHANNEL_PERMISSIONS],
  ['a member in an open channel', MEMBER, OPEN, IN_OPEN],
  ['[ROLE-1] whose role allows nothing but reading', MUTE, OPEN, ['read']],
  ['[ROLE-1] whose role allows nothing', NOBODY, OPEN, []],
  ['[MEMB-1] the owner in a private channel', OWNER, PRIVATE, CHANNEL_PERMISSIONS],
  ['[MEMB-1] a member in a private channel', MEMBER, PRIVATE, IN_OPEN],
  ['[MEMB-1] a stranger in a private channel', STRANGER, PRIVATE, []],
  ['[MEMB-1] an admin in a private channel', ADMIN, PRIVATE, []],
  ['[DIRECT-2] the owner in somebody’s direct channel', OWNER, DIRECT, []],
  ['[DIRECT-2] one of the two in a direct channel', MEMBER, DIRECT, IN_DIRECT],
  ['[DIRECT-2] a stranger in a direct channel', STRANGER, DIRECT, []],
  ['[DIRECT-2] whom a permit names in a direct channel', MEMBER, ALLOW_ALL, []],
  ['[CHAN-8] the owner in an archived channel', OWNER, channel({ archived: true }), IN_ARCHIVE],
  ['[CHAN-8] a member in an archived channel', MEMBER, channel({ archived: true }), ['read']],
  ['[PERM-1] whose role is denied something', MEMBER, quiet(['send', 'talk']), ['read', 'attach', 'react', 'record']],
  ['[PERM-1] whose role is denied to read', MEMBER, quiet(['read']), []],
  [
    '[PERM-1] who is allowed what their role is denied',
    MEMBER,
    quiet(['send'], [{ user: 'mei', allow: ['send'] }]),
    IN_OPEN,
  ],
  ['[PERM-1] whom another’s permit does not help', STRANGER, quiet(['read'], [{ user: 'mei', allow: ['read'] }]), []],
  [
    '[PERM-1] who is denied what their role is allowed',
    MEMBER,
    channel(
      {},
      {
        permits: [
          { role: 'member', allow: ['pin'] },
          { user: 'mei', deny: ['pin', 'send'] },
        ],
      },
    ),
    ['read', 'attach', 'react', 'talk', 'record'],
  ],
  [
    '[PERM-1] whose role is allowed more',
    MEMBER,
    channel({}, { permits: [{ role: 'member', allow: ['moderate'] }] }),
    ['read', 'send', 'attach', 'react', 'moderate', 'talk', 'record'],
  ],
  [
    '[PERM-1] whose role is let into a private channel',
    STRANGER,
    opened([{ role: 'member', allow: ['read'] }]),
    IN_OPEN,
  ],
  [
    '[PERM-1] who is let into a private channel themselves',
    STRANGER,
    opened([{ user: 'li', allow: ['read'] }]),
    IN_OPEN,
  ],
  [
    '[PERM-1] who is allowed something of a private channel, but not to read',
    STRANGER,
    opened([{ user: 'li', allow: ['send'] }]),
    [],
  ],
  [
    '[PERM-1] the owner, whom no permit binds',
    OWNER,
    channel(
      {},
      {
        permits: [
          { role: 'owner', deny: ['read'] },
          { user: 'owner', deny: ['send'] },
        ],
      },
    ),
    CHANNEL_PERMISSIONS,
  ],
] as const)('%s may do exactly this', (_who, who, facts, wishes) => {
  expect(wishesOf(who, facts)).toEqual(wishes)
})

test('[ROLE-1] of the server as a whole a user may what their role allows', () => {
  expect([OWNER, ADMIN, MEMBER, NOBODY].map((who) => may(who, { to: 'manageServer' }))).toEqual([
    true,
    true,
    false,
    false,
  ])
  expect([MEMBER, NOBODY].map((who) => may(who, { to: 'direct' }))).toEqual([true, false])
})

test('[ROLE-2] only whoever stands higher rules over another, and nobody over the owner', () => {
  const all = [OWNER, ADMIN, MEMBER, MUTE]
  const rules = all.map((who) => all.map((user) => may(who, { to: 'rule', user })))
  expect(rules).toEqual([
    [false, true, true, true],
    [false, false, true, true],
    [false, false, false, true],
    [false, false, false, false],
  ])
  const above: Who = { id: 'x', role: { id: 'x', rank: 2_000, permissions: ALL } }
  expect(may(above, { to: 'rule', user: OWNER })).toBe(false)
})

test('a recording is its owner’s alone', () => {
  const recording = { owner: { id: 'mei', name: 'Mei' } }
  expect(['mei', 'li', 'owner'].map((user) => mayHave(user, recording))).toEqual([true, false, false])
})

test('a set has each permission by itself, and is said in one order', () => {
  expect(toNames(ALL)).toHaveLength(20)
  expect(toNames(toSet(['talk', 'read']))).toEqual(['read', 'talk'])
  expect(toNames(NONE)).toEqual([])
  expect(new Set(toNames(ALL).map((name) => toSet([name]))).size).toBe(20)
  expect(BUILT_IN_ROLES).toHaveLength(5)
})
