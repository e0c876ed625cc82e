import { expect, test } from 'vitest'
import type { PresenceWatch } from '../../src/client/presence.ts'
import type { PresenceStatus, UserPresence } from '../../src/protocol/presence.ts'
import { outcomeOf } from './outcome.ts'
import { Refusal } from './refusal.ts'
import { settle } from './settle.ts'
import { reconnect, signedInClient } from './signed-in-client.ts'
import { SIGNED_IN } from './wire-data.ts'

const is = (name: string, status: PresenceStatus): UserPresence => ({ user: { id: `u-${name}`, name }, status })

/** A client of a server on which these are there. */
async function among(...present: UserPresence[]) {
  const made = await signedInClient({
    answers: {
      'presence.watch': () => ({ present, count: present.length }),
      'presence.unwatch': () => ({}),
      'presence.set': () => ({}),
    },
  })
  const says = (presence: UserPresence) => made.peer.connection.send({ type: 'presence.changed', data: presence })
  return { ...made, says }
}

function follow(watch: PresenceWatch): string[] {
  const told: string[] = []
  watch.on('changed', ({ user, status }) => told.push(`${user.name} ${status}`))
  return told
}

test('[PRES-1] a watch knows who is there, and tells who comes, goes and is shown otherwise', async () => {
  const { client, says } = await among(is('ben', 'online'), is('li', 'away'))
  const presence = await client.presence.watch()
  const told = follow(presence)
  expect(['u-ben', 'u-li', 'u-zoe'].map((id) => presence.get(id))).toEqual(['online', 'away', 'offline'])
  says(is('zoe', 'online'))
  says(is('li', 'busy'))
  says(is('ben', 'offline'))
  expect(told).toEqual(['zoe online', 'li busy', 'ben offline'])
  expect(presence.users).toEqual([is('li', 'busy'), is('zoe', 'online')])
  expect([presence.get('u-ben'), presence.count]).toEqual(['offline', 2])
})

test('[PRES-1] after a reconnect it is declared anew, and what has changed meanwhile is told', async () => {
  const made = await among(is('ben', 'online'), is('li', 'away'), is('zoe', 'online'))
  const { client, peer } = made
  const told = follow(await client.presence.watch())
  const present = [is('li', 'online'), is('zoe', 'online'), is('mei', 'online')]
  peer.answers['presence.watch'] = () => ({ present, count: 3 })
  await reconnect(made)
  expect(peer.types).toEqual(['session.resume', 'presence.watch'])
  expect(told).toEqual(['li online', 'mei online', 'ben offline'])
})

test('[PRES-1] those that the server did not name are counted', async () => {
  const { client, peer, says } = await among()
  peer.answers['presence.watch'] = () => ({ present: [is('ben', 'online')], count: 700 })
  const presence = await client.presence.watch()
  expect(presence.count).toBe(700)
  says(is('ben', 'offline'))
  expect([presence.count, presence.users]).toEqual([699, []])
})

test('[PRES-1] a closed watch tells nothing; the server is told when the last is closed', async () => {
  const made = await among(is('ben', 'online'))
  const { client, peer, says } = made
  const [first, second] = [await client.presence.watch(), await client.presence.watch()]
  const told = [follow(first), follow(second)]
  await first.close()
  says(is('ben', 'away'))
  expect([told, peer.asked('presence.unwatch')]).toEqual([[[], ['ben away']], []])
  await second.close()
  await second.close()
  expect(peer.asked('presence.unwatch')).toHaveLength(1)
  await reconnect(made)
  expect(peer.types).toEqual(['session.resume'])
})

test('a watch that is refused rejects, and is not declared again', async () => {
  const made = await among()
  made.peer.answers['presence.watch'] = () => new Refusal('unknown_type')
  await expect(made.client.presence.watch()).rejects.toMatchObject({ code: 'unknown_type' })
  await reconnect(made)
  expect(made.peer.types).toEqual(['session.resume'])
})

test('a watch that cannot be declared after a reconnect says so', async () => {
  const made = await among(is('ben', 'online'))
  const presence = await made.client.presence.watch()
  const stalled: unknown[] = []
  presence.on('stalled', (error) => stalled.push(error))
  made.peer.answers['presence.watch'] = () => new Refusal('unavailable', { retryable: true })
  await reconnect(made)
  expect([stalled, presence.get('u-ben')]).toMatchObject([[{ code: 'unavailable' }], 'online'])
})

test('[PRES-3] how one is shown is said again after each reconnect, before who is there is asked', async () => {
  const made = await among()
  const { client, peer } = made
  await client.presence.watch()
  await client.presence.set('offline')
  await reconnect(made)
  expect(peer.types).toEqual(['session.resume', 'presence.set', 'presence.watch'])
  expect(peer.asked('presence.set')).toEqual([{ status: 'offline' }])
  await client.presence.set('online')
  await reconnect(made)
  expect(peer.types).toEqual(['session.resume', 'presence.watch'])
})

test('[PRES-3] what another device has set since is not said otherwise', async () => {
  const made = await among()
  const { client, peer, says } = made
  await client.presence.watch()
  await client.presence.set('away')
  says({ user: { id: 'u1', name: 'mei' }, status: 'busy' })
  await reconnect(made)
  expect(peer.asked('presence.set')).toEqual([{ status: 'busy' }])
})

test('a status that is refused is not said again, and a watch closes whatever the connection does', async () => {
  const made = await among()
  const { client, peer } = made
  peer.answers['presence.set'] = () => new Refusal('unavailable', { retryable: true })
  await expect(client.presence.set('away')).rejects.toMatchObject({ code: 'unavailable' })
  peer.answers['presence.unwatch'] = () => undefined
  const closed = outcomeOf((await client.presence.watch()).close())
  await reconnect(made)
  expect([closed.status, peer.types]).toEqual(['fulfilled', ['session.resume']])
})

test('another user is shown as they are', async () => {
  const { client, peer } = await among()
  await client.presence.set('offline')
  await client.logout()
  peer.answers['auth.login'] = () => ({ ...SIGNED_IN, user: { id: 'u2', name: 'ben', role: 'member' } })
  await client.login({ name: 'ben', password: 'long enough' })
  await settle()
  expect(peer.asked('presence.set')).toEqual([])
})
