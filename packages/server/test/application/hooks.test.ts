import { defineFamily, type ErrorBody } from '@arclight/core'
import { LIMITS } from '@arclight/core/protocol'
import { ManualClock } from '@arclight/core/testing'
import { type Hook, type Logger, refuse } from '@arclight/server'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { say } from '../chat.ts'
import { RunningServer } from '../running-server.ts'

const channel = 'general'

/** A promise that the test settles. */
function deferred(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve = (): void => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve: () => resolve() }
}

/** A log that keeps what it is told. */
function keptLog(): { readonly log: Logger; readonly lines: string[] } {
  const lines: string[] = []
  const note = (_fields: object, message: string): void => void lines.push(message)
  return { log: { info: () => {}, warn: note, error: note }, lines }
}

const send = (text: string, clientId = text) => ({ channel, clientId, text })

test('a hook lets a request pass, and sees its type, its data, who asks and from where', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const seen: Parameters<Hook>[0][] = []
  running.server.use((request, next) => {
    seen.push(request)
    return next()
  })
  expect(await mei.request('message.send', send('hello'))).toMatchObject({ data: { message: { text: 'hello' } } })
  expect(seen).toEqual([{ type: 'message.send', data: send('hello'), user: mei.authenticated.user, local: true }])
})

test('a hook refuses, in one line of an expression or by throwing, and the handler is not asked', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  running.server.use((request, next) =>
    request.type === 'message.send' && request.data.text.includes('http') ? refuse('forbidden', 'no links') : next(),
  )
  const refusal: ErrorBody = await mei.refusal('message.send', send('http://spam'))
  expect(refusal).toEqual({ code: 'forbidden', message: 'no links', retryable: false })
  await say(mei, ['fine'])
  expect((await mei.ask('history.page', { channel })).messages.map(({ text }) => text)).toEqual(['fine'])
})

test('a hook changes the data, which is checked again, and the reply, which is too', async () => {
  const { log, lines } = keptLog()
  await using running = await RunningServer.start({ log })
  const mei = await running.signIn('mei')
  const undo = running.server.use({
    'message.send': (request, next) => next({ ...request.data, text: request.data.text.replace('darn', '****') }),
    'channel.list': async (_request, next) => {
      const { channels } = await next()
      return { channels: channels.filter(({ kind }) => kind === 'text') }
    },
  })
  expect((await mei.ask('message.send', send('darn it'))).message.text).toBe('**** it')
  expect((await mei.ask('channel.list', {})).channels.map(({ id }) => id)).toEqual(['general'])
  undo()
  expect((await mei.ask('message.send', send('darn'))).message.text).toBe('darn')
  running.server.use((request, next) => {
    if (request.type === 'message.send') return next({ ...request.data, text: '' })
    return { channels: 'none' }
  })
  expect(await mei.refusal('message.send', send('one'))).toMatchObject({ code: 'internal' })
  expect(await mei.refusal('channel.list', {})).toMatchObject({ code: 'internal' })
  expect(lines).toEqual(['a request failed', 'a request failed'])
})

test('what a hook changes in place is checked too', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  running.server.use({
    'message.send': (request, next) => {
      request.data.text = request.data.text === 'empty me' ? '' : 'changed'
      return next()
    },
  })
  expect((await mei.ask('message.send', send('as it was'))).message.text).toBe('changed')
  expect(await mei.refusal('message.send', send('empty me'))).toMatchObject({ code: 'internal' })
})

test('hooks are asked in the order in which they were added, and see what the one before made of the data', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  const order: string[] = []
  for (const name of ['outer', 'inner']) {
    running.server.use({
      'message.send': async (request, next) => {
        order.push(`${name} before`)
        const reply = await next({ ...request.data, text: `${request.data.text} ${name}` })
        order.push(`${name} after`)
        return reply
      },
    })
  }
  expect((await mei.ask('message.send', send('text'))).message.text).toBe('text outer inner')
  expect(order).toEqual(['outer before', 'inner before', 'inner after', 'outer after'])
})

test('hooks come behind the rates and the schema, and before the handler and its permissions', async () => {
  const rateLimits = { 'message.send': { burst: 1, perSecond: 0.001 } }
  await using running = await RunningServer.start({ rateLimits })
  const mei = await running.signIn('mei')
  const seen: string[] = []
  running.server.use((request, next) => {
    seen.push(request.type)
    return next()
  })
  expect(await mei.refusal('history.page', { channel: 5 })).toMatchObject({ code: 'bad_request' })
  expect(await mei.refusal('no.such', {})).toMatchObject({ code: 'unknown_type' })
  expect(await mei.refusal('history.page', { channel: 'nowhere' })).toMatchObject({ code: 'not_found' })
  expect(seen).toEqual(['history.page'])
  await mei.ask('message.send', send('one'))
  expect(await mei.refusal('message.send', send('two'))).toMatchObject({ code: 'rate_limited' })
  expect(seen).toEqual(['history.page', 'message.send'])
})

