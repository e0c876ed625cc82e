import type { Message } from '@arclight/client-node'
import { expect, test } from 'vitest'
import { Witness } from '../exactly-once/witness.ts'

const LI = { id: 'u-li', name: 'li' }
const ZOE = { id: 'u-zoe', name: 'zoe' }

/** A log of `general` with these texts; each opens with its author's name. */
function logOf(...texts: string[]): Message[] {
  return texts.map((text, index) => {
    const [seq, author] = [index + 1, text.startsWith('li') ? LI : ZOE]
    return { channel: 'general', seq, ordinal: seq, rev: seq, author, clientId: text, text, at: 1_000 + seq }
  })
}

const LOG = logOf('li 1', 'zoe 1', 'li 2', 'zoe 2')

interface Story {
  /** What zoe was told; all of it unless given. */
  readonly told?: readonly Message[]
  /** What stands in the log; `LOG` unless given. */
  readonly log?: readonly Message[]
  /** What the authors were answered with, by text; what stands in `LOG` unless given. */
  readonly answered?: (text: string) => Message | undefined
  readonly start?: number
}

/** A witness to li and zoe sending what `LOG` holds, and to what zoe was told of it. */
function witnessOf({ told = LOG, answered = stands, start = 0 }: Story): Witness {
  const witness = new Witness()
  witness.follows('zoe', 'general', start)
  for (const { author, text } of LOG) {
    witness.sent(author.name, 'general', text)
    const stored = answered(text)
    if (stored) witness.answered(author.name, 'general', text, stored)
  }
  for (const message of told) witness.told('zoe', 'general', message)
  return witness
}

const stands = (text: string): Message | undefined => LOG.find((message) => message.text === text)
const judge = (story: Story): string[] => {
  return witnessOf(story).judge({ logs: new Map([['general', story.log ?? LOG]]) })
}

function at(index: number): Message {
  const message = LOG[index]
  if (!message) throw new Error(`the log has no entry ${index}`)
  return message
}

test('[SEND-4] the witness finds nothing where each message came once, in order', () => {
  expect(judge({})).toEqual([])
  expect(judge({ start: 2, told: LOG.slice(2) })).toEqual([])
})

test('[SEND-4] the witness names a message that was lost, in the middle and at the end', () => {
  expect(judge({ told: [at(0), at(2), at(3)] })).toEqual(['zoe got 3 of general ("li 2") without 2'])
  expect(judge({ told: [at(0)] })).toEqual(['zoe never got 2 to 4 of general'])
  expect(judge({ told: [] })).toEqual(['zoe never got 1 to 4 of general'])
})

test('[SEND-4] the witness names a message that came twice', () => {
  expect(judge({ told: [at(0), at(1), at(1), at(2), at(3)] })).toEqual(['zoe got 2 of general ("zoe 1") twice'])
})

test('[SEND-4] the witness names messages that came out of order', () => {
  expect(judge({ told: [at(0), at(2), at(1), at(3)] })).toEqual([
    'zoe got 3 of general ("li 2") without 2',
    'zoe got 2 of general ("zoe 1") after 3',
  ])
})

test('the witness names what was told from before the start, and without one', () => {
  expect(judge({ start: 2, told: LOG.slice(1) })).toContain(
    'zoe got 2 of general ("zoe 1"), which is not after 2, where it started',
  )
  const witness = new Witness()
  witness.told('li', 'general', at(0))
  expect(witness.judge({ logs: new Map() })).toEqual(['li was told 1 of general ("li 1") before it started there'])
})

test('the witness names a message that is another than the one in the log', () => {
  const other = { ...at(1), text: 'zoe one' }
  expect(judge({ told: [at(0), other, at(2), at(3)] })).toEqual([
    'zoe got "zoe one" as 2 of general, where "zoe 1" stands',
  ])
  expect(judge({ told: [at(0), { ...at(1), at: 1 }, at(2), at(3)] })).toHaveLength(1)
})

test('[SEND-2] the witness names a message that was stored twice', () => {
  const log = logOf('li 1', 'zoe 1', 'li 2', 'zoe 2', 'li 1')
  expect(judge({ log, told: log })).toEqual(['"li 1" stands twice in general, as 1 and as 5'])
})

test('the witness names messages of one author that were stored in another order', () => {
  const log = logOf('li 2', 'zoe 1', 'li 1', 'zoe 2')
  expect(judge({ log, told: log, answered: (text) => log.find((one) => one.text === text) })).toEqual([
    '"li 2" stands before "li 1" in general, though li sent it later',
  ])
})

test('the witness names a message that is not in the log, and one that nobody sent', () => {
  const log = logOf('li 1', 'zoe 1', 'li 2', 'zoe 3')
  const faults = judge({ log, told: log })
  expect(faults).toContain('"zoe 2" of zoe is lost: general does not have it')
  expect(faults).toContain('zoe never sent "zoe 3", 4 of general')
})

test('[SEND-1] the witness names an answer that is missing, of another message, or not in the log', () => {
  expect(judge({ answered: (text) => (text === 'li 2' ? undefined : stands(text)) })).toEqual([
    'li got no answer to "li 2" in general',
  ])
  expect(judge({ answered: (text) => (text === 'li 2' ? at(0) : stands(text)) })).toEqual([
    'li sent "li 2" to general and was answered "li 1"',
  ])
  expect(judge({ answered: (text) => (text === 'li 2' ? { ...at(2), seq: 9 } : stands(text)) })).toEqual([
    'li was answered 9 of general for "li 2", where nothing stands',
  ])
})

test('the witness names a channel whose log nobody read', () => {
  expect(witnessOf({}).judge({ logs: new Map() })).toHaveLength(LOG.length)
})

test('a message that was rejected and handed over again has its place from then on', () => {
  const log = logOf('li 2', 'li 1')
  const witness = new Witness()
  for (const text of ['li 1', 'li 2', 'li 1']) witness.sent('li', 'general', text)
  for (const message of log) witness.answered('li', 'general', message.text, message)
  expect(witness.judge({ logs: new Map([['general', log]]) })).toEqual([])
})

test('[RES-3] of a log that is gone, what was told must fit together as far as it goes', () => {
  expect(witnessOf({ told: LOG.slice(0, 2) }).judgeUnfinished()).toEqual([])
  expect(witnessOf({ told: [at(0), at(0)] }).judgeUnfinished()).toContain('zoe got 1 of general ("li 1") twice')
  const apart = witnessOf({})
  apart.follows('li', 'general', 0)
  apart.told('li', 'general', { ...at(0), text: 'another' })
  expect(apart.judgeUnfinished()).toEqual(['li got "another" as 1 of general, where "li 1" stands'])
})

test('[RES-3] what survived in an older copy is not asked after; what came later is', () => {
  const came = logOf('li 1', 'zoe 1', 'li 3')
  const logs = new Map([['general', came]])
  const prior = witnessOf({}).survived(logs)
  expect(prior).toEqual(new Map([['general', 2]]))
  const witness = new Witness()
  witness.follows('zoe', 'general', 2)
  witness.told('zoe', 'general', came[2] as Message)
  expect(witness.judge({ logs, prior })).toEqual(['li never sent "li 3", 3 of general'])
})

test('what a sender was answered with last is how far a copy must go', () => {
  expect(witnessOf({}).acknowledged('general')).toBe(4)
  expect(witnessOf({ answered: () => undefined }).acknowledged('general')).toBe(0)
})
