import { expect, test } from 'vitest'
import type { EntryBlock } from '../../src/delivery/entry-block.ts'
import { Feed } from '../../src/delivery/feed.ts'
import { ManualTurn } from '../manual-turn.ts'

class Listener {
  readonly blocks: EntryBlock[] = []

  durable(channel: string, block: EntryBlock): void {
    expect(channel).toBe('general')
    this.blocks.push(block)
  }

  get texts(): string[] {
    return this.blocks.map(({ bytes }) => String(bytes))
  }
}

function feed(): { turn: ManualTurn; feed: Feed<Listener>; say: (...texts: string[]) => void } {
  const turn = new ManualTurn()
  const feed = new Feed<Listener>('general', turn.turn)
  let seq = 0
  const say = (...texts: string[]): void => {
    for (const text of texts) feed.push(++seq, () => Buffer.from(text))
  }
  return { turn, feed, say }
}

test('[TURN-1] the entries of a turn are joined once: all who listen get the same bytes', () => {
  const { turn, feed: channel, say } = feed()
  const [mei, li] = [new Listener(), new Listener()]
  channel.add(mei)
  channel.add(li)
  say('one', 'two')
  expect(mei.blocks).toEqual([])
  turn.end()
  say('three')
  turn.end()
  expect(mei.blocks.map(({ ends, seq }) => ({ ends, seq }))).toEqual([
    { ends: [3, 6], seq: 2 },
    { ends: [5], seq: 3 },
  ])
  expect(mei.texts).toEqual(['onetwo', 'three'])
  for (const [at, { bytes }] of li.blocks.entries()) expect(bytes).toBe(mei.blocks[at]?.bytes)
})

test('[CHAN-2] who comes in the middle of a turn gets what comes after, who leaves nothing more', () => {
  const { turn, feed: channel, say } = feed()
  const [mei, li] = [new Listener(), new Listener()]
  channel.add(mei)
  say('one')
  channel.add(li)
  say('two')
  channel.remove(mei)
  turn.end()
  expect([mei.texts, li.texts]).toEqual([['one'], ['two']])
})

test('an entry that nobody listens to is not made', () => {
  const { turn, feed: channel } = feed()
  channel.push(1, () => {
    throw new Error('expected nobody to ask')
  })
  expect(turn.armed).toBe(0)
})
