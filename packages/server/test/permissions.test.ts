import { expect, test } from 'vitest'
import { may } from '../src/permissions.ts'

test('everybody signed in may use a channel, and only its owner has a recording', () => {
  const channel = { id: 'general', kind: 'text', name: 'general', epoch: 'e', head: 0 } as const
  for (const to of ['read', 'write', 'talk'] as const) expect(may('mei', { to, channel })).toBe(true)
  const recording = { owner: { id: 'mei', name: 'Mei' } }
  expect([may('mei', { to: 'have', recording }), may('li', { to: 'have', recording })]).toEqual([true, false])
})
