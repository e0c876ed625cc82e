import type { StandardSchemaV1 as Schema } from '@standard-schema/spec'
import type { Rate } from './rates.ts'
import { requests as coreRequests } from './requests.ts'
import type { Account } from './user.ts'

/**
 * A request of an application's own. Its schemas may be of any library that speaks Standard Schema (zod, valibot,
 * arktype); what is on the wire is what they say, so they must not transform.
 */
export interface FamilyRequest {
  readonly data: Schema
  readonly reply: Schema
  /** How often a user may ask it; the server's default unless told. */
  readonly rate?: Rate
}

/** The messages of an application's own, under one name: `poll.vote`, `poll.changed`. */
export interface Family<
  Name extends string = string,
  Requests extends Readonly<Record<string, FamilyRequest>> = Readonly<Record<string, FamilyRequest>>,
  Events extends Readonly<Record<string, Schema>> = Readonly<Record<string, Schema>>,
> {
  readonly name: Name
  readonly requests: Requests
  readonly events: Events
  /** For the server: what answers the requests, and who may ask them. */
  handle(
    handlers: FamilyHandlers<Requests, Events>,
    options?: { readonly permit?: (request: Asked) => boolean | Promise<boolean> },
  ): HandledFamily<Name, Requests, Events>
}

/** Who hears an event: everybody who is signed in, those who listen to a channel, or one user on all their devices. */
export type Recipients = 'everyone' | { readonly channel: string } | { readonly user: string }

/** A request that has come, before its handler: what `permit` decides on. */
export interface Asked {
  /** Without the family's name. */
  readonly type: string
  readonly user: Account
  readonly data: unknown
}

/** What a handler is given. */
export interface FamilyCall<Data, Events extends Readonly<Record<string, Schema>>> {
  /** Checked by the request's schema. */
  readonly data: Data
  readonly user: Account
  /**
   * Sends an event, to everybody unless told. It is not kept for those who are away. Throws TypeError where the data does
   * not fit.
   */
  emit<Type extends keyof Events & string>(type: Type, data: Schema.InferInput<Events[Type]>, to?: Recipients): void
}

/** A function for each request; what it throws is answered with an error, what it returns with a reply. */
export type FamilyHandlers<
  Requests extends Readonly<Record<string, FamilyRequest>>,
  Events extends Readonly<Record<string, Schema>>,
> = {
  readonly [Type in keyof Requests]: {
    // A method, so that a family whose types are not known takes any family's handlers.
    handle(
      call: FamilyCall<Schema.InferOutput<Requests[Type]['data']>, Events>,
    ): Schema.InferInput<Requests[Type]['reply']> | Promise<Schema.InferInput<Requests[Type]['reply']>>
  }['handle']
}

/** A family with its handlers: what `createServer({ families })` takes. */
export interface HandledFamily<
  Name extends string = string,
  Requests extends Readonly<Record<string, FamilyRequest>> = Readonly<Record<string, FamilyRequest>>,
  Events extends Readonly<Record<string, Schema>> = Readonly<Record<string, Schema>>,
> {
  readonly family: Family<Name, Requests, Events>
  readonly handlers: FamilyHandlers<Requests, Events>
  readonly permit: ((request: Asked) => boolean | Promise<boolean>) | undefined
}

/** `poll.vote` for each request of each family. */
export type FamilyRequestType<Families extends readonly Family[]> = {
  [At in keyof Families]: Families[At] extends Family<infer Name, infer Requests, infer _>
    ? `${Name}.${keyof Requests & string}`
    : never
}[number]

/** The definition of a family's request, by its name on the wire. */
export type FamilyRequestOf<Families extends readonly Family[], Type extends string> = {
  [At in keyof Families]: Families[At] extends Family<infer Name, infer Requests, infer _>
    ? Type extends `${Name}.${infer Request extends keyof Requests & string}`
      ? Requests[Request]
      : never
    : never
}[number]

/** The data of all events of the families, by their names on the wire. */
export type FamilyEvents<Families extends readonly Family[]> = {
  [Type in FamilyEventType<Families>]: Schema.InferOutput<FamilyEventOf<Families, Type>>
}

type FamilyEventType<Families extends readonly Family[]> = {
  [At in keyof Families]: Families[At] extends Family<infer Name, infer _, infer Events>
    ? `${Name}.${keyof Events & string}`
    : never
}[number]

type FamilyEventOf<Families extends readonly Family[], Type extends string> = {
  [At in keyof Families]: Families[At] extends Family<infer Name, infer _, infer Events>
    ? Type extends `${Name}.${infer Event extends keyof Events & string}`
      ? Events[Event]
      : never
    : never
}[number]

const FAMILY_NAME = /^[a-z][a-z0-9-]{0,31}$/
const MESSAGE_NAME = /^[a-z][a-zA-Z0-9]{0,31}$/
/** Families of the protocol that are to come: an application that took one today could not be updated. */
const RESERVED = [
  'member',
  'presence',
  'typing',
  'reaction',
  'pin',
  'marker',
  'assistant',
  'upload',
  'attachment',
  'audit',
  'user',
  'server',
]

/**
 * Defines messages of an application's own, for both ends. Requests are imperative (`vote`), events past tense
 * (`changed`). Throws TypeError for a name that is not its own.
 */
export function defineFamily<
  const Name extends string,
  Requests extends Readonly<Record<string, FamilyRequest>>,
  Events extends Readonly<Record<string, Schema>>,
>(name: Name, definition: { readonly requests: Requests; readonly events: Events }): Family<Name, Requests, Events> {
  if (!FAMILY_NAME.test(name))
    throw new TypeError(`expected a family's name such as "poll", got ${JSON.stringify(name)}`)
  if (isTaken(name)) throw new TypeError(`the family "${name}" is the protocol's own`)
  for (const type of [...Object.keys(definition.requests), ...Object.keys(definition.events)]) {
    if (!MESSAGE_NAME.test(type)) throw new TypeError(`expected a name such as "vote", got ${JSON.stringify(type)}`)
  }
  const family: Family<Name, Requests, Events> = {
    name,
    requests: definition.requests,
    events: definition.events,
    handle: (handlers, { permit } = {}) => ({ family, handlers, permit }),
  }
  return family
}

function isTaken(name: string): boolean {
  return RESERVED.includes(name) || Object.keys(coreRequests).some((type) => type.startsWith(`${name}.`))
}
