import { expect, test } from 'vitest'
import { AT, messageOf, type Within } from './scene.ts'

/** Edits and deletions. */
export function changeTests(within: Within): void {
  test(
    '[EDIT-1] an edit gives a message another text and other mentions, and the log an entry',
    within(async (scene) => {
      const { li, wang } = scene
      const [before] = await scene.store(scene.message('a', { mentions: [li], replyTo: undefined }), scene.message('b'))
      const [edited] = await scene.store(scene.edit(1, 'another', { mentions: [wang], at: AT + 9 }))
      expect(edited).toEqual({ ...before, text: 'another', mentions: [wang], editedAt: AT + 9, rev: 3 })
      const [bare] = await scene.store(scene.edit(1, 'another'))
      const { mentions, ...rest } = { ...edited, rev: 4, editedAt: AT + 1 }
      expect(bare).toEqual(rest)
      expect(await scene.storage.channels.get(scene.general)).toMatchObject({ head: 4, messages: 2 })
      const [next] = await scene.store(scene.message('c'))
      expect([next?.seq, next?.ordinal]).toEqual([5, 3])
    }),
  )

  test(
    '[EDIT-1] an edit that changes nothing adds nothing; another author’s, and one of no message, are refused',
    within(async (scene) => {
      const { li, lounge } = scene
      await scene.store(scene.message('a', { mentions: [li] }), scene.message('b'), scene.edit(2, 'x'))
      const [same] = await scene.append(scene.edit(1, 'a', { mentions: [li] }))
      expect([same?.outcome, messageOf(same)?.editedAt]).toEqual(['repeated', undefined])
      const refused = [
        scene.edit(1, 'x', { actor: li }),
        ...[scene.edit(3, 'x'), scene.edit(4, 'x'), scene.edit(0, 'x'), scene.edit(1, 'x', { channel: lounge })],
      ]
      expect(await scene.outcomes(...refused)).toEqual(['not-author', ...Array(4).fill('no-message')])
      expect((await scene.entries()).length).toBe(3)
    }),
  )

  test(
    '[EDIT-2] a deletion takes everything of a message but its place',
    within(async (scene) => {
      const { li } = scene
      const [before] = await scene.store(
        scene.message('a', { mentions: [li] }),
        ...[scene.reaction(1, '🍵'), scene.pin(1), scene.edit(1, 'secret', { mentions: [li] })],
      )
      const { mentions, ...place } = { ...before, text: '', deleted: true, rev: 5 }
      expect(await scene.store(scene.deletion(1))).toEqual([place])
      expect((await scene.storage.log.page(scene.general, { at: 'newest' }, 9))?.messages).toEqual([place])
      expect(await scene.storage.log.pins(scene.general)).toEqual([])
      const reactors = await scene.storage.log.reactors({ channel: scene.general, seq: 1 }, { emoji: '🍵', limit: 9 })
      expect(reactors).toEqual({ users: [], hasMore: false })
      const markers = await scene.storage.reads.markers(li, [scene.general])
      expect(markers[0]?.mentions).toBe(0)
      const entries = await scene.entries()
      expect(JSON.stringify(entries)).not.toContain('secret')
      expect(entries.map(({ type, data }) => [type, data.message.seq])).toEqual([
        ['message.created', 1],
        ...Array(3).fill(['message.changed', 1]),
        ['message.deleted', 1],
      ])
    }),
  )

  test(
    '[EDIT-2] a deletion is the author’s, or anybody’s who may; a second one adds nothing',
    within(async (scene) => {
      const { li } = scene
      await scene.store(scene.message('a'), scene.message('b'))
      expect(await scene.outcomes(scene.deletion(1, { actor: li }), scene.deletion(9))).toEqual([
        'not-author',
        'no-message',
      ])
      const [gone] = await scene.append(scene.deletion(1, { actor: li, anyAuthor: true }))
      expect(gone).toMatchObject({ outcome: 'stored', entry: { type: 'message.deleted', seq: 3 } })
      expect(await scene.append(scene.deletion(1))).toEqual([{ outcome: 'repeated', message: messageOf(gone) }])
      const after = [scene.edit(1, 'x'), scene.reaction(1, '🍵'), scene.pin(1), scene.reaction(1, '🍵', { on: false })]
      expect(await scene.outcomes(...after)).toEqual(Array(4).fill('no-message'))
    }),
  )

  test(
    'a batch may write a message and change it, again and again',
    within(async (scene) => {
      const stored = await scene.store(
        ...[scene.message('a'), scene.edit(1, 'b'), scene.message('c'), scene.edit(1, 'd')],
        ...[scene.reaction(3, '🍵'), scene.pin(1), scene.message('e', { replyTo: 1 }), scene.deletion(3)],
      )
      expect(stored.map(({ seq, rev, ordinal, text }) => [seq, rev, ordinal, text])).toEqual([
        [1, 1, 1, 'a'],
        [1, 2, 1, 'b'],
        [3, 3, 2, 'c'],
        [1, 4, 1, 'd'],
        [3, 5, 2, 'c'],
        [1, 6, 1, 'd'],
        [7, 7, 3, 'e'],
        [3, 8, 2, ''],
      ])
      const entries = await scene.entries()
      expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
      // Content as it is now, not as it was at each entry.
      expect(entries.map(({ data }) => data.message.text)).toEqual(['d', 'd', '', 'd', '', 'd', 'e', ''])
    }),
  )
}
