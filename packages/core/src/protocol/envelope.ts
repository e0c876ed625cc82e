import { DecodeError } from '../errors/decode-error.ts'
import type { ErrorBody } from '../errors/request-error.ts'

/** Client to server. `id` is the client's, unique among its pending requests. */
export interface RequestEnvelope {
  readonly id: number
  readonly type: string
  readonly data: unknown
}

/** Server to client: exactly one for each request. */
export type ReplyEnvelope =
  | { readonly re: number; readonly data: unknown }
  | { readonly re: number; readonly error: ErrorBody }

/** Server to client. An entry of a channel's log carries `channel` and `seq`. */
export interface EventEnvelope {
  readonly type: string
  readonly data: unknown
  readonly channel?: string
  readonly seq?: number
}

/** What a client reads from a text frame. */
export type ServerEnvelope =
  | { readonly is: 'reply'; readonly reply: ReplyEnvelope }
  | { readonly is: 'event'; readonly event: EventEnvelope }

/** Reads a request; its data is checked by the request's schema afterwards. */
export function parseRequest(text: string): RequestEnvelope {
  const value = parseObject(text)
  const { id, type, data } = value
  if (!Number.isSafeInteger(id) || (id as number) < 0) throw DecodeError.envelope('"id", a non-negative integer')
  if (typeof type !== 'string') throw DecodeError.envelope('"type", a string')
  return { id: id as number, type, data: data ?? {} }
}

/** Reads what a server sent. Only the envelope is checked: a client trusts its server's data. */
export function parseServerEnvelope(text: string): ServerEnvelope {
  const value = parseObject(text)
  if (Number.isSafeInteger(value.re)) {
    if (value.error !== undefined && !isErrorBody(value.error)) throw DecodeError.envelope('"error" with a code')
    return { is: 'reply', reply: value as unknown as ReplyEnvelope }
  }
  if (typeof value.type !== 'string') throw DecodeError.envelope('a reply with "re" or an event with "type"')
  const { channel, seq } = value
  if ((channel === undefined) !== (seq === undefined)) throw DecodeError.envelope('"channel" and "seq" together')
  if (channel !== undefined && (typeof channel !== 'string' || !Number.isSafeInteger(seq))) {
    throw DecodeError.envelope('"channel", a string, and "seq", an integer')
  }
  return { is: 'event', event: value as unknown as EventEnvelope }
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw DecodeError.json(error)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw DecodeError.json(undefined)
  return value as Record<string, unknown>
}

function isErrorBody(value: unknown): value is ErrorBody {
  if (typeof value !== 'object' || value === null) return false
  const body = value as Partial<ErrorBody>
  return typeof body.code === 'string' && typeof body.message === 'string'
}
