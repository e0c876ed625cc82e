import type { Permission, Role } from '@arclight/core/protocol'
import type { ServerContext } from './context.ts'
import type { Peer } from './peer.ts'

/** Of cases that change what users may. */
export const ROLES = { needs: ['roles'], pace: 'alone' } as const

/** What a case that makes roles works with. */
interface RoleScene {
  readonly context: ServerContext
  readonly owner: Peer
}

/** Of a role that rules over some and is ruled over. */
export const MIDDLE = 300

/** Runs `use` with a role of the case's own, which is deleted in the end. */
export async function withRole(
  { context, owner }: RoleScene,
  { permissions, rank = MIDDLE }: { readonly permissions: readonly Permission[]; readonly rank?: number },
  use: (role: Role) => Promise<void>,
): Promise<void> {
  const { role } = await owner.ask('role.create', { name: context.unique(), rank, permissions: [...permissions] })
  try {
    await use(role)
  } finally {
    await owner.request('role.delete', { role: role.id })
  }
}

/** As `withRole`; the first user who is not the owner has the role meanwhile, and what they had in the end. */
export async function withHolder(
  scene: RoleScene,
  role: { readonly permissions: readonly Permission[]; readonly rank?: number },
  use: (holder: Peer, role: Role) => Promise<void>,
): Promise<void> {
  const { context, owner } = scene
  const { id: user, role: before } = context.member()
  const holder = await context.signInMember()
  await withRole(scene, role, async (made) => {
    await owner.ask('role.give', { user, role: made.id })
    try {
      await use(holder, made)
    } finally {
      await owner.request('role.give', { user, role: before })
    }
  })
}

/** The role's permissions are these from here on. */
export async function allow(owner: Peer, { id: role }: Role, permissions: readonly Permission[]): Promise<void> {
  await owner.ask('role.update', { role, permissions: [...permissions] })
}

export async function rolesOf(peer: Peer): Promise<Role[]> {
  return (await peer.ask('role.list', {})).roles
}

/** The role that a user has, as everybody is told. */
export async function roleOf(peer: Peer, name: string): Promise<string | undefined> {
  const { users } = await peer.ask('user.list', { prefix: name })
  return users.find((user) => user.name === name)?.role
}
