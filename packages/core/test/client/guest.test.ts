import { expect, test } from 'vitest'
import { settle } from './settle.ts'
import { testClient } from './test-client.ts'
import { SIGNED_IN } from './wire-data.ts'

test('[AUTH-15][AUTH-16] a guest signs in without a password, and takes one', async () => {
  const guest = { id: 'u8', name: 'guest-k7m2xq', role: 'guest', guest: true } as const
  const claimed = { id: 'u8', name: 'li', role: 'member' }
  const { client, peer } = testClient({
    answers: {
      'auth.guest': () => ({ ...SIGNED_IN, user: guest }),
      'account.claim': () => ({ user: claimed }),
    },
  })
  expect(await client.signInAsGuest()).toEqual(guest)
  expect(client.user?.guest).toBe(true)
  expect(await client.claim({ name: 'li', password: 'long enough' })).toEqual(claimed)
  expect(peer.asked('account.claim')).toEqual([{ name: 'li', password: 'long enough' }])
  expect(client.user).toEqual(claimed)
  peer.connection.send({ type: 'account.changed', data: { user: { ...claimed, role: 'moderator' } } })
  await settle()
  expect(client.user?.role).toBe('moderator')
})
