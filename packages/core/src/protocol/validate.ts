import * as z from 'zod/mini'
import { events } from './events.ts'
import { requests } from './requests.ts'

/**
 * Checks data that a server sent against the protocol's schemas, and throws with the reason. Pass it as
 * `createClient({ validate })` to check everything; without it a client checks only the envelope.
 * Types that the protocol does not know pass: new servers talk to old clients.
 */
export function validate(direction: 'reply' | 'event', type: string, data: unknown): void {
  const schema = direction === 'reply' ? lookUp(requests, type)?.reply : lookUp(events, type)
  if (!schema) return
  const result = z.safeParse(schema, data)
  if (result.success) return
  const issues = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
  throw new TypeError(`the ${direction} ${type} does not fit its schema: ${issues}`)
}

function lookUp<Value>(map: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined
}
