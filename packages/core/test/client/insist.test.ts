import { expect, test } from 'vitest'
import { outcomeOf } from './outcome.ts'
import { Refusal } from './refusal.ts'
import { settle } from './settle.ts'
import { reconnect, signedInClient } from './signed-in-client.ts'
import { messageAt } from './wire-data.ts'

/** A client that is pinning a message, which the server does not answer. */
async function pinning(signal?: AbortSignal) {
  const made = await signedInClient({ answers: { 'message.pin': () => undefined } })
  const pinned = outcomeOf(made.client.channels.get('general').pin(7, { signal }))
  await settle()
  return { ...made, pinned }
}

test('[MSG-7] what is not answered on a connection that stands is unknown after the deadline', async () => {
  const { pinned, clock, peer } = await pinning()
  clock.advance(10_000)
  await settle()
  expect(pinned.error).toMatchObject({ reason: 'unknown' })
  expect(peer.asked('message.pin')).toHaveLength(1)
})

test('[MSG-7] what was sent stays unknown where no other connection comes within the deadline', async () => {
  const { pinned, clock, peer } = await pinning()
  peer.hello = undefined
  peer.connection.close(1006)
  await settle()
  clock.advance(9_999)
  await settle()
  expect(pinned.status).toBe('pending')
  clock.advance(1)
  await settle()
  expect(pinned.error).toMatchObject({ reason: 'unknown' })
})

test('[MSG-7] what never left is unsent', async () => {
  const { client, clock, peer } = await signedInClient()
  peer.hello = undefined
  peer.connection.close(1006)
  await settle()
  const pinned = outcomeOf(client.channels.get('general').pin(7))
  clock.advance(10_000)
  await settle()
  expect(pinned.error).toMatchObject({ reason: 'unsent' })
})

test('it is asked again after each drop, and refused when it is refused', async () => {
  const made = await pinning()
  for (let drop = 0; drop < 3; drop++) {
    await reconnect(made)
    expect([made.pinned.status, made.peer.asked('message.pin').length]).toEqual(['pending', 1])
  }
  made.peer.answers['message.pin'] = () => new Refusal('conflict')
  await reconnect(made)
  expect(made.pinned.error).toMatchObject({ reason: 'failed', code: 'conflict' })
})

test('what waits its turn when the connection drops leaves on the next one', async () => {
  const made = await signedInClient({
    answers: { 'message.pin': () => new Refusal('rate_limited', { retryable: true, retryAfterMs: 60_000 }) },
  })
  const pinned = [7, 8].map((seq) => outcomeOf(made.client.channels.get('general').pin(seq)))
  await settle()
  made.peer.answers['message.pin'] = ({ seq }) => ({ message: messageAt(seq) })
  await reconnect(made)
  expect(pinned.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
  expect(made.peer.asked('message.pin').map(({ seq }) => seq)).toEqual([7, 8])
})

test('closing the client, or the signal, ends it', async () => {
  const closed = await pinning()
  closed.peer.connection.close(1006)
  await settle()
  await closed.client.close()
  await settle()
  expect(closed.pinned.error).toMatchObject({ reason: 'unknown' })
  const given = new AbortController()
  const made = await pinning(given.signal)
  made.peer.connection.close(1006)
  await settle()
  given.abort('enough')
  await settle()
  expect(made.pinned.error).toBe('enough')
})
