import { expect, test } from 'vitest'
import { RequestError } from '../../src/errors/request-error.ts'

test('[MSG-4] a refusal says the code, and which fields did not fit', () => {
  const issues = [
    { path: 'text', message: 'too long' },
    { path: 'channel', message: 'missing' },
  ]
  const error = RequestError.failed('message.send', { code: 'bad_request', message: 'no', retryable: false, issues })
  expect(error).toMatchObject({ name: 'RequestError', reason: 'failed', code: 'bad_request', retryable: false, issues })
  expect(error.message).toBe('message.send was refused: no (text: too long) (channel: missing)')
})

test('a refusal says how long to wait', () => {
  const body = { code: 'rate_limited', message: 'busy', retryable: true, retryAfterMs: 1_500 } as const
  expect(RequestError.failed('auth.login', body)).toMatchObject({ retryable: true, retryAfterMs: 1_500, issues: [] })
})

test('[MSG-7] unknown and unsent have no code and name their cause', () => {
  const cause = new Error('the wire')
  const unknown = RequestError.unknown('message.send', 'the connection closed', cause)
  expect(unknown).toMatchObject({ reason: 'unknown', code: undefined, cause })
  expect(unknown.message).toBe('message.send was sent and no reply came: the connection closed')
  const unsent = RequestError.unsent('message.send', 'not signed in')
  expect(unsent).toMatchObject({ reason: 'unsent', code: undefined })
  expect(unsent.message).toBe('message.send was not sent: not signed in')
})
