import type { ColumnType } from 'kysely'

/** A column that is written once. */
type Fixed<Value> = ColumnType<Value, Value, never>

/** The tables of both dialects, as Kysely sees them. */
export interface Tables {
  account: {
    id: Fixed<string>
    name: string
    name_key: string
    password_hash: string
    role: 'owner' | 'member'
    created_at: Fixed<number>
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
    kind: 'text' | 'voice'
    name: string
    epoch: string
    head: number
    messages: number
    position: number
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
  /** The log: pointers; content lives in what they point to. */
  entry: {
    channel: Fixed<string>
    seq: Fixed<number>
    type: Fixed<'message.created'>
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
  }
}
