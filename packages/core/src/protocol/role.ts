import * as z from 'zod/mini'
import { identifier, nothing, storable } from './fields.ts'
import { permissions } from './permission.ts'

/** The roles that every server has. A user has one role; `member` unless told. */
export const BUILT_IN_ROLES = ['owner', 'admin', 'moderator', 'member', 'guest'] as const

/** 1–32 characters, no space at either end. */
const name = z.string().check(z.minLength(1), z.maxLength(32), z.regex(/^(?!\s)[^\p{C}]+(?<!\s)$/u), storable)
/** Of the owner 1,000; between, whoever stands higher rules over whoever stands lower. */
const rank = z.int().check(z.gte(1), z.lte(999))

/** What its users may do everywhere, unless a channel says otherwise of it. */
export const role = z.object({
  id: identifier,
  name: z.string(),
  rank: z.int(),
  permissions,
  /** It cannot be deleted. */
  builtIn: z.optional(z.literal(true)),
})
/** See {@link role}. */
export type Role = z.infer<typeof role>

/** The roles of the server, the highest first. */
export const roleList = { request: nothing, reply: z.object({ roles: z.array(role) }) }

/** Makes a role below the caller's own, with nothing that the caller may not. */
export const roleCreate = {
  request: z.object({ name, rank, permissions }),
  reply: z.object({ role }),
}

/** Changes what is given of a role, and leaves the rest. */
export const roleUpdate = {
  request: z.object({
    role: identifier,
    name: z.optional(name),
    rank: z.optional(rank),
    permissions: z.optional(permissions),
  }),
  reply: z.object({ role }),
}

/** Removes a role; its users are members from there on. */
export const roleDelete = { request: z.object({ role: identifier }), reply: nothing }

/** Gives a user a role, in the place of the one that they have. */
export const roleGive = { request: z.object({ user: identifier, role: identifier }), reply: nothing }

/** Roles were made, changed or removed: all of them as they are now, the highest first. */
export const roleChanged = z.object({ roles: z.array(role) })
