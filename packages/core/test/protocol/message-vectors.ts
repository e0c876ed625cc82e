import type { EventType } from '../../src/protocol/events.ts'
import type { RequestType } from '../../src/protocol/requests.ts'
import account from '../../vectors/messages/account.json' with { type: 'json' }
import audit from '../../vectors/messages/audit.json' with { type: 'json' }
import auth from '../../vectors/messages/auth.json' with { type: 'json' }
import ban from '../../vectors/messages/ban.json' with { type: 'json' }
import bot from '../../vectors/messages/bot.json' with { type: 'json' }
import channel from '../../vectors/messages/channel.json' with { type: 'json' }
import direct from '../../vectors/messages/direct.json' with { type: 'json' }
import file from '../../vectors/messages/file.json' with { type: 'json' }
import history from '../../vectors/messages/history.json' with { type: 'json' }
import invite from '../../vectors/messages/invite.json' with { type: 'json' }
import log from '../../vectors/messages/log.json' with { type: 'json' }
import member from '../../vectors/messages/member.json' with { type: 'json' }
import message from '../../vectors/messages/message.json' with { type: 'json' }
import permit from '../../vectors/messages/permit.json' with { type: 'json' }
import presence from '../../vectors/messages/presence.json' with { type: 'json' }
import read from '../../vectors/messages/read.json' with { type: 'json' }
import recording from '../../vectors/messages/recording.json' with { type: 'json' }
import role from '../../vectors/messages/role.json' with { type: 'json' }
import session from '../../vectors/messages/session.json' with { type: 'json' }
import track from '../../vectors/messages/track.json' with { type: 'json' }
import typing from '../../vectors/messages/typing.json' with { type: 'json' }
import user from '../../vectors/messages/user.json' with { type: 'json' }
import voice from '../../vectors/messages/voice.json' with { type: 'json' }
import webhook from '../../vectors/messages/webhook.json' with { type: 'json' }

type Texts = Readonly<Record<string, string | undefined>>

/** A bad example. `path` names the field at fault as an error reply's issue does, '' the data itself. */
export interface BadVector {
  readonly meaning: string
  readonly path: string
  /** JSON Schema cannot say what is wrong, the schema of the sources can. */
  readonly notInJsonSchema?: boolean
  /** No schema says what is wrong: this rule does. */
  readonly beyondSchema?: string
}

/** What the vectors say of a request. The first good example has every field that the others have. */
export interface RequestVector {
  readonly direction: string
  readonly summary: string
  readonly authentication: string
  readonly capability: string
  readonly rules: readonly string[]
  readonly errors: Texts
  readonly fields: { readonly request: Texts; readonly reply: Texts }
  readonly good: readonly { readonly meaning: string; readonly request: unknown; readonly reply: unknown }[]
  readonly bad: readonly (BadVector & { readonly request: unknown })[]
}

/** What the vectors say of an event. `entry`: it stands in a channel's log. */
export interface EventVector {
  readonly direction: string
  readonly summary: string
  readonly entry?: boolean
  readonly rules: readonly string[]
  readonly fields: Texts
  readonly good: readonly {
    readonly meaning: string
    readonly data: unknown
    readonly channel?: string
    readonly seq?: number
  }[]
  readonly bad: readonly (BadVector & { readonly data: unknown })[]
}

/** A request that vectors/messages does not describe does not compile. */
export const requestVectors: Readonly<Record<RequestType, RequestVector>> = {
  ...session.requests,
  ...auth.requests,
  ...channel.requests,
  ...member.requests,
  ...direct.requests,
  ...user.requests,
  ...file.requests,
  ...account.requests,
  ...invite.requests,
  ...role.requests,
  ...permit.requests,
  ...ban.requests,
  ...audit.requests,
  ...log.requests,
  ...message.requests,
  ...history.requests,
  ...read.requests,
  ...typing.requests,
  ...presence.requests,
  ...bot.requests,
  ...webhook.requests,
  ...voice.requests,
  ...track.requests,
  ...recording.requests,
}

/** An event that vectors/messages does not describe does not compile. */
export const eventVectors: Readonly<Record<EventType, EventVector>> = {
  ...session.events,
  ...account.events,
  ...role.events,
  ...channel.events,
  ...user.events,
  ...message.events,
  ...read.events,
  ...typing.events,
  ...presence.events,
  ...voice.events,
  ...track.events,
  ...recording.events,
}
