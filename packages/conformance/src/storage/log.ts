import { expect, test } from 'vitest'
import { accountOf, messageOf, upTo, type Within } from './scene.ts'

/** How messages get into a log and how the log is read; what changes them is in a file of its own. */
export function logTests(within: Within): void {
  test(
    'messages get seq and ordinal 1, 2, 3 … in each channel',
    within(async (scene) => {
      const { general, lounge } = scene
      const batch = [scene.message('a'), scene.message('b', { channel: lounge }), scene.message('c')]
      const stored = await scene.store(...batch)
      expect(stored.map(({ channel, seq, ordinal }) => [channel, seq, ordinal])).toEqual([
        [general, 1, 1],
        [lounge, 1, 1],
        [general, 2, 2],
      ])
      const channels = await Promise.all([general, lounge].map((id) => scene.storage.channels.get(id)))
      expect(channels.map((channel) => [channel?.head, channel?.messages])).toEqual([
        [2, 2],
        [1, 1],
      ])
      expect(await scene.append()).toEqual([])
    }),
  )

  test(
    'a message has what was written and nothing else, in the result, the log and the page alike',
    within(async (scene) => {
      const { general, mei, li, wang } = scene
      const text = 'Zwölf Boxkämpfer 弧光 🎙️'
      const [plain] = await scene.store(scene.message('a', { text, at: 12_345 }))
      const [answer] = await scene.store(scene.message('b', { replyTo: 1, mentions: [wang, li], author: li }))
      const author = (id: string) => ({ id, name: id })
      const one = { channel: general, seq: 1, ordinal: 1, rev: 1, author: author(mei), clientId: 'a', text, at: 12_345 }
      expect(plain).toEqual(one)
      expect(answer).toEqual({
        ...{ ...one, seq: 2, ordinal: 2, rev: 2, author: author(li), clientId: 'b', text: 'b' },
        ...{ at: 1_700_000_000_000, replyTo: 1, mentions: [wang, li] },
      })
      expect(await scene.messages()).toEqual([plain, answer])
      expect((await scene.storage.log.page(general, { at: 'newest' }, 9))?.messages).toEqual([plain, answer])
      const entry = { type: 'message.created', channel: general }
      expect(await scene.entries()).toEqual([
        { ...entry, seq: 1, data: { message: plain } },
        { ...entry, seq: 2, data: { message: answer } },
      ])
    }),
  )

  test(
    'a repeat gets the first message and adds nothing, in the same batch and later',
    within(async (scene) => {
      const first = scene.message('once', { text: 'first' })
      const again = { ...first, text: 'second', replyTo: 99 }
      const [one, two] = await scene.append(first, again)
      const [three] = await scene.append(again)
      expect([one, two, three].map((result) => result?.outcome)).toEqual(['stored', 'repeated', 'repeated'])
      expect([two, three].map(messageOf)).toEqual([messageOf(one), messageOf(one)])
      expect(await scene.texts()).toEqual(['first'])
    }),
  )

  test(
    'a repeat gets its message as it is by then, changed in the same batch or before',
    within(async (scene) => {
      const send = scene.message('once', { text: 'first' })
      const [, edited, again] = await scene.append(send, scene.edit(1, 'second'), send)
      expect(again).toEqual({ outcome: 'repeated', message: messageOf(edited) })
      const [, deleted, last] = await scene.append(send, scene.deletion(1), send)
      expect(last).toEqual({ outcome: 'repeated', message: messageOf(deleted) })
      expect(await scene.append(send)).toEqual([last])
    }),
  )

  test(
    'a client id is unique only within its channel and author',
    within(async (scene) => {
      const same = scene.message('same')
      const batch = [same, { ...same, channel: scene.lounge }, { ...same, author: scene.li }]
      expect(await scene.outcomes(...batch)).toEqual(['stored', 'stored', 'stored'])
      expect(await scene.outcomes(...batch)).toEqual(['repeated', 'repeated', 'repeated'])
      expect(await scene.outcomes(scene.message('SAME'), scene.message('same '))).toEqual(['stored', 'stored'])
    }),
  )

  test(
    'an unknown channel costs the rest of its batch nothing',
    within(async (scene) => {
      const { log } = scene.storage
      const nowhere = { channel: 'nowhere' }
      const batch = [
        scene.message('a', nowhere),
        scene.message('b'),
        scene.edit(1, 'x', nowhere),
        scene.pin(1, nowhere),
      ]
      expect(await scene.outcomes(...batch)).toEqual(['no-channel', 'stored', 'no-channel', 'no-channel'])
      expect(await log.read('nowhere', 0, 10)).toBeUndefined()
      expect(await log.page('nowhere', { at: 'newest' }, 10)).toBeUndefined()
    }),
  )

  test(
    '[SEND-9] an answer is to a message of the same channel, of the same batch or a deleted one too',
    within(async (scene) => {
      const { lounge } = scene
      await scene.store(scene.message('a'), scene.message('b', { channel: lounge }), scene.deletion(1))
      const answers = [1, 2, 3, 4, 99].map((replyTo, at) => scene.message(`to ${at}`, { replyTo }))
      // 2 is the deletion's own entry; 3 the answer to 1.
      expect(await scene.outcomes(...answers)).toEqual(['stored', 'no-message', 'stored', 'stored', 'no-message'])
      expect((await scene.messages()).map(({ seq, replyTo }) => [seq, replyTo])).toEqual([
        [1, undefined],
        [3, 1],
        [4, 3],
        [5, 4],
      ])
    }),
  )

  test(
    'entries are read above a position, at most so many, with the head and the epoch',
    within(async (scene) => {
      const { log, channels } = scene.storage
      const empty = await log.read(scene.general, 0, 10)
      expect(empty).toEqual({ entries: [], head: 0, epoch: (await channels.get(scene.general))?.epoch })
      await scene.store(...upTo(5).map((at) => scene.message(`m${at}`)))
      const read = async (after: number, limit: number) => {
        const { entries = [], head } = (await log.read(scene.general, after, limit)) ?? {}
        return [entries.map(({ seq }) => seq), head]
      }
      expect(await read(1, 2)).toEqual([[2, 3], 5])
      expect(await read(0, 5)).toEqual([[1, 2, 3, 4, 5], 5])
      expect(await read(4, 10)).toEqual([[5], 5])
      expect(await read(5, 10)).toEqual([[], 5])
      expect(await read(99, 10)).toEqual([[], 5])
    }),
  )

  test(
    'a text is kept to the last code unit, whatever it says',
    within(async (scene) => {
      const texts = [
        ...['line\nbreak\r\n\u2028', '弧光 🎙️', '"; DROP TABLE message; --', '\u0001', ' ', '\\u0041 \\x41 %s $1 ?'],
        ...['x'.repeat(4_000), '弧'.repeat(4_000), '🎙️'.repeat(1_333), 'e\u0301', '\u{10ffff}', '{"a":[1]}', 'null'],
      ]
      await scene.store(...texts.map((text, at) => scene.message(`t${at} ${text.slice(0, 39)}`, { text })))
      const messages = await scene.messages()
      expect(messages.map(({ text }) => text)).toEqual(texts)
      expect(messages.map(({ clientId }) => clientId)).toEqual(texts.map((text, at) => `t${at} ${text.slice(0, 39)}`))
    }),
  )

  test(
    'batches of any size, of many channels and authors, are stored in their order',
    within(async (scene) => {
      const { general, lounge, id } = scene
      const authors = upTo(30).map((at) => `${id}-author${at}`)
      for (const author of authors) await scene.storage.accounts.create(accountOf(author))
      let sent = 0
      for (const size of [1, 2, 9, 10, 11, 99, 100, 101, 500]) {
        const batch = upTo(size).map((at) => {
          const author = authors[at % authors.length] as string
          return scene.message(`m${sent + at}`, { channel: at % 3 === 0 ? lounge : general, author })
        })
        sent += size
        expect(new Set(await scene.outcomes(...batch))).toEqual(new Set(['stored']))
        expect(new Set(await scene.outcomes(...batch))).toEqual(new Set(['repeated']))
      }
      const logs = [await scene.messages(general), await scene.messages(lounge)]
      for (const log of logs) expect(log.map(({ seq }) => seq)).toEqual(upTo(log.length))
      expect(logs.flat()).toHaveLength(sent)
      const numbers = logs.map((log) => log.map(({ clientId }) => Number(clientId.slice(1))))
      for (const order of numbers) expect(order).toEqual([...order].sort((one, other) => one - other))
    }),
  )
}
