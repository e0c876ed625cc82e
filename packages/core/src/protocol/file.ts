import * as z from 'zod/mini'
import { identifier, position, wallTime } from './fields.ts'

/** A file that somebody uploaded, as those who may read it see it. */
export const attachment = z.object({
  id: identifier,
  /** What its owner called it: to be shown, never to be part of a path. */
  name: z.string(),
  /** A media type, found in its bytes. */
  type: z.string(),
  /** Bytes. */
  size: position,
  /** Of a picture, in pixels, as it is to be shown. */
  width: z.optional(z.int()),
  height: z.optional(z.int()),
  /** There is a smaller picture of it. */
  thumbnail: z.optional(z.literal(true)),
})
/** See {@link attachment}. */
export type Attachment = z.infer<typeof attachment>

/** A file as it became once its upload was whole. */
export const fileGet = { request: z.object({ file: identifier }), reply: z.object({ file: attachment }) }

/** Makes a link to a file that an element can load by itself, good until `expiresAt`. */
export const fileLink = {
  request: z.object({
    file: identifier,
    disposition: z.enum(['inline', 'attachment']),
    /** To its thumbnail instead. */
    thumbnail: z.optional(z.boolean()),
  }),
  reply: z.object({ path: z.string(), expiresAt: wallTime }),
}
