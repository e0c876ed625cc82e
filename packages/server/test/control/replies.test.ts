import { LIMITS, requests } from '@arclight/core/protocol'
import { memoryStorage } from '@arclight/server'
import { expect, test } from 'vitest'
import { heldStorage } from '../held-storage.ts'
import { RunningServer } from '../running-server.ts'

test('[MSG-1] every request of a mixed bag in one write gets exactly one reply, with its id', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const before = mei.texts.all.length
  const requests = [
    { id: 0, type: 'channel.list' },
    { id: 7, type: 'channel.list', data: {} },
    { id: 9_007_199_254_740_991, type: 'channel.join', data: { channel: 'general' } },
    { id: 3, type: 'message.send', data: { channel: 'general', clientId: 'a', text: 'hello' } },
    { id: 4, type: 'message.send', data: { channel: 'general' } },
    { id: 5, type: 'message.send', data: { channel: 'nowhere', clientId: 'a', text: 'hello' } },
    { id: 6, type: 'no.such.request' },
    { id: 8, type: 'history.page', data: { channel: 'general' } },
    { id: 10, type: 'auth.login', data: {} },
  ]
  for (const request of requests) mei.sendText(JSON.stringify(request))
  const replies = await Promise.all(requests.map(({ id }) => mei.reply(id)))
  expect(replies.map((reply) => ('error' in reply ? reply.error.code : 'data'))).toEqual([
    'data',
    'data',
    'data',
    'data',
    'bad_request',
    'not_found',
    'unknown_type',
    'data',
    'conflict',
  ])
  await mei.settle()
  const ids = mei.texts.all.slice(before).flatMap(({ re }) => (re === undefined ? [] : [re]))
  expect(ids).toHaveLength(requests.length)
})

test('[MSG-1] two requests with one id get a reply each', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  mei.sendText('{"id":50,"type":"channel.join","data":{"channel":"general"}}')
  mei.sendText('{"id":50,"type":"voice.leave","data":{"channel":"lounge"}}')
  expect(await mei.reply(50)).toMatchObject({ re: 50, data: { channel: { id: 'general' } } })
  expect(await mei.reply(50)).toEqual({ re: 50, data: {} })
})

test('[MSG-1] a request that fails inside the server is answered too, and the server logs it', async () => {
  const inner = memoryStorage()
  const failure = new Error('the disk is full')
  const logged: object[] = []
  await using running = await RunningServer.start({
    storage: { ...inner, log: { ...inner.log, append: () => Promise.reject(failure) } },
    log: { info: () => {}, warn: () => {}, error: (fields) => logged.push(fields) },
  })
  const mei = await running.signIn('mei')
  const refusal = await mei.refusal('message.send', { channel: 'general', clientId: 'a', text: 'hello' })
  expect(refusal).toEqual({ code: 'internal', message: 'the server failed; try again later', retryable: true })
  expect(logged).toEqual([expect.objectContaining({ type: 'message.send', error: failure })])
  expect(JSON.stringify(logged)).not.toContain('hello')
})

test('[MSG-2] a request of an unknown type gets unknown_type, whatever its name, before authentication too', async () => {
  await using running = await RunningServer.start()
  const [stranger, mei] = [await running.connect(), await running.signIn('mei')]
  for (const type of ['message.sent', 'Message.send', '', 'constructor', '__proto__', 'toString', 'x'.repeat(1_000)]) {
    const unknown = {
      code: 'unknown_type',
      message: `there is no request ${JSON.stringify(type.slice(0, 64))}`,
      retryable: false,
    }
    expect(await mei.refusal(type, {}), type).toEqual(unknown)
    expect(await stranger.refusal(type, {}), type).toEqual(unknown)
  }
})

test('[MSG-3] fields that the server does not know are ignored, in the envelope and in the data', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  mei.sendText(
    JSON.stringify({
      id: 77,
      type: 'message.send',
      trace: 'abc',
      re: 1,
      data: { channel: 'general', clientId: 'a', text: 'hello', colour: 'red', author: 'li', seq: 99 },
    }),
  )
  const { id, name } = mei.authenticated.user
  expect(await mei.reply(77)).toEqual({
    re: 77,
    data: {
      message: {
        channel: 'general',
        seq: 1,
        ordinal: 1,
        rev: 1,
        author: { id, name },
        clientId: 'a',
        text: 'hello',
        at: expect.any(Number),
      },
    },
  })
})

