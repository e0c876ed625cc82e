import type { Authenticated } from '../../src/protocol/auth.ts'
import { CAPABILITIES } from '../../src/protocol/capabilities.ts'
import type { ChannelSummary } from '../../src/protocol/channel.ts'
import type { LogEntry } from '../../src/protocol/log.ts'
import type { Message } from '../../src/protocol/message.ts'
import type { SessionHello } from '../../src/protocol/session.ts'
import type { AudioFormat, TrackSummary } from '../../src/protocol/track.ts'
import type { Account } from '../../src/protocol/user.ts'
import type { VoiceMember } from '../../src/protocol/voice.ts'

export const HELLO: SessionHello = {
  server: 's1',
  capabilities: [...CAPABILITIES],
  registration: 'open',
  limits: { page: 100 },
  clock: { session: 5_000_000_000, wall: 1_700_000_000_000 },
}
export const MEI: Account = { id: 'u1', name: 'mei', role: 'member' }
export const TOKEN = 'token-of-mei-in-a-browser'
const DAY = 86_400_000
/** What a server says of mei's session: 30 days, to be refreshed after 15. */
export const SIGNED_IN: Authenticated = {
  user: MEI,
  token: TOKEN,
  session: 'session-of-mei',
  expiresAt: HELLO.clock.wall + 30 * DAY,
  refreshAt: HELLO.clock.wall + 15 * DAY,
}
export const FORMAT: AudioFormat = { kind: 'audio', codec: 'opus', sampleRate: 48_000, channels: 1 }

/** The message at `seq` of a channel: each as its seq says. */
export function messageAt(seq: number, channel = 'general'): Message {
  const author = { id: 'u2', name: 'ben' }
  return { channel, seq, ordinal: seq, rev: seq, author, clientId: `c${seq}`, text: `text ${seq}`, at: 1_000 + seq }
}

/** The entry at `seq` of a channel's log, as it comes live and in a page. */
export function entryAt(seq: number, channel = 'general'): LogEntry {
  return { type: 'message.created', channel, seq, data: { message: messageAt(seq, channel) } }
}

/** Entries from `first` to `last`. */
export function entriesOf(first: number, last: number): LogEntry[] {
  return Array.from({ length: last - first + 1 }, (_, index) => entryAt(first + index))
}

export function channelAt(head: number, id = 'general', epoch = 'e1'): ChannelSummary {
  return { id, kind: 'text', name: id, epoch, head }
}

/** A member of a call, `m-ben` for the user ben. */
export function memberNamed(name: string, change: Partial<VoiceMember> = {}): VoiceMember {
  const user = { id: `u-${name}`, name }
  return { member: `m-${name}`, user, muted: false, deafened: false, reconnecting: false, tracks: [], ...change }
}

export function trackNumbered(track: number, key = 'microphone'): TrackSummary {
  return { track, key, format: FORMAT }
}

/** The entry at `seq` that says of an earlier message how it is now; `change` may make it newer than the entry. */
export function changeAt(seq: number, change: Partial<Message> & { readonly seq: number }): LogEntry {
  const { channel = 'general' } = change
  const message: Message = { ...messageAt(change.seq, channel), rev: seq, ...change }
  return { type: message.deleted ? 'message.deleted' : 'message.changed', channel, seq, data: { message } }
}
