import * as z from 'zod/mini'
import { LIMITS } from './limits.ts'

/** No U+0000 and no unpaired surrogate: databases cut or replace both, and what is stored would not be what was sent. */
export const storable = z.regex(/^[^\0\p{Cs}]*$/u)

/** An identifier the server made: users, channels, sessions. Opaque to clients. */
export const identifier = z.string().check(z.minLength(1), z.maxLength(64), storable)

/** An identifier a client made; unique in its own scope. */
export const clientIdentifier = z.string().check(z.minLength(1), z.maxLength(64), storable)

/** A position in a channel's log; 0 is before the first entry. */
export const position = z.int().check(z.nonnegative())

/** Milliseconds since 1970-01-01T00:00Z. */
export const wallTime = z.int().check(z.nonnegative())

/** Microseconds on a session clock, whose origin is arbitrary: what media headers carry (u48). */
export const sessionTime = z.int().check(z.nonnegative(), z.lt(2 ** 48))

/** How many items a page may hold. */
export const pageLimit = z.int().check(z.gte(1), z.lte(LIMITS.page))

/** A reply without content. */
export const nothing = z.object({})