test('an application’s own requests pass hooks too, their data checked again by their own schema', async () => {
  const polls = defineFamily('poll', {
    requests: { vote: { data: z.object({ option: z.int() }), reply: z.object({ option: z.int() }) } },
    events: {},
  })
  const families = [polls.handle({ vote: ({ data }) => ({ option: data.option }) })]
  await using running = await RunningServer.start({ families })
  const mei = await running.signIn('mei')
  const undo = running.server.use((request, next) => {
    expect(request).toMatchObject({ type: 'family', name: 'poll.vote', data: { option: 1 } })
    return request.type === 'family' && request.name === 'poll.vote' ? next({ option: 2 }) : next()
  })
  expect(await mei.request('poll.vote', { option: 1 })).toMatchObject({ data: { option: 2 } })
  expect(await mei.refusal('poll.vote', { option: 'one' })).toMatchObject({ code: 'bad_request' })
  undo()
  running.server.use({ family: (_request, next) => next({ option: 'two' }) })
  expect(await mei.refusal('poll.vote', { option: 1 })).toMatchObject({ code: 'internal' })
})

test('no hook sees a password or a token: nothing that authenticates, and no reply with a new token', async () => {
  await using running = await RunningServer.start()
  const seen: string[] = []
  running.server.use(async (request, next) => {
    const reply = await next()
    seen.push(JSON.stringify({ request, reply }))
    return reply
  })
  const mei = await running.signIn('mei')
  const { token } = await mei.ask('auth.refresh', { rotate: true })
  const back = await running.connect()
  await back.authenticate('session.resume', { token, cursors: {} })
  await back.ask('auth.sessions', {})
  expect(seen).toHaveLength(1)
  expect(seen[0]).toContain('"type":"auth.sessions"')
  expect(seen[0]).not.toContain(token)
})

test('a hook that hangs refuses its one request after 5 s; everybody else goes on, and its late word reaches nobody', async () => {
  const { log, lines } = keptLog()
  const clock = new ManualClock()
  await using running = await RunningServer.start({ clock, log })
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  const hanging = deferred()
  const entered = deferred()
  running.server.use({
    'message.send': async (request, next) => {
      if (request.data.text === 'hang') {
        entered.resolve()
        await hanging.promise
      }
      return next()
    },
  })
  const id = mei.post('message.send', send('hang'))
  await entered.promise
  await say(li, ['goes on'])
  await say(mei, ['goes on too'])
  clock.advance(LIMITS.hookMs - 1)
  await mei.settle()
  clock.advance(1)
  expect(await mei.reply(id)).toMatchObject({ error: { code: 'unavailable', retryable: true } })
  hanging.resolve()
  await say(mei, ['after'])
  const { messages } = await mei.ask('history.page', { channel })
  expect(messages.map(({ text }) => text)).toEqual(['goes on', 'goes on too', 'after'])
  expect(lines).toEqual(['a hook took too long: its request was refused'])
})

test('the time that the handler takes is not the hooks’', async () => {
  const clock = new ManualClock()
  const slow = deferred()
  const started = deferred()
  const nothing = { data: z.object({}), reply: z.object({}) }
  const jobs = defineFamily('job', { requests: { run: nothing }, events: {} })
  const run = async () => {
    started.resolve()
    await slow.promise
    return {}
  }
  await using running = await RunningServer.start({ clock, families: [jobs.handle({ run })] })
  const mei = await running.signIn('mei')
  running.server.use(async (_request, next) => {
    const reply = await next()
    return { ...reply, seen: true }
  })
  const id = mei.post('job.run')
  await started.promise
  clock.advance(LIMITS.hookMs)
  clock.advance(LIMITS.hookMs - 1)
  slow.resolve()
  expect(await mei.reply(id)).toMatchObject({ data: { seen: true } })
})

test('a hook that fails is answered with internal, and one that forgets its reply too', async () => {
  const { log, lines } = keptLog()
  await using running = await RunningServer.start({ log })
  const mei = await running.signIn('mei')
  const undo = running.server.use(() => {
    throw new Error('a mistake')
  })
  expect(await mei.refusal('message.send', send('one'))).toMatchObject({ code: 'internal' })
  undo()
  const forgetful = (_request: unknown, next: () => unknown): void => void next()
  running.server.use(forgetful as unknown as Hook)
  expect(await mei.refusal('message.send', send('two'))).toMatchObject({ code: 'internal' })
  expect(lines).toEqual(['a request failed', 'a request failed'])
})

test('next() asks once; a second time is a mistake', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  running.server.use({
    'message.send': async (request, next) => {
      await next()
      return next({ ...request.data, clientId: 'again' })
    },
  })
  expect(await mei.refusal('message.send', send('one'))).toMatchObject({ code: 'internal' })
  expect((await mei.ask('history.page', { channel })).messages).toHaveLength(1)
})
