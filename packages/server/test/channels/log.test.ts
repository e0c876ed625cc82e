import { expect, test } from 'vitest'
import { entriesOf, numbered, say } from '../chat.ts'
import { RunningServer } from '../running-server.ts'

test('[LOG-1] entries have seq 1, 2, 3 … without a gap, in each channel for itself, whoever sends', async () => {
  await using running = await RunningServer.start()
  const people = await Promise.all(['mei', 'li', 'zoe'].map((name) => running.signIn(name)))
  await Promise.all(people.flatMap((person) => [say(person, numbered(30)), say(person, numbered(10), 'lounge')]))
  for (const [channel, count] of [
    ['general', 90],
    ['lounge', 30],
  ] as const) {
    const { entries, head } = (await people[0]?.ask('log.read', { channel, after: 0 })) ?? { entries: [] }
    expect(head).toBe(count)
    expect(entries.map(({ seq }) => seq)).toEqual(numbered(count).map(Number))
  }
})

test('[LOG-1] what was refused leaves no gap', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  await say(mei, ['one'])
  await mei.refusal('message.send', { channel: 'general', clientId: 'x', text: '   ' })
  await mei.ask('message.send', { channel: 'general', clientId: 'general one', text: 'a repeat' })
  await mei.refusal('message.send', { channel: 'nowhere', clientId: 'y', text: 'hello' })
  const [next] = await say(mei, ['two'])
  expect(next?.seq).toBe(2)
})

test('[LOG-2] log.read gives what is above after, rising, 100 at most, with epoch and head', async () => {
  await using running = await RunningServer.start({ rateLimits: 'off' })
  const mei = await running.signIn('mei')
  const { epoch } = (await mei.ask('channel.join', { channel: 'general' })).channel
  expect(await mei.ask('log.read', { channel: 'general', after: 0 })).toEqual({ entries: [], epoch, head: 0 })
  await say(mei, numbered(120))
  const cases: [after: number, limit: number | undefined, from: number, to: number][] = [
    [0, undefined, 1, 100],
    [0, 1, 1, 1],
    [0, 100, 1, 100],
    [1, 2, 2, 3],
    [19, 100, 20, 119],
    [20, 100, 21, 120],
    [119, undefined, 120, 120],
    [120, undefined, 121, 120],
    [Number.MAX_SAFE_INTEGER, undefined, 121, 120],
  ]
  for (const [after, limit, from, to] of cases) {
    const asked = { channel: 'general', after, ...(limit === undefined ? {} : { limit }) }
    const { entries, ...rest } = await mei.ask('log.read', asked)
    expect(rest).toEqual({ epoch, head: 120 })
    expect(
      entries.map(({ seq }) => seq),
      `after ${after}`,
    ).toEqual(Array.from({ length: to - from + 1 }, (_, at) => from + at))
  }
})

test('[LOG-2] changes stand among what was sent, each at its own seq and as often as it is in the log', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  await say(mei, ['one', 'two'])
  await mei.ask('message.edit', { channel: 'general', seq: 1, text: 'first' })
  await say(mei, ['three'])
  await mei.ask('message.delete', { channel: 'general', seq: 2 })
  const types = ['created', 'created', 'changed', 'created', 'deleted'].map((type) => `message.${type}`)
  for (let after = 0; after <= types.length; after++) {
    for (const limit of [1, 2, 100]) {
      const { entries } = await mei.ask('log.read', { channel: 'general', after, limit })
      const expected = types.map((type, at) => [type, at + 1]).slice(after, after + limit)
      expect(entries.map(({ type, seq }) => [type, seq])).toEqual(expected)
    }
  }
})

test('[LOG-2] each entry is exactly as its live event', async () => {
  await using running = await RunningServer.start()
  const mei = await running.signIn('mei')
  await mei.ask('channel.join', { channel: 'general' })
  const texts = [
    'plain',
    'two\nlines\tand a tab',
    '😀 e\u0301 שלום',
    '"quotes" \\ </script> &amp;',
    'line\u2028and\u2029paragraph\ufeff',
    ' spaces kept ',
  ]
  for (const [at, text] of texts.entries()) {
    const { message } = await mei.ask('message.send', { channel: 'general', clientId: `${at}`, text })
    expect(message.text).toBe(text)
  }
  await mei.settle()
  const live = entriesOf(mei)
  expect(live.map(({ data }) => data.message.text)).toEqual(texts)
  expect((await mei.ask('log.read', { channel: 'general', after: 0 })).entries).toEqual(live)
})
