import { expect, test } from 'vitest'
import { CLOSE, mayReconnect } from '../../src/protocol/close-codes.ts'

test('[CLOSE-1] every code of ours says by its number whether the client may come back', () => {
  expect(CLOSE).toEqual({
    restarting: 4000,
    slow: 4001,
    silent: 4002,
    authenticationTimeout: 4003,
    crowded: 4004,
    malformed: 4500,
    revoked: 4501,
    expired: 4502,
    banned: 4503,
  })
  const answers = Object.entries(CLOSE).map(([name, code]) => [name, mayReconnect(code)])
  expect(Object.fromEntries(answers)).toEqual({
    restarting: true,
    slow: true,
    silent: true,
    authenticationTimeout: true,
    crowded: true,
    malformed: false,
    revoked: false,
    expired: false,
    banned: false,
  })
})

test('[CLOSE-1] codes 4000 to 4499 allow it and 4500 to 4999 do not, known or not', () => {
  for (let code = 4000; code < 5000; code++) expect(mayReconnect(code), `${code}`).toBe(code <= 4499)
})

test('[CLOSE-1] of the standard codes exactly 1002, 1003, 1007, 1008, 1009 and 1010 are final', () => {
  const standard = Array.from({ length: 16 }, (_, index) => 1000 + index)
  expect(standard.filter((code) => !mayReconnect(code))).toEqual([1002, 1003, 1007, 1008, 1009, 1010])
})
