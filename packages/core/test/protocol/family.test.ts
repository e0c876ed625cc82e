import { expect, expectTypeOf, test } from 'vitest'
import * as z from 'zod'
import {
  defineFamily,
  type Family,
  type FamilyEvents,
  type FamilyRequestOf,
  type FamilyRequestType,
  type HandledFamily,
} from '../../src/protocol/family.ts'

const counts = z.object({ counts: z.array(z.number()) })
const polls = defineFamily('poll', {
  requests: {
    vote: { data: z.object({ option: z.number() }), reply: counts },
    open: { data: z.object({ options: z.array(z.string()) }), reply: z.object({}) },
  },
  events: { changed: counts, closed: z.object({ by: z.string() }) },
})
const notes = defineFamily('note', { requests: { keep: { data: z.string(), reply: z.null() } }, events: {} })

type Both = readonly [typeof polls, typeof notes]

test('[FAM-1] the types of a family are known by their names on the wire', () => {
  expectTypeOf<FamilyRequestType<Both>>().toEqualTypeOf<'poll.vote' | 'poll.open' | 'note.keep'>()
  expectTypeOf<FamilyRequestOf<Both, 'poll.vote'>>().toEqualTypeOf<(typeof polls.requests)['vote']>()
  expectTypeOf<FamilyRequestOf<Both, 'note.keep'>>().toEqualTypeOf<(typeof notes.requests)['keep']>()
  expectTypeOf<FamilyEvents<Both>>().toEqualTypeOf<{
    'poll.changed': { counts: number[] }
    'poll.closed': { by: string }
  }>()
  const handled: HandledFamily[] = [
    polls.handle({
      vote: ({ data, emit }) => {
        expectTypeOf(data).toEqualTypeOf<{ option: number }>()
        emit('changed', { counts: [data.option] })
        expectTypeOf<'opened'>().not.toExtend<Parameters<typeof emit>[0]>()
        return { counts: [data.option] }
      },
      open: async () => ({}),
    }),
    notes.handle({ keep: () => null }),
  ]
  const families: Family[] = [polls, notes]
  expect(handled.map(({ family }) => family)).toEqual(families)
})

test('[FAM-1] a name of the protocol’s own, or one that would not be told apart, is refused', () => {
  const empty = { requests: {}, events: {} }
  for (const name of ['message', 'session', 'typing', 'presence']) {
    expect(() => defineFamily(name, empty)).toThrow(`the family "${name}" is the protocol's own`)
  }
  for (const name of ['', 'Poll', 'poll.vote', 'a b', 'p'.repeat(33)]) {
    expect(() => defineFamily(name, empty)).toThrow(TypeError)
  }
  const schema = z.object({})
  expect(() => defineFamily('poll', { requests: { 'a.b': { data: schema, reply: schema } }, events: {} })).toThrow(
    'vote',
  )
  expect(() => defineFamily('poll', { requests: {}, events: { '': schema } })).toThrow(TypeError)
})
