import * as z from 'zod/mini'
import { clientIdentifier, identifier, nothing, position, storable, wallTime } from './fields.ts'
import { LIMITS } from './limits.ts'
import { mediaFormat, trackNumber } from './track.ts'
import { userSummary } from './user.ts'

/** `recovered`: a crash ended it, and everything that was on disk was made playable. */
export const recordingState = z.enum(['recording', 'finished', 'recovered', 'failed'])

/** A recording as its owner sees it. Sizes and counts are those of the file so far. */
export const recordingSummary = z.object({
  id: identifier,
  title: z.string(),
  state: recordingState,
  owner: userSummary,
  startedAt: wallTime,
  durationMs: z.number().check(z.nonnegative()),
  bytes: z.int().check(z.nonnegative()),
  videoFrames: z.int().check(z.nonnegative()),
  width: z.optional(z.int()),
  height: z.optional(z.int()),
})
/** See {@link recordingSummary}. */
export type RecordingSummary = z.infer<typeof recordingSummary>

/** Starts a recording; tracks are then published to it. */
export const recordingStart = {
  request: z.object({ title: z.optional(z.string().check(z.minLength(1), z.maxLength(200), storable)) }),
  reply: z.object({ recording: recordingSummary }),
}

/** Ends a recording; the reply comes when the file can be played. */
export const recordingStop = {
  request: z.object({ recording: identifier }),
  reply: z.object({ recording: recordingSummary }),
}

/** The caller's recordings, newest first; the newest 500. */
export const recordingList = { request: nothing, reply: z.object({ recordings: z.array(recordingSummary) }) }

/** Makes a link to the file that an element can load by itself, good until `expiresAt`. */
export const recordingLink = {
  request: z.object({ recording: identifier, disposition: z.enum(['inline', 'attachment']) }),
  reply: z.object({ path: z.string(), expiresAt: wallTime }),
}

/** How far the file is on disk; about twice a second. */
export const recordingProgress = z.object({
  recording: identifier,
  durationMs: z.number().check(z.nonnegative()),
  bytes: z.int().check(z.nonnegative()),
})

/** The recording cannot go on. What is on disk is kept. */
export const recordingFailed = z.object({ recording: identifier, message: z.string() })

/** How much of a track the server has. Both are −1 before the first frame. */
export const trackAck = z.object({
  track: trackNumber,
  /** Everything up to this seq has come. */
  received: z.int(),
  /** Everything up to this seq is synced to the file: the client may let go of it. */
  stored: z.int(),
  /** The timestamp of the newest frame, in microseconds on the publisher's session clock. */
  sentAt: z.int(),
  serverAt: wallTime,
  queue: z.object({
    frames: position,
    bytes: position,
    capacity: position,
    dropped: position,
    /** 0 idle to 1 full. */
    load: z.number(),
  }),
})
/** See {@link trackAck}. */
export type TrackAck = z.infer<typeof trackAck>

/** In `session.resume`: a recording that goes on, with its tracks. */
export const resumedRecording = z.object({
  recording: identifier,
  tracks: z.array(z.object({ key: clientIdentifier, format: mediaFormat })).check(z.maxLength(LIMITS.tracks)),
})

/** Its answer: each track's new number, and the seq that the server lacks first. */
export const resumedTracks = z.record(clientIdentifier, z.object({ track: trackNumber, next: position }))
