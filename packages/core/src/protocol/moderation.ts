import * as z from 'zod/mini'
import { sessionSummary } from './auth.ts'
import { clientIdentifier, identifier, nothing, pageLimit, storable, wallTime } from './fields.ts'
import { userSummary } from './user.ts'

/** What the user and the audit log are told. */
const reason = z.string().check(z.minLength(1), z.maxLength(200), storable)

/** Ends all sessions of a user, who may sign in again. */
export const userKick = { request: z.object({ user: identifier, reason: z.optional(reason) }), reply: nothing }

/** Ends all sessions of a user, who may not sign in again before `until`, or ever. */
export const userBan = {
  request: z.object({ user: identifier, reason: z.optional(reason), until: z.optional(wallTime) }),
  reply: nothing,
}

/** Ends a ban. */
export const userUnban = { request: z.object({ user: identifier }), reply: nothing }

/** The sessions of somebody else that still work, the one used last first. */
export const userSessions = {
  request: z.object({ user: identifier }),
  reply: z.object({ sessions: z.array(sessionSummary) }),
}

/** Ends a session of somebody else, or all of them. */
export const userRevoke = {
  request: z.object({ user: identifier, session: z.optional(clientIdentifier) }),
  reply: nothing,
}

/** A user who may not sign in. */
export const ban = z.object({
  user: userSummary,
  by: userSummary,
  at: wallTime,
  reason: z.optional(z.string()),
  /** Left out where it does not end. */
  until: z.optional(wallTime),
})
/** See {@link ban}. */
export type Ban = z.infer<typeof ban>

/** The bans that have not ended, the newest first. */
export const banList = { request: nothing, reply: z.object({ bans: z.array(ban) }) }

/** Something that somebody did by their permissions. */
export const auditEntry = z.object({
  id: identifier,
  at: wallTime,
  by: userSummary,
  /** The request's name: `user.ban`. */
  action: z.string(),
  /** What it was done to: the id of a user, a role, a channel. */
  target: z.optional(z.string()),
  /** What the request said besides, without anything secret. */
  detail: z.optional(z.record(z.string(), z.unknown())),
})
/** See {@link auditEntry}. */
export type AuditEntry = z.infer<typeof auditEntry>

/** What was done by permissions, the newest first. */
export const auditList = {
  request: z.object({ before: z.optional(clientIdentifier), limit: z.optional(pageLimit) }),
  reply: z.object({ entries: z.array(auditEntry), hasMore: z.boolean() }),
}
