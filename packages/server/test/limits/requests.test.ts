import { ManualClock } from '@arclight/core/testing'
import { createServer, type ServerOptions } from '@arclight/server'
import { expect, test } from 'vitest'
import { InProcessClient } from '../in-process-client.ts'
import { PASSWORD } from '../running-server.ts'

const TWO = { burst: 2, perSecond: 0.5 }

async function opened(
  options: ServerOptions,
): Promise<{ server: ReturnType<typeof createServer>; clock: ManualClock }> {
  const clock = new ManualClock()
  const server = createServer({ clock, ...options })
  await server.open()
  return { server, clock }
}

const send = (clientId: string): object => ({ channel: 'general', clientId, text: 'hello' })

test('[LIMIT-1][LIMIT-2] past the rate a request is refused, does nothing, and succeeds after the time that it was told', async () => {
  const { server, clock } = await opened({ rateLimits: { 'message.send': TWO } })
  const mei = await InProcessClient.signIn(server, 'mei')
  const replies = []
  for (const id of ['a', 'b', 'c']) replies.push(await mei.reply(mei.post('message.send', send(id))))
  expect(replies.map((reply) => Object.keys(reply)[1])).toEqual(['data', 'data', 'error'])
  expect(replies[2]?.['error']).toEqual({
    code: 'rate_limited',
    message: 'that is too often; wait a little',
    retryable: true,
    retryAfterMs: 2_000,
  })
  clock.advance(1_999)
  expect((await mei.reply(mei.post('message.send', send('c'))))['error']).toMatchObject({ retryAfterMs: 1 })
  clock.advance(1)
  const { message } = await mei.ask('message.send', { channel: 'general', clientId: 'c', text: 'hello' })
  expect(message.seq).toBe(3)
  await server.close()
})

test('[LIMIT-1] a user’s connections share their rates, other users have their own', async () => {
  const { server } = await opened({ rateLimits: { 'channel.list': TWO } })
  const mei = await InProcessClient.signIn(server, 'mei')
  const again = new InProcessClient(server)
  await again.ask('auth.login', { name: 'mei', password: PASSWORD })
  const li = await InProcessClient.signIn(server, 'li')
  const outcomes = []
  for (const client of [mei, again, mei, again, li]) {
    outcomes.push('data' in (await client.reply(client.post('channel.list'))))
  }
  expect(outcomes).toEqual([true, true, false, false, true])
  await server.close()
})

test('[LIMIT-3] before authentication the address is counted, whatever the connection', async () => {
  const { server, clock } = await opened({ rateLimits: { 'auth.token': TWO } })
  const guess = async (address: string): Promise<unknown> => {
    const client = new InProcessClient(server, { address })
    const reply = await client.reply(client.post('auth.token', { token: 'x'.repeat(43) }))
    return (reply['error'] as { code: string }).code
  }
  expect([await guess('203.0.113.7'), await guess('203.0.113.7'), await guess('203.0.113.7')]).toEqual([
    'unauthenticated',
    'unauthenticated',
    'rate_limited',
  ])
  expect(await guess('203.0.113.8')).toBe('unauthenticated')
  expect([await guess('2001:db8::1'), await guess('2001:db8::2'), await guess('2001:db8::3')]).toEqual([
    'unauthenticated',
    'unauthenticated',
    'rate_limited',
  ])
  clock.advance(2_000)
  expect(await guess('203.0.113.7')).toBe('unauthenticated')
  await server.close()
})

test('[LIMIT-1] a request that is refused for another reason has counted, known or not', async () => {
  const { server } = await opened({ rateLimits: { 'message.send': TWO, '*': TWO } })
  const mei = await InProcessClient.signIn(server, 'mei')
  const codes = []
  for (const type of ['message.send', 'message.send', 'message.send', 'no.such', 'nor.this', 'no.such']) {
    codes.push(((await mei.reply(mei.post(type)))['error'] as { code: string }).code)
  }
  expect(codes).toEqual(['bad_request', 'bad_request', 'rate_limited', 'unknown_type', 'unknown_type', 'rate_limited'])
  await server.close()
})
