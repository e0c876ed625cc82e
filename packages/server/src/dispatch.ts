import type { Account, ErrorBody, Message } from '@arclight/core'
import { type ReplyData, type RequestEnvelope, type RequestType, requests } from '@arclight/core/protocol'
import * as z from 'zod/mini'
import type { Work } from './application/hooked-request.ts'
import { fitting } from './fitting.ts'
import type { Caller, Handler, Services, Stranger } from './handlers/handler.ts'
import { authenticated, authenticating } from './handlers/index.ts'
import * as message from './handlers/message.ts'
import { Refusal } from './refusal.ts'

/** What goes back. */
export type Answer = { readonly data: unknown } | { readonly error: ErrorBody }

/**
 * Finds the request's handler, checks its data, asks the application's hooks and runs it. Every request gets an answer,
 * whatever happens.
 */
export async function answer(
  { type, data }: RequestEnvelope,
  who: Stranger | Caller,
  services: Services,
  failed: (error: unknown) => void,
): Promise<Answer> {
  try {
    services.rates.admit(countedBy(who), type)
    const isFamily = services.families.has(type)
    const work = isFamily ? services.families.work(type, userOf(who)) : workOf(type, who, services)
    const checking = work.check(data)
    // What is checked at once is handled at once: requests of one connection keep their order.
    const checked = checking instanceof Promise ? await checking : checking
    if (!('identity' in who)) return { data: await work.run(checked) }
    const { identity, local } = who
    const asked = isFamily ? { type: 'family', name: type } : { type }
    return { data: await services.hooks.answer({ ...asked, data: checked, user: identity.account, local }, work) }
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

/**
 * Stores a message of somebody who has no connection, as if they had one: rates, schema, hooks and permissions are those
 * of `message.send`. Throws Refusal.
 */
export async function sendAs(account: Account, data: object, services: Services): Promise<Message> {
  const type = 'message.send'
  services.rates.admit(`user ${account.id}`, type)
  const work = bind(type, message.send, { identity: { account } }, services)
  const checked = work.check(data)
  const reply = await services.hooks.answer({ type, data: checked, user: account, local: false }, work)
  return (reply as ReplyData<typeof type>).message
}

function workOf(type: string, who: Stranger | Caller, services: Services): Work {
  const signedIn = 'identity' in who
  if (Object.hasOwn(authenticating, type)) {
    if (signedIn) throw new Refusal('conflict', 'this connection has authenticated already')
    return bind(type, authenticating[type as keyof typeof authenticating], who, services)
  }
  if (!Object.hasOwn(authenticated, type)) throw new Refusal('unknown_type', `there is no request ${quoted(type)}`)
  if (!signedIn) throw unauthenticated()
  return bind(type, authenticated[type as keyof typeof authenticated], who, services)
}

/** Families are for those who are signed in. */
function userOf(who: Stranger | Caller): Account {
  if ('identity' in who) return who.identity.account
  throw unauthenticated()
}

function unauthenticated(): Refusal {
  return new Refusal('unauthenticated', 'authenticate first')
}

/** The one place where a request's name has picked both its schemas and its handler, which TypeScript cannot follow. */
function bind<Who>(type: string, handler: unknown, who: Who, services: Services): Work {
  const { request, reply } = requests[type as RequestType]
  return {
    check: (data) => fitting(request, data),
    run: (data) => (handler as Handler<RequestType, Who>)(data as never, who, services),
    checkReply: (given) => {
      const parsed = z.safeParse(reply, given)
      if (!parsed.success) throw new TypeError(`the reply to ${type} does not fit: ${z.prettifyError(parsed.error)}`)
    },
  }
}

/** At most 64 characters of what somebody sent. */
function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 64))
}
