import { defineFamily } from '@arclight/core'
import { createServer, refuse } from '@arclight/server'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { RunningServer } from './running-server.ts'

const counts = z.object({ counts: z.array(z.number()) })
const polls = defineFamily('poll', {
  requests: {
    vote: { data: z.object({ option: z.int().min(0).max(2) }), reply: counts, rate: { burst: 5, perSecond: 0.001 } },
    reset: { data: z.object({}), reply: z.object({}) },
  },
  events: { changed: counts },
})

/** A poll of three options that its owner may reset. */
function handledPolls() {
  const tally = [0, 0, 0]
  return polls.handle(
    {
      vote: ({ data, user, emit }) => {
        if (user.name === 'spammer') refuse('forbidden', 'no votes from you')
        tally[data.option] = (tally[data.option] ?? 0) + 1
        emit('changed', { counts: tally })
        return { counts: tally }
      },
      reset: () => {
        tally.fill(0)
        return {}
      },
    },
    { permit: ({ type, user }) => type !== 'reset' || user.role === 'owner' },
  )
}

function start() {
  return RunningServer.start({ families: [handledPolls()] })
}

test('[FAM-2] a family’s request is checked, handled and answered, and its event reaches everybody', async () => {
  await using running = await start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  expect(await mei.request('poll.vote', { option: 2 })).toMatchObject({ data: { counts: [0, 0, 1] } })
  for (const client of [mei, li]) {
    expect(await client.texts.take(({ type }) => type === 'poll.changed')).toEqual({
      type: 'poll.changed',
      data: { counts: [0, 0, 1] },
    })
  }
})

test('[FAM-2] data that does not fit gets bad_request with each field, and the handler is not called', async () => {
  await using running = await start()
  const mei = await running.signIn('mei')
  const refusal = await mei.refusal('poll.vote', { option: 7 })
  expect(refusal).toMatchObject({ code: 'bad_request', issues: [{ path: 'option' }] })
  expect(await mei.request('poll.vote', { option: 0 })).toMatchObject({ data: { counts: [1, 0, 0] } })
})

test('[FAM-2] a family’s request is for those who are signed in, and one that it does not have is unknown', async () => {
  await using running = await start()
  const stranger = await running.connect()
  expect(await stranger.refusal('poll.vote', { option: 0 })).toMatchObject({ code: 'unauthenticated' })
  const mei = await running.signIn('mei')
  for (const type of ['poll.close', 'poll.', 'poll', 'polls.vote', 'poll.constructor']) {
    expect(await mei.refusal(type, {}), type).toMatchObject({ code: 'unknown_type' })
  }
})

test('[FAM-3] what permit says no to gets forbidden; what a handler refuses gets its code', async () => {
  await using running = await start()
  const mei = await running.signIn('mei')
  const spammer = await running.signIn('spammer')
  await mei.request('poll.vote', { option: 2 })
  expect(await mei.refusal('poll.reset', {})).toMatchObject({ code: 'forbidden', retryable: false })
  expect(await mei.request('poll.vote', { option: 2 })).toMatchObject({ data: { counts: [0, 0, 2] } })
  expect(await spammer.refusal('poll.vote', { option: 1 })).toEqual({
    code: 'forbidden',
    message: 'no votes from you',
    retryable: false,
  })
})

test('[FAM-4] a family’s own rate counts for each user', async () => {
  await using running = await start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  for (let vote = 0; vote < 5; vote++) expect(await mei.request('poll.vote', { option: 0 })).toHaveProperty('data')
  const refusal = await mei.refusal('poll.vote', { option: 0 })
  expect(refusal).toMatchObject({ code: 'rate_limited', retryable: true, retryAfterMs: expect.any(Number) })
  expect(await li.request('poll.vote', { option: 0 })).toHaveProperty('data')
})

test('[FAM-4] a family’s request without a rate has the default one, each type by itself', async () => {
  const nothing = { data: z.object({}), reply: z.object({}) }
  const quiz = defineFamily('quiz', { requests: { open: nothing, close: nothing }, events: {} })
  const families = [quiz.handle({ open: () => ({}), close: () => ({}) })]
  await using running = await RunningServer.start({ families, rateLimits: { '*': { burst: 1, perSecond: 0.001 } } })
  const mei = await running.signIn('mei')
  expect(await mei.refusal('no.such', {})).toMatchObject({ code: 'unknown_type' })
  for (const type of ['quiz.open', 'quiz.close']) {
    expect(await mei.request(type, {}), type).toHaveProperty('data')
    expect(await mei.refusal(type, {}), type).toMatchObject({ code: 'rate_limited' })
  }
})

test('[FAM-5] events of one turn come each, in their order', async () => {
  await using running = await start()
  const mei = await running.signIn('mei')
  for (const count of [1, 2, 3]) running.server.emit(polls, 'changed', { counts: [count] })
  await mei.settle()
  const heard = mei.texts.takeAll().filter(({ type }) => type === 'poll.changed')
  expect(heard.map(({ data }) => data)).toEqual([{ counts: [1] }, { counts: [2] }, { counts: [3] }])
})

test('[FAM-5] an event reaches only whom it is for, whoever sends it', async () => {
  await using running = await start()
  const mei = await running.signIn('mei')
  const li = await running.signIn('li')
  const stranger = await running.connect()
  await li.ask('channel.join', { channel: 'general' })
  const heard = async (): Promise<number[]> => {
    for (const client of [mei, li, stranger]) await client.settle()
    return [mei, li, stranger].map(({ texts }) => texts.takeAll().length)
  }
  await heard()
  running.server.emit(polls, 'changed', { counts: [1] })
  expect(await heard()).toEqual([1, 1, 0])
  running.server.emit(polls, 'changed', { counts: [1] }, { channel: 'general' })
  expect(await heard()).toEqual([0, 1, 0])
  running.server.emit(polls, 'changed', { counts: [1] }, { user: mei.authenticated.user.id })
  expect(await heard()).toEqual([1, 0, 0])
})

test('[FAM-5] an event or a reply that does not fit its schema does not leave', async () => {
  const broken = polls.handle({ vote: () => ({ counts: ['one'] as unknown as number[] }), reset: () => ({}) })
  await using running = await RunningServer.start({ families: [broken] })
  const mei = await running.signIn('mei')
  expect(await mei.refusal('poll.vote', { option: 0 })).toMatchObject({ code: 'internal' })
  const wrong = { counts: ['one'] } as unknown as { counts: number[] }
  expect(() => running.server.emit(polls, 'changed', wrong)).toThrow('the data of poll.changed does not fit: counts.0')
})

test('a server with two families of one name, or a request that nothing handles, is not made', () => {
  expect(() => createServer({ families: [handledPolls(), handledPolls()] })).toThrow('there are two families "poll"')
  const partial = { ...handledPolls(), handlers: {} } as unknown as ReturnType<typeof handledPolls>
  expect(() => createServer({ families: [partial] })).toThrow('expected a handler for poll.vote')
})
