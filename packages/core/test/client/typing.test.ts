import { expect, test } from 'vitest'
import { settle } from './settle.ts'
import { reconnect, signedInClient } from './signed-in-client.ts'
import { HELLO } from './wire-data.ts'

const BEN = { id: 'u2', name: 'ben' }
const LI = { id: 'u3', name: 'li' }

/** The names of those who type, each time that it is told. */
async function following() {
  const made = await signedInClient({ answers: { 'typing.set': () => ({}) } })
  const general = made.client.channels.get('general')
  const told: string[][] = []
  general.on('typing', (users) => told.push(users.map(({ name }) => name)))
  await settle()
  const says = (...users: (typeof BEN)[]) =>
    made.peer.connection.send({ type: 'typing.changed', data: { channel: 'general', users } })
  return { ...made, general, told, says }
}

test('[TYPE-1] everybody else who types is told, once for each change', async () => {
  const { told, says } = await following()
  says(BEN)
  says(BEN, { id: 'u1', name: 'mei' })
  says(BEN, { id: 'u1', name: 'mei' }, LI)
  says({ id: 'u1', name: 'mei' }, LI)
  says()
  expect(told).toEqual([['ben'], ['ben', 'li'], ['li'], []])
})

test('[TYPE-2] nobody is known to type on a connection that is gone', async () => {
  const made = await following()
  made.says(BEN)
  await reconnect(made)
  made.says(LI)
  expect(made.told).toEqual([['ben'], [], ['li']])
})

test('[TYPE-1] key presses are told at most every 3 s', async () => {
  const { general, peer, clock } = await following()
  for (let press = 0; press < 70; press++) {
    general.typing()
    clock.advance(100)
  }
  expect(peer.asked('typing.set')).toEqual(Array.from({ length: 3 }, () => ({ channel: 'general', typing: true })))
})

test('[TYPE-2] who stops says so, where others may still believe it', async () => {
  const { general, peer, clock } = await following()
  general.typing(false)
  expect(peer.asked('typing.set')).toEqual([])
  general.typing()
  general.typing(false)
  general.typing(false)
  general.typing()
  clock.advance(6_000)
  general.typing(false)
  expect(peer.asked('typing.set').map(({ typing }) => typing)).toEqual([true, false, true])
})

test('[TYPE-2] a message ends it: the next key press is told at once', async () => {
  const { general, peer } = await following()
  general.typing()
  await general.send('hello')
  general.typing(false)
  general.typing()
  expect(peer.asked('typing.set').map(({ typing }) => typing)).toEqual([true, true])
})

test('[TYPE-1] after a reconnect the next key press is told at once, and none while away', async () => {
  const made = await following()
  const { general, peer } = made
  general.typing()
  peer.connection.close(1006)
  general.typing()
  await settle()
  made.clock.advance(500)
  await settle()
  expect(peer.asked('typing.set')).toEqual([])
  general.typing()
  expect(peer.asked('typing.set')).toEqual([{ channel: 'general', typing: true }])
})

test('a server that cannot tell who types is told nothing', async () => {
  const made = await following()
  made.peer.hello = { ...HELLO, capabilities: ['chat'] }
  await reconnect(made)
  made.general.typing()
  expect(made.peer.types).toEqual(['session.resume'])
})
