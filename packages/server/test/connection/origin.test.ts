import { expect, test } from 'vitest'
import { allowsOrigin } from '../../src/origin.ts'

const LISTED = ['https://chat.example.org', 'http://localhost:3000']

test('[CONN-4] the decision for an origin', () => {
  expect(allowsOrigin(undefined, 'talk.example.org', [])).toBe(true)
  expect(allowsOrigin('https://talk.example.org', 'talk.example.org', [])).toBe(true)
  expect(allowsOrigin('https://talk.example.org:8443', 'talk.example.org:8443', [])).toBe(true)
  expect(allowsOrigin('https://chat.example.org', 'talk.example.org', LISTED)).toBe(true)
  expect(allowsOrigin('http://localhost:3000', 'localhost:5005', LISTED)).toBe(true)
  expect(allowsOrigin('https://talk.example.org', 'talk.example.org:8443', LISTED)).toBe(false)
  expect(allowsOrigin('http://chat.example.org', 'talk.example.org', LISTED)).toBe(false)
  expect(allowsOrigin('https://talk.example.org', undefined, LISTED)).toBe(false)
  expect(allowsOrigin('null', 'talk.example.org', LISTED)).toBe(false)
  expect(allowsOrigin('', 'talk.example.org', LISTED)).toBe(false)
  expect(allowsOrigin('file:///home', undefined, LISTED)).toBe(false)
})
