import type { LogEntry } from '@arclight/core/protocol'
import type { ColumnType, Generated } from 'kysely'

/** A column that is written once. */
type Fixed<Value> = ColumnType<Value, Value, never>

/** 0 or 1: the dialects agree on nothing else for a truth value. */
type Flag = number

/** What `account.bot` says: a person, a bot, a bot that was ended, a guest, a guest that was ended, a deleted account. */
export const Kind = { person: 0, bot: 1, endedBot: 2, guest: 3, endedGuest: 4, deleted: 5 } as const

/** The tables of both dialects, as Kysely sees them. */
export interface Tables {
  account: {
    id: Fixed<string>
    name: string
    name_key: string
    password_hash: string
    role: string
    created_at: Fixed<number>
    /** See {@link Kind}. */
    bot: number
    /** The id of an upload. */
    avatar: string | null
    display_name: Generated<string | null>
    /** Of a deleted account: 1 while something of it is to go, 2 while its messages are, too. */
    erasing: Generated<number>
    /** Whether a log-in needs a code. */
    second_factor: Generated<Flag>
  }
  /** One that the account says nothing of was begun and does not count yet. */
  second_factor: {
    user: Fixed<string>
    salt: string
    /** The newest time step of which a code was accepted. */
    step: number
  }
  recovery_code: {
    user: string
    code_hash: Fixed<string>
  }
  identity: {
    issuer: Fixed<string>
    subject: Fixed<string>
    user: Fixed<string>
  }
  invite: {
    id: Fixed<string>
    code_hash: Fixed<string>
    role: Fixed<string>
    by: Fixed<string>
    created_at: Fixed<number>
    expires_at: Fixed<number>
    uses: number
  }
  reset: {
    user: Fixed<string>
    code_hash: string
    expires_at: number
  }
  /** Of whom a user takes no direct messages. */
  block: {
    user: Fixed<string>
    blocked: Fixed<string>
  }
  role: {
    id: Fixed<string>
    name: string
    rank: number
    /** Bits, as `StoredRole` says. */
    permissions: number
    built_in: Fixed<Flag>
  }
  permit: {
    channel: Fixed<string>
    kind: Fixed<'role' | 'user'>
    /** The role's or the user's id. */
    subject: Fixed<string>
    allow: number
    deny: number
  }
  ban: {
    user: Fixed<string>
    by: string
    at: number
    reason: string | null
    until: number | null
  }
  /** What was taken from users in voice channels. */
  silence: {
    channel: Fixed<string>
    user: Fixed<string>
    muted: Flag
    deafened: Flag
  }
  audit: {
    id: Fixed<string>
    at: Fixed<number>
    by: Fixed<string>
    action: Fixed<string>
    target: Fixed<string | null>
    detail: Fixed<string | null>
  }
  session: {
    id: Fixed<string>
    user: Fixed<string>
    label: Fixed<string | null>
    token_hash: string
    /** The token before; null once the newest was used. */
    previous_hash: string | null
    created_at: Fixed<number>
    used_at: number
    expires_at: number
  }
  channel: {
    id: Fixed<string>
    kind: Fixed<'text' | 'voice' | 'direct'>
    name: string
    /** What names are compared by; null of a direct and of a removed channel. */
    name_key: string | null
    /** Finds a direct channel again; null of any other, and of a removed one. */
    direct_key: string | null
    topic: string
    private: Fixed<Flag>
    archived: Flag
    slow_mode_ms: number
    epoch: string
    head: number
    messages: number
    position: number
    /** Nobody sees it any more; its rows go in slices. */
    removed: Flag
  }
  member: {
    channel: Fixed<string>
    user: Fixed<string>
  }
  read_marker: {
    user: Fixed<string>
    channel: Fixed<string>
    seq: number
    ordinal: number
  }
  recording: {
    id: Fixed<string>
    owner: Fixed<string>
    title: string
    state: 'recording' | 'finished' | 'recovered' | 'failed'
    started_at: Fixed<number>
    duration_ms: number
    bytes: number
    video_frames: number
    width: number | null
    height: number | null
  }
  /**
   * What became of messages after they were stored: pointers; content lives in what they point to. That a message was
   * stored its own row says, by its seq.
   */
  entry: {
    channel: Fixed<string>
    seq: Fixed<number>
    type: Fixed<Exclude<LogEntry['type'], 'message.created'>>
    target: Fixed<number>
    actor: Fixed<string>
    at: Fixed<number>
  }
  message: {
    channel: Fixed<string>
    seq: Fixed<number>
    ordinal: Fixed<number>
    author: Fixed<string>
    client_id: Fixed<string>
    rev: number
    at: Fixed<number>
    text: string
    reply_to: Fixed<number | null>
    /** A JSON list of user ids; null for none. */
    mentions: string | null
    edited_at: number | null
    deleted: Generated<Flag>
    /** The seq of the entry that pinned it: the order of the pins. */
    pin_seq: number | null
    /** The reactions as JSON, as a message shows them; null for none. */
    reactions: string | null
    /** The files as JSON, as a message shows them; null for none. */
    attachments: string | null
    /** Its place in the search's index; null once its text is gone. */
    search_id: number | null
  }
  upload: {
    id: Fixed<string>
    owner: Fixed<string>
    purpose: Fixed<'attachment' | 'avatar'>
    state: 'growing' | 'ready' | 'used' | 'removed'
    name: Fixed<string>
    type: string | null
    size: number
    width: number | null
    height: number | null
    thumbnail: Flag
    /** The message that has it. */
    channel: string | null
    seq: number | null
    created_at: Fixed<number>
    expires_at: number
  }
  /** Who is mentioned where, to be counted. */
  mention: {
    user: Fixed<string>
    channel: Fixed<string>
    seq: Fixed<number>
  }
  reaction: {
    channel: Fixed<string>
    seq: Fixed<number>
    emoji: Fixed<string>
    user: Fixed<string>
    /** The seq of the entry that added it: the order of the reactions. */
    entry_seq: Fixed<number>
  }
  /** What is searched: a row a message, in the order of storing. The words themselves are the dialect's own. */
  search_place: {
    id: Generated<number>
    channel: Fixed<string>
    seq: Fixed<number>
    author: Fixed<string>
  }
  webhook: {
    id: Fixed<string>
    direction: Fixed<'in' | 'out'>
    channel: Fixed<string>
    bot: Fixed<string | null>
    url: Fixed<string | null>
    generation: number
    created_at: Fixed<number>
    cursor_epoch: string | null
    cursor_seq: number | null
    failing_since: number | null
  }
}
