import * as z from 'zod/mini'

/** What can be allowed in a channel. `read` is the first: what somebody may not read does not exist for them. */
export const CHANNEL_PERMISSIONS = [
  'read',
  'send',
  'attach',
  'react',
  'pin',
  /** Delete others' messages. */
  'moderate',
  'talk',
  'record',
  /** Change the channel itself, who may what in it, and delete it. */
  'manageChannel',
  /** Let others into a private channel, and take them out. */
  'admit',
] as const

/** What can be allowed of the server as a whole. */
export const SERVER_PERMISSIONS = [
  'createChannel',
  /** Open direct channels. */
  'direct',
  'invite',
  'kick',
  'ban',
  /** Silence others in voice, and make them deaf. */
  'mute',
  /** Move others between voice channels. */
  'move',
  /** Make and change roles, and give them. */
  'manageRoles',
  /** Bots, webhooks, settings. */
  'manageServer',
  'audit',
] as const

/** Everything that a role allows or does not, in the order of its bits. */
export const PERMISSIONS = [...CHANNEL_PERMISSIONS, ...SERVER_PERMISSIONS] as const

/** One of {@link CHANNEL_PERMISSIONS}. */
export type ChannelPermission = (typeof CHANNEL_PERMISSIONS)[number]
/** One of {@link PERMISSIONS}. */
export type Permission = (typeof PERMISSIONS)[number]

export const permissions = z.array(z.enum(PERMISSIONS)).check(z.maxLength(PERMISSIONS.length))
export const channelPermissions = z.array(z.enum(CHANNEL_PERMISSIONS)).check(z.maxLength(CHANNEL_PERMISSIONS.length))
