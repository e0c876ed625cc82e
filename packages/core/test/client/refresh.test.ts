import { expect, test } from 'vitest'
import { memoryTokenStore } from '../../src/client/memory-token-store.ts'
import { readSeq } from '../../src/codec/media-header.ts'
import { encodeProbe } from '../../src/codec/probe.ts'
import { settle } from './settle.ts'
import { reconnect, signedInClient } from './signed-in-client.ts'
import { testClient } from './test-client.ts'
import { HELLO, SIGNED_IN, TOKEN } from './wire-data.ts'

const DAY = 86_400_000
const NEW_TOKEN = 'another-token-of-mei'

function refreshed(token = NEW_TOKEN) {
  const { session, expiresAt, refreshAt } = SIGNED_IN
  return { token, session, expiresAt: expiresAt + 15 * DAY, refreshAt: refreshAt + 15 * DAY }
}

/** Hours pass in which the server answers every probe: its clock and the client's run alike. */
async function live({ clock, peer }: Awaited<ReturnType<typeof signedInClient>>, hours: number): Promise<void> {
  for (let hour = 0; hour < hours; hour++) {
    clock.sleep(3_600_000)
    await settle()
    for (const probe of peer.connection.frames.splice(0)) {
      const timestamp = HELLO.clock.session + clock.now() * 1_000
      peer.connection.sendBinary(encodeProbe({ seq: readSeq(probe), timestamp, echo: true }))
    }
    await settle()
  }
}

test('[AUTH-8] a session that lives long is refreshed when the server said so, with another token, which is kept', async () => {
  const tokens = memoryTokenStore()
  const made = await signedInClient({ runtime: { tokens }, answers: { 'auth.refresh': () => refreshed() } })
  const { client, peer } = made
  await live(made, 15 * 24 - 1)
  expect(peer.asked('auth.refresh')).toEqual([])
  await live(made, 2)
  expect(peer.asked('auth.refresh')).toEqual([{ rotate: true }])
  expect(await tokens.load()).toEqual({ token: NEW_TOKEN, user: client.user })
  await reconnect(made)
  expect(peer.asked('session.resume')).toMatchObject([{ token: NEW_TOKEN }])
})

test('[AUTH-8] a token that its owner keeps elsewhere is made good for longer and not replaced', async () => {
  const made = testClient({
    runtime: { tokens: memoryTokenStore(TOKEN) },
    answers: { 'auth.refresh': () => refreshed(TOKEN) },
  })
  await made.client.resume()
  await live(made, 15 * 24 + 1)
  expect(made.peer.asked('auth.refresh')).toEqual([{ rotate: false }])
})

test('[AUTH-8] a refresh whose reply was lost is asked for again at the next connection', async () => {
  const made = await signedInClient({ answers: { 'auth.refresh': () => undefined } })
  await live(made, 15 * 24 + 1)
  expect(made.peer.asked('auth.refresh')).toHaveLength(1)
  made.peer.answers['auth.refresh'] = () => refreshed()
  const now = made.clock.now()
  const { session, wall } = HELLO.clock
  made.peer.hello = { ...HELLO, clock: { session: session + now * 1_000, wall: wall + now } }
  await reconnect(made)
  made.clock.advance(1)
  await settle()
  expect(made.peer.asked('auth.refresh')).toEqual([{ rotate: true }])
})

test('[CLOCK-2] a device whose wall clock is years off refreshes no sooner and no later', async () => {
  const made = await signedInClient({ answers: { 'auth.refresh': () => refreshed() } })
  made.clock.setWall(400 * DAY)
  await live(made, 24)
  expect(made.peer.asked('auth.refresh')).toEqual([])
  expect(made.client.serverTime()).toBe(HELLO.clock.wall + DAY)
})

test('[AUTH-8] a resume takes the token that another tab has kept meanwhile', async () => {
  const tokens = memoryTokenStore()
  const made = await signedInClient({ runtime: { tokens } })
  await tokens.save({ token: NEW_TOKEN, user: SIGNED_IN.user })
  await reconnect(made)
  expect(made.peer.asked('session.resume')).toMatchObject([{ token: NEW_TOKEN }])
  await tokens.save({ token: 'token-of-somebody-else', user: { ...SIGNED_IN.user, id: 'u9' } })
  await reconnect(made)
  expect(made.peer.asked('session.resume')).toMatchObject([{ token: TOKEN }])
})
