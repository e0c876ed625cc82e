import type { Storage } from '@arclight/core/contracts'
import { expect, test } from 'vitest'
import { AT, type Scene, type Within } from './scene.ts'

/** What `SessionRepository` promises. */
export function sessionTests(within: Within): void {
  test(
    'a token is found until its session is removed, by its own user',
    within(async ({ storage: { sessions }, id, mei, li }) => {
      await sessions.create(sessionOf(id, 's1', mei, { label: 'Firefox on Linux' }))
      await sessions.create(sessionOf(id, 's2', li))
      expect(await sessions.find(`hash of ${id} s1`)).toEqual({
        id: `${id} s1`,
        label: 'Firefox on Linux',
        createdAt: AT,
        usedAt: AT,
        expiresAt: AT + 1_000,
        account: { id: mei, name: mei, role: 'member' },
        newest: true,
        rotating: false,
      })
      expect(await sessions.find('nobody’s hash')).toBeUndefined()
      expect(await sessions.remove(li, `${id} s1`)).toBe(false)
      expect(await sessions.remove(mei, `${id} s1`)).toBe(true)
      expect(await sessions.remove(mei, `${id} s1`)).toBe(false)
      expect(await sessions.find(`hash of ${id} s1`)).toBeUndefined()
      const other = await sessions.find(`hash of ${id} s2`)
      expect(other).toMatchObject({ id: `${id} s2`, account: { id: li } })
      expect(other).not.toHaveProperty('label')
    }),
  )

  test(
    'a replaced token works until the new one is settled, and no longer after the next',
    within(async ({ storage: { sessions }, id, mei }) => {
      const session = sessionOf(id, 's1', mei)
      const [first, second, third, fourth] = [session.tokenHash, `${id} 2nd`, `${id} 3rd`, `${id} 4th`]
      await sessions.create(session)
      await sessions.rotate(session.id, second)
      expect(await sessions.find(first)).toMatchObject({ id: session.id, newest: false, rotating: true })
      expect(await sessions.find(second)).toMatchObject({ id: session.id, newest: true, rotating: true })
      await sessions.touch(session.id, { usedAt: AT + 5, expiresAt: AT + 2_000, settled: false })
      expect(await sessions.find(first)).toMatchObject({ usedAt: AT + 5, expiresAt: AT + 2_000 })
      await sessions.touch(session.id, { usedAt: AT + 6, expiresAt: AT + 2_000, settled: true })
      expect(await sessions.find(first)).toBeUndefined()
      expect(await sessions.find(second)).toMatchObject({ newest: true, rotating: false })
      await sessions.rotate(session.id, third)
      await sessions.rotate(session.id, fourth)
      expect(await sessions.find(second)).toBeUndefined()
      expect(await sessions.find(third)).toMatchObject({ newest: false })
      expect(await sessions.find(fourth)).toMatchObject({ newest: true })
    }),
  )

  test(
    'a user’s are listed while they last, the one used last first',
    within(async ({ storage: { sessions }, id, mei, li }) => {
      for (const one of ['s1', 's2', 's3']) await sessions.create(sessionOf(id, one, mei))
      await sessions.create(sessionOf(id, 'other', li))
      await sessions.touch(`${id} s2`, { usedAt: AT + 9, expiresAt: AT + 5_000, settled: false })
      await sessions.touch(`${id} s3`, { usedAt: AT + 3, expiresAt: AT + 10, settled: false })
      const listed = async (now: number) => (await sessions.byUser(mei, now)).map((session) => session.id)
      expect(await listed(AT + 9)).toEqual([`${id} s2`, `${id} s3`, `${id} s1`])
      expect(await listed(AT + 10)).toEqual([`${id} s2`, `${id} s1`])
      expect(await listed(AT + 5_000)).toEqual([])
      expect((await sessions.byUser(li, AT))[0]).toEqual({
        id: `${id} other`,
        createdAt: AT,
        usedAt: AT,
        expiresAt: AT + 1_000,
      })
    }),
  )

  test(
    'those that have expired are forgotten, and no others',
    within(async (scene) => {
      // No other test's session is so old.
      const then = 1_000_000
      const { sessions } = scene.storage
      for (const [one, expiresAt] of [
        ['s1', then],
        ['s2', then + 1],
      ] as const) {
        await sessions.create({ ...sessionOf(scene.id, one, scene.mei), expiresAt })
      }
      await sessions.prune(then)
      expect(await sessions.find(`hash of ${scene.id} s1`)).toBeUndefined()
      expect(await sessions.find(`hash of ${scene.id} s2`)).toMatchObject({ id: `${scene.id} s2` })
    }),
  )
}

function sessionOf(
  scene: Scene['id'],
  id: string,
  user: string,
  more: { label?: string } = {},
): Parameters<Storage['sessions']['create']>[0] {
  const times = { createdAt: AT, usedAt: AT, expiresAt: AT + 1_000 }
  return { id: `${scene} ${id}`, user, tokenHash: `hash of ${scene} ${id}`, ...times, ...more }
}
