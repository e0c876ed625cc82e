/** The one channel and its log, in memory: every entry is a message, so that `seq` less one is its index. */
import { randomUUID } from 'node:crypto'
import { Refusal } from './protocol.mjs'

const [channel, epoch] = ['general', randomUUID()]
const messages = []
const byClientId = new Map()
const listeners = new Set()
const entryOf = (message) => ({ type: 'message.created', channel, seq: message.seq, data: { message } })
const keyOf = (author, clientId) => JSON.stringify([author, clientId])

export const summary = () => ({ id: channel, kind: 'text', name: 'General', epoch, head: messages.length })
export const leave = (listener) => listeners.delete(listener)
export const join = (listener) => {
  listeners.add(listener)
  return summary()
}
export function send({ id, name }, { clientId, text, after }) {
  const known = byClientId.get(keyOf(id, clientId))
  if (known) return known
  if (after !== undefined && !byClientId.has(keyOf(id, after))) throw new Refusal('out_of_order')
  const seq = messages.length + 1
  const message = { channel, seq, ordinal: seq, rev: seq, author: { id, name }, clientId, text, at: Date.now() }
  messages.push(message)
  byClientId.set(keyOf(id, clientId), message)
  for (const tell of listeners) tell(entryOf(message))
  return message
}

export const read = ({ after, limit = 100 }) => {
  return { entries: messages.slice(after, after + limit).map(entryOf), epoch, head: messages.length }
}

export function page({ before, after, around, limit = 50 }) {
  if ([before, after, around].filter((one) => one !== undefined).length > 1) throw new Refusal('bad_request')
  const head = messages.length
  const within = (at) => Math.max(0, Math.min(at, head))
  let to = within((before ?? head + 1) - 1)
  if (after !== undefined) to = within(after + limit)
  if (around !== undefined) to = within(Math.max(limit, around + Math.floor(limit / 2)))
  const from = after === undefined ? within(to - limit) : within(after)
  return { messages: messages.slice(from, to), epoch, asOf: head, hasMoreBefore: from > 0, hasMoreAfter: to < head }
}
