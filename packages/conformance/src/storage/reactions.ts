import { LIMITS } from '@arclight/core/protocol'
import { expect, test } from 'vitest'
import { accountOf, messageOf, type Scene, upTo, type Within } from './scene.ts'

/** Emoji under messages. */
export function reactionTests(within: Within): void {
  test(
    '[REACT-1] a reaction is there once, until it is taken away',
    within(async (scene) => {
      const { mei, li, general } = scene
      await scene.store(scene.message('a'))
      const [put] = await scene.store(scene.reaction(1, '🍵'))
      expect(put).toMatchObject({ rev: 2, reactions: [{ emoji: '🍵', count: 1, users: [mei] }] })
      expect(put).not.toHaveProperty('editedAt')
      expect(await scene.append(scene.reaction(1, '🍵'))).toEqual([{ outcome: 'repeated', message: put }])
      expect(await scene.outcomes(scene.reaction(1, '🍵', { actor: li, on: false }))).toEqual(['repeated'])
      expect(await scene.outcomes(scene.reaction(1, '🎙️', { on: false }))).toEqual(['repeated'])
      const [gone] = await scene.append(scene.reaction(1, '🍵', { on: false }))
      expect(gone).toMatchObject({ outcome: 'stored', entry: { type: 'message.changed', channel: general, seq: 3 } })
      expect(messageOf(gone)).not.toHaveProperty('reactions')
      expect(await scene.outcomes(scene.reaction(1, '🍵', { on: false }), scene.reaction(9, '🍵'))).toEqual([
        'repeated',
        'no-message',
      ])
    }),
  )

  test(
    '[REACT-2] emoji stand in the order in which they came, each with its earliest users',
    within(async (scene) => {
      const crowd = await crowdOf(scene, 13)
      await scene.store(scene.message('a'), scene.reaction(1, 'b'), scene.reaction(1, 'a'))
      await scene.store(...crowd.map((actor) => scene.reaction(1, 'c', { actor })))
      const [message] = await scene.store(scene.reaction(1, 'b', { actor: scene.li }))
      expect(message?.reactions).toEqual([
        { emoji: 'b', count: 2, users: [scene.mei, scene.li] },
        { emoji: 'a', count: 1, users: [scene.mei] },
        { emoji: 'c', count: 13, users: crowd.slice(0, 10) },
      ])
      const away = crowd.slice(0, 2).map((actor) => scene.reaction(1, 'c', { actor, on: false }))
      const [, without] = await scene.store(...away)
      expect(without?.reactions?.at(-1)).toEqual({ emoji: 'c', count: 11, users: crowd.slice(2, 12) })
      await scene.store(scene.reaction(1, 'b', { on: false }), scene.reaction(1, 'b', { actor: scene.li, on: false }))
      const [again] = await scene.store(scene.reaction(1, 'b'))
      expect(again?.reactions?.map(({ emoji }) => emoji)).toEqual(['a', 'c', 'b'])
      expect((await scene.messages())[0]).toEqual(again)
    }),
  )

  test(
    '[REACT-2] those who put an emoji are read in pages, the earliest first',
    within(async (scene) => {
      const crowd = await crowdOf(scene, 7)
      await scene.store(scene.message('a'), scene.message('b'), scene.reaction(2, 'c'))
      await scene.store(...[...crowd].reverse().map((actor) => scene.reaction(1, 'c', { actor })))
      const place = { channel: scene.general, seq: 1 }
      const read = async (after: string | undefined, limit: number, emoji = 'c') => {
        const { users, hasMore } = await scene.storage.log.reactors(place, { emoji, after, limit })
        return [users.map(({ id }) => crowd.indexOf(id)), hasMore]
      }
      expect(await read(undefined, 3)).toEqual([[6, 5, 4], true])
      expect(await read(crowd[4], 3)).toEqual([[3, 2, 1], true])
      expect(await read(crowd[1], 3)).toEqual([[0], false])
      expect(await read(undefined, 7)).toEqual([[6, 5, 4, 3, 2, 1, 0], false])
      expect(await read(undefined, 3, 'd')).toEqual([[], false])
      const [first] = (await scene.storage.log.reactors(place, { emoji: 'c', limit: 1 })).users
      expect(first).toEqual({ id: crowd[6], name: crowd[6] })
    }),
  )

  test(
    '[REACT-1] there is room for so many different emoji and no more',
    within(async (scene) => {
      const emoji = upTo(LIMITS.reactions).map((at) => `:e${at}:`)
      await scene.store(scene.message('a'), ...emoji.map((one) => scene.reaction(1, one)))
      expect(await scene.outcomes(scene.reaction(1, 'new'))).toEqual(['full'])
      expect(await scene.outcomes(scene.reaction(1, ':e1:', { actor: scene.li }))).toEqual(['stored'])
      await scene.store(scene.reaction(1, ':e2:', { on: false }), scene.reaction(1, 'new'))
      expect((await scene.messages())[0]?.reactions).toHaveLength(LIMITS.reactions)
    }),
  )
}

async function crowdOf({ storage, id }: Scene, size: number): Promise<string[]> {
  const crowd = upTo(size).map((at) => `${id}-user${at}`)
  for (const user of crowd) await storage.accounts.create(accountOf(user))
  return crowd
}
