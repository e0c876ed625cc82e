import type { EventData, EventType } from '../protocol/events.ts'
import type { Channels } from './channels/channels.ts'
import type { Presence } from './presence.ts'
import type { Recorder } from './recorder/recorder.ts'
import type { Session } from './session.ts'
import type { Users } from './users.ts'
import type { Voice } from './voice/voice.ts'

/** Who is told of events: the parts of a client. */
export interface EventReceivers {
  readonly channels: Channels
  readonly presence: Presence
  readonly voice: Voice
  readonly recorder: Recorder
  readonly users: Users
  readonly session: Session
  /** Who is signed in. */
  readonly user: () => string | undefined
  readonly fault: (error: unknown) => void
}

type EventHandlers = { readonly [Type in EventType]?: (data: EventData<Type>) => void }

/** What is done with each event of the protocol that is no entry of a log; false where it knows none of this type. */
export function eventHandlers(parts: EventReceivers): (type: string, data: unknown) => boolean {
  const { channels, presence, voice, recorder, users, session, user, fault } = parts
  const handlers: EventHandlers = {
    'channel.changed': (data) => channels.changed(data),
    'channel.ordered': (data) => channels.ordered(data),
    'channel.removed': (data) => {
      channels.removed(data)
      voice.removed(data)
    },
    'channel.lagging': (data) => channels.lagging(data),
    'account.changed': ({ user: account }) => session.accountChanged(account),
    'user.changed': (data) => {
      session.changed(data.user)
      users.changed(data.user)
    },
    'user.blocked': (data) => users.wasBlocked(data),
    'read.changed': (data) => channels.marked(data),
    'typing.changed': (data) => channels.typed(data),
    'presence.changed': (data) => presence.changed(data, data.user.id === user()),
    'voice.changed': (data) => voice.changed(data),
    'voice.moved': (data) => voice.moved(data),
    'voice.sent': (data) => voice.sent(data),
    'voice.left': (data) => voice.left(data),
    'track.published': (data) => voice.trackPublished(data),
    'track.unpublished': (data) => voice.trackUnpublished(data),
    'recording.progress': (data) => recorder.progressed(data),
    'recording.failed': (data) => recorder.failed(data),
    'track.ack': (data) => recorder.acked(data),
    'session.rejected': fault,
  }
  const table = new Map(Object.entries(handlers) as [string, (data: unknown) => void][])
  return (type, data) => {
    const handle = table.get(type)
    handle?.(data)
    return handle !== undefined
  }
}
