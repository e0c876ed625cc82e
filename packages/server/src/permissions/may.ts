import type { ChannelSummary, RecordingSummary } from '@arclight/core'
import { CHANNEL_PERMISSIONS, type ChannelPermission, type Permission } from '@arclight/core/protocol'
import { ALL, has, NONE, type PermissionSet, toSet } from './permission-set.ts'

/** Who wants something. */
export interface Who {
  readonly id: string
  readonly role: {
    readonly id: string
    /** Whoever stands higher rules over whoever stands lower; the owner over all. */
    readonly rank: number
    readonly permissions: PermissionSet
  }
}

/** What a channel allows or denies a role, or one user: one of the two is given. */
export interface ChannelPermit {
  readonly role?: string | undefined
  readonly user?: string | undefined
  readonly allow: PermissionSet
  readonly deny: PermissionSet
}

/** A channel, and who is in it where that matters: in a private and in a direct one. */
export interface ChannelFacts {
  readonly summary: ChannelSummary
  /** By user id; undefined where the channel is for everybody. */
  readonly members: ReadonlyMap<string, unknown> | undefined
  readonly permits?: readonly ChannelPermit[] | undefined
}

/** A file that somebody uploaded. */
export interface FileFacts {
  readonly owner: string
  /** A message has it, or it is somebody's avatar. */
  readonly isUsed: boolean
  readonly isAvatar: boolean
  /** Of the message that has it. */
  readonly channel: ChannelFacts | undefined
}

/** What somebody wants to do, and with what: with a channel, another user, a file, or with the server as a whole. */
export type Wish =
  | { readonly to: ChannelPermission; readonly channel: ChannelFacts }
  | { readonly to: 'rule'; readonly user: Who }
  | { readonly to: 'see'; readonly file: FileFacts }
  | { readonly to: Permission; readonly channel?: undefined }

const OWNER = 'owner'
/** What leaves a channel as it is, or brings it back. */
const IN_ARCHIVE = toSet(['read', 'manageChannel', 'admit'])
/** What the members of a direct channel may: nobody rules over the others. */
const IN_DIRECT = toSet(['read', 'send', 'attach', 'react', 'pin', 'manageChannel', 'admit'])
const IN_CHANNELS = toSet(CHANNEL_PERMISSIONS)

/**
 * Whether a user may: the only place that decides it, for requests, resumes, routes and links alike. What somebody may
 * not read does not exist for them. A file is its owner's alone until something has it.
 */
export function may(who: Who, wish: Wish): boolean {
  if (wish.to === 'see') return maySee(who, wish.file)
  if (wish.to === 'rule') return wish.user.role.id !== OWNER && who.role.rank > wish.user.role.rank
  return has(wish.channel ? permissionsIn(wish.channel, who) : who.role.permissions, wish.to)
}

/** An avatar is for everybody; a message's file for who may read the message. */
function maySee(who: Who, { owner, isUsed, isAvatar, channel }: FileFacts): boolean {
  if (!isUsed) return owner === who.id
  return isAvatar || (channel !== undefined && may(who, { to: 'read', channel }))
}

/** Whether a recording is there for a user: it is its owner's alone. */
export function mayHave(user: string, { owner }: Pick<RecordingSummary, 'owner'>): boolean {
  return owner.id === user
}

/** Everything that a user may in a channel; nothing where they may not read it. */
export function permissionsIn({ summary, members, permits = [] }: ChannelFacts, who: Who): PermissionSet {
  const within = summary.archived ? IN_ARCHIVE : ALL
  if (summary.kind === 'direct') return members?.has(who.id) ? IN_DIRECT & within : NONE
  const { role } = who
  if (role.id === OWNER) return IN_CHANNELS & within
  const ofRole = permits.find((permit) => permit.role === role.id)
  const ofUser = permits.find((permit) => permit.user === who.id)
  const isLetIn = [ofRole, ofUser].some((permit) => permit && has(permit.allow, 'read'))
  if (members && !members.has(who.id) && !isLetIn) return NONE
  const set = change(change(role.permissions, ofRole), ofUser)
  return has(set, 'read') ? set & IN_CHANNELS & within : NONE
}

function change(set: PermissionSet, permit: ChannelPermit | undefined): PermissionSet {
  return permit ? (set & ~permit.deny) | permit.allow : set
}
