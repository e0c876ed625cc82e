import { expect, test } from 'vitest'
import { reconnect, signedInClient } from './signed-in-client.ts'
import { SIGNED_IN } from './wire-data.ts'

test('[BLOCK-1] a client has whom its user blocks, from signing in on, whoever of their devices changed it', async () => {
  const resumed = { ...SIGNED_IN, channels: {} }
  const answers = {
    'auth.login': () => ({ ...SIGNED_IN, blocked: ['u5'] }),
    'session.resume': () => resumed,
    'user.block': () => ({}),
  }
  const made = await signedInClient({ answers })
  const { client, peer } = made
  expect([...client.users.blocked]).toEqual(['u5'])
  const told: string[][] = []
  client.users.on('blocked', ({ blocked }) => told.push([...blocked]))
  peer.connection.send({ type: 'user.blocked', data: { user: 'u7', on: true } })
  await client.users.block('u8')
  await client.users.unblock('u5')
  expect(peer.asked('user.block')).toEqual([
    { user: 'u8', on: true },
    { user: 'u5', on: false },
  ])
  await reconnect(made)
  expect(told).toEqual([['u5', 'u7'], ['u5', 'u7', 'u8'], ['u7', 'u8'], []])
  expect(client.users.blocked.size).toBe(0)
})
