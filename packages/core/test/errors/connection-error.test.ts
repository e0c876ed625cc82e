import { expect, test } from 'vitest'
import { ConnectionError } from '../../src/errors/connection-error.ts'

test('a refused connection carries the close code', () => {
  const error = ConnectionError.refused(4501, 'revoked')
  expect(error).toMatchObject({ name: 'ConnectionError', reason: 'refused', code: 4501 })
  expect(error.message).toBe('the server closed the connection for good: 4501 revoked')
  expect(ConnectionError.refused(1002, '').message).toBe('the server closed the connection for good: 1002')
})

test('signed out and closed have no code', () => {
  const cause = new Error('unauthenticated')
  expect(ConnectionError.signedOut(cause)).toMatchObject({ reason: 'signed-out', code: undefined, cause })
  expect(ConnectionError.closed()).toMatchObject({ reason: 'closed', code: undefined })
})
