import * as z from 'zod/mini'
import { clientIdentifier, identifier, pageLimit } from './fields.ts'

/** 2–32 characters, none of them a control character, no space at either end. */
export const userName = z.string().check(z.minLength(2), z.maxLength(32), z.regex(/^(?!\s)[^\p{C}]+(?<!\s)$/u))

/** 1–64 characters, none of them a control character or invisible but for what joins emoji and letters, no space at either end. */
export const displayName = z
  .string()
  .check(z.minLength(1), z.maxLength(64), z.regex(/^(?!\s)(?=.*[^\p{C}\p{Z}])(?:[^\p{C}]|[\u200C\u200D])+(?<!\s)$/u))

/** What everybody may know of a user. */
export const userSummary = z.object({
  id: identifier,
  name: z.string(),
  /** What they want to be called; whoever has none is called by their name. */
  displayName: z.optional(z.string()),
  /** Somebody who has deleted their account: `name` stands in for theirs. */
  deleted: z.optional(z.literal(true)),
  /** A program, not a person: made by the server's owner. */
  bot: z.optional(z.literal(true)),
  /** The id of a file: their picture. */
  avatar: z.optional(identifier),
})
/** See {@link userSummary}. */
export type UserSummary = z.infer<typeof userSummary>

/** What a user may know of themselves. */
export const account = z.object({
  ...userSummary.shape,
  /** A role's id: `owner`, `member`, or another of `role.list`. */
  role: identifier,
  /** A log-in needs a code beside the password. Only they are told. */
  secondFactor: z.optional(z.literal(true)),
  /** It has no password, and ends with its last session. */
  guest: z.optional(z.literal(true)),
})
/** See {@link account}. */
export type Account = z.infer<typeof account>

/** Changes what others see of the caller. */
export const userUpdate = {
  request: z.object({
    /** An upload of the caller's that was made to be an avatar; null for none. */
    avatar: z.optional(z.nullable(identifier)),
    /** Null for none. */
    displayName: z.optional(z.nullable(displayName)),
  }),
  reply: z.object({ user: userSummary }),
}

/** A user has another avatar or display name, or none: everybody who is signed in is told. */
export const userChanged = z.object({ user: userSummary })

/** The users of the server, in the order of their names. */
export const userList = {
  request: z.object({
    /** Only names that begin with this, compared as names are. */
    prefix: z.optional(z.string().check(z.minLength(1), z.maxLength(32))),
    /** Behind this user. */
    after: z.optional(clientIdentifier),
    limit: z.optional(pageLimit),
  }),
  reply: z.object({ users: z.array(account), hasMore: z.boolean() }),
}
