import { PERMISSIONS, type Permission } from '@arclight/core/protocol'

/** What is allowed: a bit for each of PERMISSIONS, the first one's the lowest. */
export type PermissionSet = number

const BITS = new Map<Permission, PermissionSet>(PERMISSIONS.map((name, at) => [name, 1 << at]))

/** Nothing at all. */
export const NONE: PermissionSet = 0
/** Everything. */
export const ALL: PermissionSet = toSet(PERMISSIONS)

export function toSet(names: readonly Permission[]): PermissionSet {
  return names.reduce((set, name) => set | bitOf(name), NONE)
}

/** In the order of PERMISSIONS. */
export function toNames(set: PermissionSet): Permission[] {
  return PERMISSIONS.filter((name) => has(set, name))
}

export function has(set: PermissionSet, name: Permission): boolean {
  return (set & bitOf(name)) !== 0
}

/** Whether all of `part` is in `set`. */
export function includes(set: PermissionSet, part: PermissionSet): boolean {
  return (part & ~set) === 0
}

function bitOf(name: Permission): PermissionSet {
  return BITS.get(name) ?? NONE
}