test('[MSG-4] data that does not fit gets bad_request, with an issue for each field', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const cases: [type: string, data: unknown, paths: string[]][] = [
    ['message.send', {}, ['channel', 'clientId', 'text']],
    ['message.send', { channel: 5, clientId: '', text: 'x' }, ['channel', 'clientId']],
    ['message.send', { channel: 'general', clientId: 'x'.repeat(65), text: 'x' }, ['clientId']],
    ['history.page', { channel: 'general', limit: 0 }, ['limit']],
    ['history.page', { channel: 'general', limit: 101 }, ['limit']],
    ['history.page', { channel: 'general', before: 1.5 }, ['before']],
    ['log.read', { channel: 'general', after: -1, limit: '5' }, ['after', 'limit']],
    ['voice.join', { channel: 'lounge', device: 'd', muted: 'no' }, ['muted', 'deafened']],
    [
      'track.publish',
      { key: 'microphone', format: { kind: 'audio' }, to: { channel: 'lounge' } },
      ['format.codec', 'format.sampleRate', 'format.channels'],
    ],
    ['track.unpublish', { track: 65_536 }, ['track']],
    ['channel.join', 'general', ['']],
    ['channel.join', [], ['']],
  ]
  for (const [type, data, paths] of cases) {
    const { code, retryable, issues = [] } = await mei.refusal(type, data)
    expect([code, retryable], type).toEqual(['bad_request', false])
    expect(issues.map(({ path }) => path).sort(), type).toEqual([...paths].sort())
    expect(issues.every(({ message }) => message.length > 0)).toBe(true)
  }
})

test('[MSG-4] data nested as deep as a frame allows gets its answer', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`
  mei.sendText(`{"id":60,"type":"message.send","data":{"channel":${deep}}}`)
  expect(await mei.reply(60)).toMatchObject({ re: 60, error: { code: 'bad_request' } })
})

test('[MSG-6] before authentication every other request gets unauthenticated', async () => {
  await using running = await RunningServer.start()
  const stranger = await running.connect()
  const own = ['register', 'login', 'guest', 'token', 'reset', 'jwt', 'code'].map((name) => `auth.${name}`)
  const authenticating = [...own, 'session.resume']
  const others = Object.keys(requests).filter((type) => !authenticating.includes(type))
  expect(others.length).toBeGreaterThanOrEqual(12)
  for (const type of others) {
    expect(await stranger.refusal(type, { channel: 'general' }), type).toMatchObject({ code: 'unauthenticated' })
  }
})

test('[MSG-6] after authentication the authenticating requests get conflict', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const { token } = mei.authenticated
  const again: [type: string, data: object][] = [
    ['auth.register', { name: 'li', password: 'long enough' }],
    ['auth.login', { name: 'mei', password: 'correct horse' }],
    ['auth.token', { token }],
    ['session.resume', { token, cursors: {} }],
  ]
  for (const [type, data] of again) expect(await mei.refusal(type, data), type).toMatchObject({ code: 'conflict' })
  const li = await running.signIn('li')
  expect(li.authenticated.user.name).toBe('li')
})

test('[MSG-6] of two authentications in one write one succeeds, and the other gets conflict', async () => {
  await using running = await RunningServer.start()
  const { token } = (await running.signIn('mei')).authenticated
  const client = await running.connect()
  const replies = await Promise.all([client.request('auth.token', { token }), client.request('auth.token', { token })])
  expect(replies.map((reply) => ('error' in reply ? reply.error.code : 'data')).sort()).toEqual(['conflict', 'data'])
})

test('[MSG-8] the 257th request that waits gets rate_limited, and the 256 their replies', async () => {
  const held = heldStorage('page')
  await using running = await RunningServer.start({ storage: held.storage, rateLimits: 'off' })
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  const data = { channel: 'general' }
  const waiting = Array.from({ length: LIMITS.pendingRequests }, () => mei.request('history.page', data))
  await held.waiting(LIMITS.pendingRequests)
  expect(await mei.refusal('channel.list')).toEqual({
    code: 'rate_limited',
    message: 'at most 256 requests may wait for their reply',
    retryable: true,
    retryAfterMs: 1_000,
  })
  expect((await li.ask('channel.list', {})).channels).toHaveLength(2)
  held.release()
  const replies = await Promise.all(waiting)
  expect(replies.filter((reply) => 'data' in reply)).toHaveLength(256)
  expect((await mei.ask('channel.list', {})).channels).toHaveLength(2)
})
