import * as z from 'zod/mini'
import { clientIdentifier, identifier, nothing } from './fields.ts'

/** Opus, one packet a frame, 20 ms. */
export const audioFormat = z.object({
  kind: z.literal('audio'),
  codec: z.literal('opus'),
  sampleRate: z.literal(48_000),
  channels: z.union([z.literal(1), z.literal(2)]),
})
/** See {@link audioFormat}. */
export type AudioFormat = z.infer<typeof audioFormat>

/** H.264 as Annex B access units, parameter sets in band at each key frame. */
export const videoFormat = z.object({
  kind: z.literal('video'),
  codec: z.literal('h264'),
  width: z.int().check(z.gte(16), z.lte(4096)),
  height: z.int().check(z.gte(16), z.lte(2304)),
})
/** See {@link videoFormat}. */
export type VideoFormat = z.infer<typeof videoFormat>

/** How a track's payloads are to be read. */
export const mediaFormat = z.discriminatedUnion('kind', [audioFormat, videoFormat])
/** See {@link mediaFormat}. */
export type MediaFormat = z.infer<typeof mediaFormat>

/** A track number: what the media header carries. Local to the connection's node. */
export const trackNumber = z.int().check(z.gte(1), z.lte(65_535))

/** Where the frames go: to a voice channel's members, or into a recording. */
export const trackDestination = z.union([z.object({ channel: identifier }), z.object({ recording: identifier })])

/** A track as its listeners know it. `key` ("microphone") names it for as long as its publisher's session lives. */
export const trackSummary = z.object({ track: trackNumber, key: clientIdentifier, format: mediaFormat })
/** See {@link trackSummary}. */
export type TrackSummary = z.infer<typeof trackSummary>

/** What a client declares to publish. */
export const trackDeclaration = z.object({ key: clientIdentifier, format: mediaFormat, to: trackDestination })
/** See {@link trackDeclaration}. */
export type TrackDeclaration = z.infer<typeof trackDeclaration>

/** The only way to send media. The reply's number goes into each frame's header. */
export const trackPublish = { request: trackDeclaration, reply: z.object({ track: trackNumber }) }

/** Ends a track. */
export const trackUnpublish = { request: z.object({ track: trackNumber }), reply: nothing }

/** Comes before the track's first frame. */
export const trackPublished = z.object({ channel: identifier, member: identifier, track: trackSummary })

/** No frame of this track follows. */
export const trackUnpublished = z.object({ channel: identifier, member: identifier, track: trackNumber })
