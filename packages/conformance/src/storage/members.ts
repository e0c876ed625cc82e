import { expect, test } from 'vitest'
import { AT, accountOf, type Scene, type Within } from './scene.ts'

/** Who is in a private and in a direct channel. */
export function memberTests(within: Within): void {
  test(
    'a private channel has members, by id; one for everybody has none to tell of',
    within(async (scene) => {
      const { channels } = scene.storage
      const room = await roomOf(scene, [scene.wang, scene.li])
      expect(await channels.get(room)).toMatchObject({
        private: true,
        members: [
          { id: scene.li, name: scene.li },
          { id: scene.wang, name: scene.wang },
        ],
      })
      const listed = (await channels.list()).filter(({ id }) => [room, scene.general].includes(id))
      expect(listed.map(({ members }) => members?.length)).toEqual([undefined, 2])
      const empty = await roomOf(scene, undefined, 'empty')
      expect((await channels.get(empty))?.members).toEqual([])
    }),
  )

  test(
    'a member is added once and removed once',
    within(async (scene) => {
      const { channels } = scene.storage
      const { mei, li, wang } = scene
      const room = await roomOf(scene, [mei])
      const members = async () => (await channels.get(room))?.members?.map(({ id }) => id)
      expect(await channels.addMember(room, wang)).toBe(true)
      expect(await channels.addMember(room, li)).toBe(true)
      expect(await channels.addMember(room, li)).toBe(false)
      expect(await members()).toEqual([li, mei, wang])
      expect(await channels.removeMember(room, mei)).toBe(true)
      expect(await channels.removeMember(room, mei)).toBe(false)
      expect(await members()).toEqual([li, wang])
      const both = await Promise.all([1, 2].map(() => channels.addMember(room, mei)))
      expect(both.filter(Boolean)).toHaveLength(1)
    }),
  )

  test(
    'who does not exist is no member, and a channel that does not exist has none',
    within(async (scene) => {
      const { channels } = scene.storage
      const room = await roomOf(scene, [scene.mei])
      expect(await channels.addMember(room, 'nobody')).toBe(false)
      expect(await channels.addMember('no such channel', scene.mei)).toBe(false)
      expect(await channels.removeMember(room, 'nobody')).toBe(false)
      expect(await channels.removeMember('no such channel', scene.mei)).toBe(false)
      await channels.remove(room)
      expect(await channels.addMember(room, scene.li)).toBe(false)
    }),
  )

  test(
    'a bot among the members says that it is one',
    within(async (scene) => {
      const bot = `${scene.id}-a-bot`
      await scene.storage.accounts.create(accountOf(bot, { bot: true, passwordHash: '' }))
      const room = await roomOf(scene, [scene.mei, bot])
      expect((await scene.storage.channels.get(room))?.members).toEqual([
        { id: bot, name: bot, bot: true },
        { id: scene.mei, name: scene.mei },
      ])
    }),
  )
}

async function roomOf(scene: Scene, members: string[] | undefined, name = 'room'): Promise<string> {
  const id = `${scene.id}-${name}`
  await scene.storage.channels.create({ id, kind: 'text', name: id, nameKey: id, private: true, members, at: AT })
  return id
}
