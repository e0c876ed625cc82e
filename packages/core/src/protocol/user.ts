import * as z from 'zod/mini'
import { identifier } from './fields.ts'

/** What everybody may know of a user. */
export const userSummary = z.object({ id: identifier, name: z.string() })
/** See {@link userSummary}. */
export type UserSummary = z.infer<typeof userSummary>

/** What a user may know of themselves. */
export const account = z.object({ id: identifier, name: z.string(), role: z.enum(['owner', 'member']) })
/** See {@link account}. */
export type Account = z.infer<typeof account>
