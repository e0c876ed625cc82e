import * as z from 'zod/mini'
import { identifier, nothing } from './fields.ts'
import { trackSummary } from './track.ts'
import { userSummary } from './user.ts'

/** One connection in a voice channel. `member` names the connection's place, as a user may have several. */
export const voiceMember = z.object({
  member: identifier,
  user: userSummary,
  muted: z.boolean(),
  deafened: z.boolean(),
  tracks: z.array(trackSummary),
})
/** See {@link voiceMember}. */
export type VoiceMember = z.infer<typeof voiceMember>

/** What a client declares of itself. */
export const voiceState = z.object({ channel: identifier, muted: z.boolean(), deafened: z.boolean() })

/** Makes this connection a member: it hears the channel's audio and may publish to it. One channel at a time. */
export const voiceJoin = {
  request: voiceState,
  reply: z.object({ channel: identifier, member: identifier, members: z.array(voiceMember) }),
}

/** Ends the membership and this connection's tracks in the channel. */
export const voiceLeave = { request: z.object({ channel: identifier }), reply: nothing }

/** Changes what others see. */
export const voiceUpdate = { request: voiceState, reply: nothing }

/** Somebody came, or what others see of them changed: the whole member, never a delta. */
export const voiceChanged = z.object({ channel: identifier, member: voiceMember })

/** Somebody left. */
export const voiceLeft = z.object({ channel: identifier, member: identifier })
