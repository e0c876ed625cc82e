import * as z from 'zod/mini'
import { authenticated, token } from './auth.ts'
import { cursor } from './channel.ts'
import { clientIdentifier, identifier, position, sessionTime, wallTime } from './fields.ts'
import { LIMITS } from './limits.ts'
import { resumedRecording, resumedTracks } from './recording.ts'
import { audioFormat, trackNumber } from './track.ts'
import { voiceMember, voiceState } from './voice.ts'

/** The server's first frame. `registration` says whether `auth.register` is open, needs an invite or a claim, or is closed. */
export const sessionHello = z.object({
  server: identifier,
  capabilities: z.array(z.string()),
  registration: z.enum(['open', 'invite', 'claim', 'closed']),
  limits: z.record(z.string(), z.number()),
  /** One instant on both of the server's clocks: what the probes' timestamps count from. */
  clock: z.object({ session: sessionTime, wall: wallTime }),
})
/** See {@link sessionHello}. */
export type SessionHello = z.infer<typeof sessionHello>

/**
 * The connection will be closed within `withinMs`: what is under way is finished, nothing new is taken. Clients that
 * come back wait a random part of `spreadMs` first.
 */
export const sessionGoaway = z.object({
  withinMs: z.int().check(z.nonnegative()),
  spreadMs: z.int().check(z.nonnegative()),
})
/** See {@link sessionGoaway}. */
export type SessionGoaway = z.infer<typeof sessionGoaway>

/** A frame that belongs to no request could not be read; past the budget the connection closes. */
export const sessionRejected = z.object({ reason: z.string(), message: z.string(), left: z.int() })

function fitsSession(cursors: object): boolean {
  return Object.keys(cursors).length <= LIMITS.joinedChannels
}

/** Authenticates by token and declares everything that the client wants: the server remembers none of it. */
export const sessionResume = {
  request: z.object({
    token,
    cursors: z
      .record(identifier, cursor)
      .check(z.refine(fitsSession, `expected at most ${LIMITS.joinedChannels} channels`)),
    voice: z.optional(
      z.object({
        ...voiceState.shape,
        tracks: z.array(z.object({ key: clientIdentifier, format: audioFormat })).check(z.maxLength(LIMITS.tracks)),
      }),
    ),
    recordings: z.optional(z.array(resumedRecording).check(z.maxLength(8))),
  }),
  reply: z.object({
    ...authenticated.shape,
    channels: z.record(identifier, z.union([z.object({ epoch: identifier, head: position }), z.literal('gone')])),
    /** `gone` where the voice channel no longer exists or may no longer be entered. */
    voice: z.optional(
      z.union([
        z.literal('gone'),
        z.object({
          channel: identifier,
          member: identifier,
          members: z.array(voiceMember),
          tracks: z.record(clientIdentifier, trackNumber),
        }),
      ]),
    ),
    /** `gone` where the recording has ended. */
    recordings: z.optional(z.record(identifier, z.union([z.literal('gone'), resumedTracks]))),
  }),
}
