import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import { DecodeError } from '../../src/errors/decode-error.ts'
import { parseRequest, parseServerEnvelope } from '../../src/protocol/envelope.ts'
import { requests } from '../../src/protocol/requests.ts'
import vectors from '../../vectors/control-frames.json' with { type: 'json' }
import { caught } from '../caught.ts'

/** What the codec and the schemas make of a client's frame; what the server's handlers add is `undefined` here. */
function atServer(text: string): object {
  const error = caught(() => parseRequest(text))
  if (error instanceof DecodeError) return { is: 'rejected', reason: error.reason }
  const { id: re, type, data } = parseRequest(text)
  if (!Object.hasOwn(requests, type)) return { is: 'reply', re, code: 'unknown_type' }
  const { error: misfit } = z.safeParse(requests[type as keyof typeof requests].request, data)
  const path = misfit?.issues[0]?.path.join('.')
  const authenticates = type !== 'channel.list' && type !== 'channel.join'
  if (path !== undefined && authenticates) return { is: 'reply', re, code: 'bad_request', path }
  return { is: 'reply', re }
}

function atClient(text: string): object {
  const error = caught(() => parseServerEnvelope(text))
  if (error instanceof DecodeError) return { is: 'unreadable', reason: error.reason }
  const envelope = parseServerEnvelope(text)
  if (envelope.is === 'reply') {
    const { reply } = envelope
    return { is: 'reply', re: reply.re, ...('error' in reply ? { code: reply.error.code } : {}) }
  }
  const { type, channel, seq } = envelope.event
  return channel === undefined ? { is: 'event', type } : { is: 'entry', type, channel, seq }
}

test('[MSG-1][MSG-2][BAD-1] every frame to a server is read as the vectors say', () => {
  for (const { meaning, text, does } of vectors.toServer) expect(does, meaning).toMatchObject(atServer(text))
})

test('[MSG-3][MSG-5] every frame to a client is read as the vectors say', () => {
  for (const { meaning, text, does } of vectors.toClient) expect(does, meaning).toEqual(atClient(text))
})

test('the vectors cover every outcome and every reason', () => {
  const outcomes = [...vectors.toServer, ...vectors.toClient].map(({ does }) => Object.values(does).join(' '))
  const all = outcomes.join('\n')
  for (const word of [
    'rejected json',
    'rejected envelope',
    'unreadable json',
    'unreadable envelope',
    'entry',
    'event',
  ]) {
    expect(all).toContain(word)
  }
  for (const code of ['unknown_type', 'bad_request', 'unauthenticated']) expect(all).toContain(code)
})
