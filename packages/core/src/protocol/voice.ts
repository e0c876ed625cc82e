import * as z from 'zod/mini'
import { clientIdentifier, identifier, nothing } from './fields.ts'
import { trackSummary } from './track.ts'
import { userSummary } from './user.ts'

/** One place in a voice channel. `member` names it: a user has one for each device. */
export const voiceMember = z.object({
  member: identifier,
  user: userSummary,
  muted: z.boolean(),
  deafened: z.boolean(),
  /** Its connection dropped and may come back: the place is kept for a while. */
  reconnecting: z.boolean(),
  /** Who keeps order has silenced the user here: what they send is relayed to nobody. */
  serverMuted: z.optional(z.literal(true)),
  /** Who keeps order has made the user deaf here: they get no audio. */
  serverDeafened: z.optional(z.literal(true)),
  tracks: z.array(trackSummary),
})
/** See {@link voiceMember}. */
export type VoiceMember = z.infer<typeof voiceMember>

/** What others see of a member that it decides itself. */
const voiceFlags = { channel: identifier, muted: z.boolean(), deafened: z.boolean() }

/**
 * What a client declares of itself. `device` is a key that it keeps: a place belongs to (channel, user, device), and
 * whoever claims it last has it.
 */
export const voiceState = z.object({ ...voiceFlags, device: clientIdentifier })

/** Makes this connection a member: it hears the channel's audio and may publish to it. One channel at a time. */
export const voiceJoin = {
  request: voiceState,
  reply: z.object({ channel: identifier, member: identifier, members: z.array(voiceMember) }),
}

/** Ends the membership and this connection's tracks in the channel. */
export const voiceLeave = { request: z.object({ channel: identifier }), reply: nothing }

/** Changes what others see. */
export const voiceUpdate = { request: z.object(voiceFlags), reply: nothing }

/** Silences a user in a voice channel, makes them deaf, or takes it back; what is left out stays as it is. */
export const voiceModerate = {
  request: z.object({
    channel: identifier,
    user: identifier,
    muted: z.optional(z.boolean()),
    deafened: z.optional(z.boolean()),
  }),
  reply: nothing,
}

/** Sends a member to another voice channel. */
export const voiceMove = {
  request: z.object({ channel: identifier, member: clientIdentifier, to: identifier }),
  reply: nothing,
}

/** Somebody came, or what others see of them changed: the whole member, never a delta. */
export const voiceChanged = z.object({ channel: identifier, member: voiceMember })

/** Somebody left. */
export const voiceLeft = z.object({ channel: identifier, member: identifier })

/** Another connection of the same user and device has taken this connection's place. The connection stays. */
export const voiceMoved = z.object({ channel: identifier, member: identifier })

/** This connection is in another voice channel from here on, where it was sent; its tracks go on there. */
export const voiceSent = z.object({
  from: identifier,
  to: identifier,
  member: identifier,
  members: z.array(voiceMember),
})
