import type { Account, ErrorBody } from '@arclight/core'
import { LIMITS, type RequestEnvelope, type RequestType, requests } from '@arclight/core/protocol'
import * as z from 'zod/mini'
import type { Caller, Handler, Services, Stranger } from './handlers/handler.ts'
import { authenticated, authenticating } from './handlers/index.ts'
import { Refusal } from './refusal.ts'

// Without a locale every issue of zod/mini says "Invalid input".
z.config(z.locales.en())

/** Keys of the data stand in a path: somebody chose them. */
const MOST_PATH = 128

/** What goes back. */
export type Answer = { readonly data: unknown } | { readonly error: ErrorBody }

/** Finds the request's handler, checks its data and runs it. Every request gets an answer, whatever happens. */
export async function answer(
  { type, data }: RequestEnvelope,
  who: Stranger | Caller,
  services: Services,
  failed: (error: unknown) => void,
): Promise<Answer> {
  try {
    services.rates.admit(countedBy(who), type)
    if (services.families.has(type)) return { data: await services.families.answer(type, data, userOf(who)) }
    const run = find(type, who)
    const parsed = z.safeParse(schemaOf(type), data)
    if (!parsed.success) throw badRequest(parsed.error.issues)
    return { data: await run(parsed.data, services) }
  } catch (error) {
    if (error instanceof Refusal) return { error: error.body }
    failed(error)
    return { error: { code: 'internal', message: 'the server failed; try again later', retryable: true } }
  }
}

/** A user's connections share their rates; who has none yet is counted by address. */
function countedBy(who: Stranger | Caller): string {
  return 'identity' in who ? `user ${who.identity.account.id}` : `address ${who.addressKey}`
}

type Run = (data: unknown, services: Services) => unknown

function find(type: string, who: Stranger | Caller): Run {
  const signedIn = 'identity' in who
  if (Object.hasOwn(authenticating, type)) {
    if (signedIn) throw new Refusal('conflict', 'this connection has authenticated already')
    return bind(authenticating[type as keyof typeof authenticating], who)
  }
  if (!Object.hasOwn(authenticated, type)) throw new Refusal('unknown_type', `there is no request ${quoted(type)}`)
  if (!signedIn) throw unauthenticated()
  return bind(authenticated[type as keyof typeof authenticated], who)
}

/** Families are for those who are signed in. */
function userOf(who: Stranger | Caller): Account {
  if ('identity' in who) return who.identity.account
  throw unauthenticated()
}

function unauthenticated(): Refusal {
  return new Refusal('unauthenticated', 'authenticate first')
}

/** The one place where a request's name has picked both its schema and its handler, which TypeScript cannot follow. */
function bind<Who>(handler: unknown, who: Who): Run {
  return (data, services) => (handler as Handler<RequestType, Who>)(data as never, who, services)
}

function schemaOf(type: string): z.ZodMiniType {
  return requests[type as RequestType].request
}

function badRequest(issues: readonly z.core.$ZodIssue[]): Refusal {
  return new Refusal('bad_request', 'the data does not fit', {
    issues: issues
      .slice(0, LIMITS.issues)
      .map(({ path, message }) => ({ path: path.join('.').slice(0, MOST_PATH), message })),
  })
}

/** At most 64 characters of what somebody sent. */
function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 64))
}
