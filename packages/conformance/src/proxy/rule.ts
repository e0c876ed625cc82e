import * as z from 'zod/mini'

/** Which way a frame goes. */
export const direction = z.enum(['to-server', 'to-client'])
/** See {@link direction}. */
export type Direction = z.infer<typeof direction>

/** What a frame is: a control message, or what its media header says; `other` has no well-formed header. */
export const frameKind = z.enum(['text', 'audio', 'video', 'probe', 'other'])
/** See {@link frameKind}. */
export type FrameKind = z.infer<typeof frameKind>

/** Which frames a rule is for: those that have everything that is named. */
const where = z.strictObject({
  direction: z.optional(direction),
  kind: z.optional(frameKind),
  /** A message's type; a reply has the type of its request. */
  type: z.optional(z.string()),
  /** The channel that a message names, or that a track's frames go to. */
  channel: z.optional(z.string()),
})
/** See {@link where}. */
export type Where = z.infer<typeof where>

const count = z.int().check(z.positive())
const milliseconds = z.number().check(z.nonnegative(), z.lte(2_147_483_647))

/** Which of those it strikes: where all that is named holds. Frames are counted over all connections. */
const when = z.strictObject({
  count: z.optional(z.union([z.strictObject({ nth: count }), z.strictObject({ every: count })])),
  /** Milliseconds since its connection was opened. Earlier frames are not counted. */
  after: z.optional(milliseconds),
  /** Decided by the proxy's seed, for each frame that the rest lets through. */
  probability: z.optional(z.number().check(z.nonnegative(), z.lte(1))),
})
/** See {@link when}. */
export type When = z.infer<typeof when>

const condition = { where: z.optional(where), when: z.optional(when) }

/** One fault: what is done to which frames, when. */
export const rule = z.discriminatedUnion('action', [
  /** The frame is late by `ms`, and whatever comes behind it in its direction waits for it, as on a slow line. */
  z.strictObject({ action: z.literal('delay'), ms: milliseconds, ...condition }),
  z.strictObject({ action: z.literal('drop'), ...condition }),
  /** The frame comes `copies` times more; once unless told. */
  z.strictObject({ action: z.literal('duplicate'), copies: z.optional(count), ...condition }),
  /** Only its first `bytes` pass; half of them unless told. */
  z.strictObject({
    action: z.literal('truncate'),
    bytes: z.optional(z.int().check(z.nonnegative())),
    ...condition,
  }),
  /** The frame does not pass and its connection ends: with a close frame where `code` is given, as a lost line where not. */
  z.strictObject({ action: z.literal('cut'), code: z.optional(z.int()), reason: z.optional(z.string()), ...condition }),
  /** The frame takes as long as a line of `bytesPerSecond` needs for it, and whatever comes behind it waits. */
  z.strictObject({ action: z.literal('throttle'), bytesPerSecond: z.number().check(z.positive()), ...condition }),
  /** The next `by` frames of its direction pass before it; one unless told. It waits for them. */
  z.strictObject({ action: z.literal('reorder'), by: z.optional(count), ...condition }),
])
/** See {@link rule}. */
export type Rule = z.infer<typeof rule>

/** Rules as they come from a file. Throws with a sentence for each thing that is wrong. */
export function parseRules(value: unknown): readonly Rule[] {
  const result = z.safeParse(z.array(rule), value, { error: z.locales.en().localeError })
  if (result.success) return result.data
  const issues = result.error.issues.map(
    ({ path, message }) => `rules${path.map((key) => `[${String(key)}]`).join('')}: ${message}`,
  )
  throw new TypeError(issues.join('\n'))
}
