import type { StoredPermit, StoredRole } from '@arclight/core/contracts'
import { BUILT_IN_ROLES, PERMISSIONS } from '@arclight/core/protocol'
import { expect, test } from 'vitest'
import type { Scene, Within } from './scene.ts'
import type { Stores } from './stores.ts'

const ALL = 2 ** PERMISSIONS.length - 1

/** What `RoleRepository` promises. */
export function roleTests(within: Within, stores: Stores): void {
  test('[ROLE-1] a new store has the roles that every server has, and nobody has one', () =>
    stores.with(async ({ roles, accounts }) => {
      const list = [...(await roles.list())].sort((one, other) => other.rank - one.rank)
      expect(list.map(({ id, name, rank, builtIn }) => [id, name, rank, builtIn])).toEqual(
        [1_000, 900, 500, 100, 1].map((rank, at) => [BUILT_IN_ROLES[at], BUILT_IN_ROLES[at], rank, true]),
      )
      expect(list.slice(0, 2).map(({ permissions }) => permissions)).toEqual([ALL, ALL])
      for (const { permissions } of list.slice(2)) expect(permissions & ~ALL).toBe(0)
      expect(await roles.permits()).toEqual([])
      expect(await accounts.roles()).toEqual([])
    }))

  test(
    'a role is kept as it was made, and changed by what is given',
    within(async (scene) => {
      const { roles } = scene.storage
      const role = roleOf(scene, 'host', { name: 'Gastgeberin 🍵', rank: 999, permissions: ALL })
      await roles.create(role)
      expect(await found(scene, role.id)).toEqual(role)
      expect(await roles.update(role.id, { rank: 7 })).toBe(true)
      expect(await found(scene, role.id)).toEqual({ ...role, rank: 7 })
      expect(await roles.update(role.id, { name: 'host', permissions: 0 })).toBe(true)
      expect(await found(scene, role.id)).toEqual({ ...role, rank: 7, name: 'host', permissions: 0 })
      expect(await roles.update(`${scene.id}-none`, { rank: 7 })).toBe(false)
      await expect(roles.create({ ...role, name: 'another' })).rejects.toThrow()
      expect(await found(scene, role.id)).toMatchObject({ name: 'host' })
    }),
  )

  test('[ROLE-2] what every server has is changed and never removed', () =>
    stores.with(async ({ roles }) => {
      for (const id of BUILT_IN_ROLES) {
        expect(await roles.update(id, { permissions: 1 })).toBe(true)
        expect(await roles.remove(id)).toBe(false)
      }
      const list = await roles.list()
      expect(list.map(({ permissions, builtIn }) => [permissions, builtIn])).toEqual(Array(5).fill([1, true]))
    }))

  test(
    '[ROLE-2] a role that is removed takes its permits with it, and its users are members',
    within(async (scene) => {
      const { roles, accounts } = scene.storage
      const [one, other] = [roleOf(scene, 'one'), roleOf(scene, 'other')]
      for (const role of [one, other]) await roles.create(role)
      await accounts.giveRole(scene.mei, one.id)
      await accounts.giveRole(scene.li, other.id)
      const kept = [
        permitOf(scene, { role: other.id }),
        permitOf(scene, { role: one.id, channel: scene.lounge }),
        // An id of the role's, and not the role.
        permitOf(scene, { user: one.id }),
      ]
      for (const permit of [permitOf(scene, { role: one.id }), ...kept]) await roles.setPermit(permit)
      expect(await roles.remove(one.id)).toBe(true)
      expect(await roles.remove(one.id)).toBe(false)
      expect(await found(scene, one.id)).toBeUndefined()
      expect(await found(scene, other.id)).toEqual(other)
      expect(await permitsOf(scene)).toEqual([kept[0], kept[2]])
      expect(await rolesGiven(scene)).toEqual([{ user: scene.li, role: other.id }])
      expect(await accounts.byNameKey(scene.mei)).toMatchObject({ role: 'member' })
    }),
  )

  test(
    '[PERM-2] a permit takes the place of the one before, and one that says nothing is removed',
    within(async (scene) => {
      const { roles } = scene.storage
      const ofRole = permitOf(scene, { role: 'guest', allow: ALL, deny: 0 })
      const ofUser = permitOf(scene, { user: scene.mei, allow: 0, deny: 1 })
      const elsewhere = permitOf(scene, { user: scene.mei, channel: scene.lounge, allow: 4, deny: 8 })
      for (const permit of [ofRole, ofUser, elsewhere]) await roles.setPermit(permit)
      expect(await permitsOf(scene)).toEqual([ofRole, ofUser, elsewhere])
      await roles.setPermit({ ...ofUser, allow: 2, deny: 16 })
      expect(await permitsOf(scene)).toEqual([ofRole, { ...ofUser, allow: 2, deny: 16 }, elsewhere])
      await roles.setPermit({ ...ofUser, allow: 0, deny: 0 })
      await roles.setPermit({ ...ofRole, role: 'admin', allow: 0, deny: 0 })
      expect(await permitsOf(scene)).toEqual([ofRole, elsewhere])
      const both = [1, 2].map((allow) => roles.setPermit({ ...ofUser, allow }))
      await Promise.all(both)
      expect(await permitsOf(scene)).toHaveLength(3)
    }),
  )
}

function roleOf({ id }: Scene, name: string, more: Partial<StoredRole> = {}): StoredRole {
  return { id: `${id}-${name}`, name: `${id}-${name}`, rank: 200, permissions: 3, builtIn: false, ...more }
}

function permitOf({ general }: Scene, more: Partial<StoredPermit>): StoredPermit {
  return { channel: general, allow: 1, deny: 2, ...more }
}

async function found({ storage }: Scene, id: string): Promise<StoredRole | undefined> {
  return (await storage.roles.list()).find((role) => role.id === id)
}

/** Those of the scene's channels, of general first, of roles first. */
async function permitsOf({ storage, general, lounge }: Scene): Promise<StoredPermit[]> {
  const place = ({ channel, role }: StoredPermit): number =>
    (channel === general ? 0 : 2) + (role === undefined ? 1 : 0)
  const own = (await storage.roles.permits()).filter(({ channel }) => [general, lounge].includes(channel))
  return own.sort((one, other) => place(one) - place(other))
}

async function rolesGiven({ storage, id }: Scene) {
  return (await storage.accounts.roles()).filter(({ user }) => user.startsWith(`${id}-`))
}
