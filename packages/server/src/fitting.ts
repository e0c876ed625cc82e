import { LIMITS } from '@arclight/core/protocol'
import * as z from 'zod/mini'
import { Refusal } from './refusal.ts'

// Without a locale every issue of zod/mini says "Invalid input".
z.config(z.locales.en())

/** Keys of the data stand in a path: somebody chose them. */
const MOST_PATH = 128

/** The data as the schema makes it. Throws `bad_request`, naming the fields that do not fit. */
export function fitting<Schema extends z.ZodMiniType>(schema: Schema, data: unknown): z.infer<Schema> {
  const parsed = z.safeParse(schema, data)
  if (parsed.success) return parsed.data
  throw new Refusal('bad_request', 'the data does not fit', {
    issues: parsed.error.issues
      .slice(0, LIMITS.issues)
      .map(({ path, message }) => ({ path: path.join('.').slice(0, MOST_PATH), message })),
  })
}
