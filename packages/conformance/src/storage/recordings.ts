import type { RecordingSummary } from '@arclight/core'
import { expect, test } from 'vitest'
import { AT, type Scene, type Within } from './scene.ts'

/** What `RecordingRepository` promises. */
export function recordingTests(within: Within): void {
  test(
    'a row is kept as it was made, changes only in what is changed, and is forgotten alone',
    within(async (scene) => {
      const { recordings } = scene.storage
      const [one, two] = [recordingOf(scene, 'r1'), recordingOf(scene, 'r2', { title: '"弧光", 50 % \\ done' })]
      await recordings.create(one)
      await recordings.create(two)
      expect(await recordings.get(one.id)).toEqual(one)
      expect(await recordings.get('no such recording')).toBeUndefined()
      const change = { state: 'finished', durationMs: 1_234.5, bytes: 5_000_000_000, videoFrames: 37 } as const
      await recordings.update(one.id, { ...change, width: 640, height: 480 })
      expect(await recordings.get(one.id)).toEqual({ ...one, ...change, width: 640, height: 480 })
      await recordings.update(one.id, change)
      expect(await recordings.get(one.id)).toEqual({ ...one, ...change })
      expect(await recordings.get(two.id)).toEqual(two)
      expect(await recordings.remove(two.id)).toBe(true)
      expect(await recordings.remove(two.id)).toBe(false)
      expect(await recordings.get(two.id)).toBeUndefined()
      expect(await recordings.get(one.id)).toBeDefined()
      await expect(recordings.update('no such recording', change)).resolves.toBeUndefined()
    }),
  )

  test(
    'a user’s are listed, newest first, at most so many, and nobody else’s',
    within(async (scene) => {
      const { recordings } = scene.storage
      const { mei, li } = scene
      for (const [id, user, startedAt] of [
        ['r1', mei, AT + 2],
        ['r2', li, AT + 3],
        ['r3', mei, AT + 1],
        ['r4', mei, AT + 4],
      ] as const) {
        await recordings.create(recordingOf(scene, id, { startedAt, owner: { id: user, name: user } }))
      }
      const listed = async (user: string, most: number) =>
        (await recordings.byOwner(user, most)).map(({ id }) => id.split(' ')[1])
      expect(await listed(mei, 10)).toEqual(['r4', 'r1', 'r3'])
      expect(await listed(mei, 2)).toEqual(['r4', 'r1'])
      expect(await listed(li, 10)).toEqual(['r2'])
      expect(await listed('nobody', 10)).toEqual([])
    }),
  )

  test(
    'those that a crash cut off are the ones that still say that they record',
    within(async (scene) => {
      const { recordings } = scene.storage
      const change = { durationMs: 1, bytes: 1, videoFrames: 1 }
      for (const state of ['finished', 'recovered', 'failed', 'recording'] as const) {
        const recording = recordingOf(scene, state)
        await recordings.create(recording)
        await recordings.update(recording.id, { ...change, state })
      }
      const unfinished = (await recordings.unfinished()).map(({ id }) => id)
      expect(unfinished.filter((id) => id.startsWith(`${scene.id} `))).toEqual([`${scene.id} recording`])
    }),
  )
}

function recordingOf({ id: scene, mei }: Scene, id: string, more: Partial<RecordingSummary> = {}): RecordingSummary {
  const owner = { id: mei, name: mei }
  const figures = { durationMs: 0, bytes: 0, videoFrames: 0 }
  return { id: `${scene} ${id}`, title: id, state: 'recording', owner, startedAt: AT, ...figures, ...more }
}
