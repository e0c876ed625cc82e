import type { EventType } from '../../src/protocol/events.ts'
import type { RequestType } from '../../src/protocol/requests.ts'
import auth from '../../vectors/messages/auth.json' with { type: 'json' }
import channel from '../../vectors/messages/channel.json' with { type: 'json' }
import history from '../../vectors/messages/history.json' with { type: 'json' }
import log from '../../vectors/messages/log.json' with { type: 'json' }
import message from '../../vectors/messages/message.json' with { type: 'json' }
import recording from '../../vectors/messages/recording.json' with { type: 'json' }
import session from '../../vectors/messages/session.json' with { type: 'json' }
import track from '../../vectors/messages/track.json' with { type: 'json' }
import voice from '../../vectors/messages/voice.json' with { type: 'json' }

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
  ...log.requests,
  ...message.requests,
  ...history.requests,
  ...voice.requests,
  ...track.requests,
  ...recording.requests,
}

/** An event that vectors/messages does not describe does not compile. */
export const eventVectors: Readonly<Record<EventType, EventVector>> = {
  ...session.events,
  ...channel.events,
  ...message.events,
  ...voice.events,
  ...track.events,
  ...recording.events,
}
