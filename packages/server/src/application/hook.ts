import type { Account } from '@arclight/core'
import type { ReplyData, RequestData, RequestType } from '@arclight/core/protocol'
import type { AuthenticatingType } from '../handlers/handler.ts'

/** Requests that carry a password, or whose reply has a token, a code or a secret, beside the authenticating ones: no hook sees them. */
export const SECRET_TYPES = [
  'account.delete',
  'account.password',
  'account.totp.begin',
  'account.totp.confirm',
  'account.totp.end',
  'account.totp.recovery',
  'account.claim',
  'auth.refresh',
  'user.reset',
  'invite.create',
  'bot.create',
  'bot.renew',
  'webhook.create',
  'webhook.renew',
] as const satisfies readonly RequestType[]

/** The protocol's requests that hooks see: those of users who are signed in, without passwords, tokens and secrets. */
export type HookedType = Exclude<RequestType, AuthenticatingType | (typeof SECRET_TYPES)[number]>

/** A request on its way to its handler. */
interface Asked<Type, Data> {
  readonly type: Type
  /** As the request's schema has checked it. */
  readonly data: Data
  /** Who asks; of a message that comes in by a webhook, its bot. */
  readonly user: Account
  /** Whether it comes from this machine. */
  readonly local: boolean
}

/** A request of one of the protocol's types. */
export type HookRequestOf<Type extends HookedType> = Asked<Type, RequestData<Type>>

/** A request of one of the application's families. */
export interface FamilyHookRequest extends Asked<'family', unknown> {
  /** `poll.vote`. */
  readonly name: string
}

/** A request of any type: `type` tells which, and narrows `data`. */
export type HookRequest = { [Type in HookedType]: HookRequestOf<Type> }[HookedType] | FamilyHookRequest

/**
 * What stands between every request and its handler. `next()` asks the next hook, and behind the last one the handler;
 * `next(data)` gives it other data, which is checked again. Return its reply, or another one, which is checked;
 * `refuse(code, message)` answers with an error.
 */
export type Hook = (request: HookRequest, next: (data?: unknown) => Promise<object>) => object | Promise<object>

/** A hook for each of some types: `{ 'message.send': (request, next) => … }`. See {@link Hook}. */
export type HooksByType = ProtocolHooks & {
  readonly family?: (request: FamilyHookRequest, next: (data?: unknown) => Promise<object>) => object | Promise<object>
}

type ProtocolHooks = {
  readonly [Type in HookedType]?: (
    request: HookRequestOf<Type>,
    next: (data?: RequestData<Type>) => Promise<ReplyData<Type>>,
  ) => ReplyData<Type> | Promise<ReplyData<Type>>
}
