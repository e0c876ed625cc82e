import type { FinishedUpload, NewUpload, Storage } from '@arclight/core/contracts'
import { expect, test } from 'vitest'
import { AT, messageOf, type Scene, upTo, type Within } from './scene.ts'

const BOUNDS = { bytes: 1_000, growing: 3 }
const FINISHED: FinishedUpload = {
  type: 'image/png',
  size: 100,
  width: 4,
  height: 3,
  thumbnail: true,
  expiresAt: AT + 9,
}
/** More than the tests leave behind. */
const ALL = 10_000

/** What `UploadRepository` promises, and the log of files. */
export function uploadTests(within: Within): void {
  test(
    'an upload grows, is finished once, and is what it became',
    within(async (scene) => {
      const { uploads } = scene.storage
      const upload = uploadOf(scene, 'u1', { name: '"弧光", 50 % \\ done.png' })
      expect(await uploads.create(upload, BOUNDS)).toBe('created')
      expect(await uploads.get(upload.id)).toEqual({ ...upload, state: 'growing' })
      expect(await uploads.finish(upload.id, { ...FINISHED, size: 90 })).toBe(true)
      expect(await uploads.finish(upload.id, FINISHED)).toBe(false)
      const { expiresAt, ...found } = { ...FINISHED, size: 90 }
      const file = { id: upload.id, name: upload.name, ...found }
      expect(await uploads.get(upload.id)).toEqual({ ...upload, size: 90, expiresAt, state: 'ready', file })
      expect(await uploads.get('no such upload')).toBeUndefined()
      expect(await uploads.finish('no such upload', FINISHED)).toBe(false)
    }),
  )

  test(
    'a user’s uploads are listed by id, in pages, without removed ones and nobody else’s',
    within(async (scene) => {
      const { uploads } = scene.storage
      const made = ['a', 'b', 'c', 'd'].map((id) => uploadOf(scene, id, { size: 1 }))
      for (const upload of made) await uploads.create(upload, { ...BOUNDS, growing: 9 })
      await uploads.create(uploadOf(scene, 'e', { owner: scene.li }), BOUNDS)
      const [a = '', b = '', c = '', d = ''] = made.map(({ id }) => id)
      await uploads.finish(c, FINISHED)
      await uploads.remove(b)
      const listed = async (after: string, limit: number) =>
        (await uploads.byOwner(scene.mei, after, limit)).map(({ id, state }) => [id, state])
      expect(await listed('', 2)).toEqual([
        [a, 'growing'],
        [c, 'ready'],
      ])
      expect(await listed(c, 2)).toEqual([[d, 'growing']])
      expect(await listed(d, 2)).toEqual([])
    }),
  )

  test(
    'what one user stores and lets grow is bounded, whoever else is there',
    within(async (scene) => {
      const { uploads } = scene.storage
      const create = (id: string, more: Partial<NewUpload>) => uploads.create(uploadOf(scene, id, more), BOUNDS)
      expect(await create('a', { size: 600 })).toBe('created')
      expect(await create('b', { size: 401 })).toBe('too-much')
      expect(await create('c', { size: 400 })).toBe('created')
      expect(await create('d', { size: 1 })).toBe('too-much')
      expect(await create('e', { size: 1_000, owner: scene.li })).toBe('created')
      expect(await uploads.remove(idOf(scene, 'a'))).toBe(true)
      expect(await create('f', { size: 300 })).toBe('created')
      expect(await create('g', { size: 100 })).toBe('created')
      expect(await create('h', { size: 100 })).toBe('too-many')
      await uploads.finish(idOf(scene, 'g'), { ...FINISHED, size: 100 })
      expect(await create('h', { size: 100 })).toBe('created')
      expect(await create('i', { size: 101 })).toBe('too-many')
    }),
  )

  test(
    'uploads that begin at once never share what is left',
    within(async (scene) => {
      const { uploads } = scene.storage
      const outcomes = await Promise.all(
        upTo(8).map((at) => uploads.create(uploadOf(scene, `x${at}`, { size: 300 }), { bytes: 1_000, growing: 10 })),
      )
      expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(3)
    }),
  )

  test(
    'a message gets its author’s finished uploads, in its order, and nobody gets them again',
    within(async (scene) => {
      const { uploads } = scene.storage
      const [one, two] = [await ready(scene, 'u1'), await ready(scene, 'u2')]
      const attachments = [two, one]
      const [message] = await scene.store(scene.message('a', { text: '', attachments }))
      const { expiresAt, ...file } = FINISHED
      expect(message?.attachments).toEqual([
        { ...file, id: two, name: 'u2' },
        { ...file, id: one, name: 'u1' },
      ])
      expect((await scene.messages())[0]).toEqual(message)
      expect(await uploads.get(one)).toMatchObject({ state: 'used', message: { channel: scene.general, seq: 1 } })
      expect(await uploads.remove(one)).toBe(false)
      const again = await scene.append(scene.message('a', { text: '', attachments }))
      expect([again[0]?.outcome, messageOf(again[0])]).toEqual(['repeated', message])
      expect(await scene.outcomes(scene.message('b', { attachments: [one] }))).toEqual(['no-file'])
    }),
  )

  test(
    'within a batch an upload goes to the first message that names it, and a refused message takes no number',
    within(async (scene) => {
      const [one, two] = [await ready(scene, 'u1'), await ready(scene, 'u2')]
      const batch = [
        scene.message('a', { attachments: [one] }),
        scene.message('b', { attachments: [two, one] }),
        scene.message('c', { channel: scene.lounge, attachments: [two] }),
        scene.message('d'),
      ]
      expect(await scene.outcomes(...batch)).toEqual(['stored', 'no-file', 'stored', 'stored'])
      expect((await scene.messages()).map(({ seq }) => seq)).toEqual([1, 2])
    }),
  )

  test(
    'what grows, is somebody else’s, an avatar, removed or unknown is no file for a message',
    within(async (scene) => {
      const { uploads } = scene.storage
      await uploads.create(uploadOf(scene, 'growing'), BOUNDS)
      await ready(scene, 'removed')
      await uploads.remove(idOf(scene, 'removed'))
      await ready(scene, 'li', { owner: scene.li })
      await ready(scene, 'avatar', { purpose: 'avatar' })
      for (const id of ['growing', 'removed', 'li', 'avatar', 'unknown']) {
        const attachments = [idOf(scene, id)]
        expect(await scene.outcomes(scene.message(id, { attachments })), id).toEqual(['no-file'])
      }
      expect(await scene.messages()).toEqual([])
    }),
  )

  test(
    'a deleted message’s files are removed with it, an edited one’s stay',
    within(async (scene) => {
      const [one, two] = [await ready(scene, 'u1'), await ready(scene, 'u2')]
      await scene.store(scene.message('a', { attachments: [one] }), scene.message('b', { attachments: [two] }))
      const [edited] = await scene.store(scene.edit(1, 'another text'))
      expect(edited?.attachments?.map(({ id }) => id)).toEqual([one])
      const [tombstone] = await scene.store(scene.deletion(2))
      expect(tombstone).not.toHaveProperty('attachments')
      expect(await states(scene.storage, [one, two])).toEqual(['used', 'removed'])
      expect(await removedOf(scene)).toEqual([two])
    }),
  )

  test(
    'the files of a removed channel are removed when its messages are',
    within(async (scene) => {
      const { channels } = scene.storage
      const [one, two] = [await ready(scene, 'u1'), await ready(scene, 'u2')]
      const [inGeneral, inLounge] = [{ attachments: [one] }, { attachments: [two], channel: scene.lounge }]
      await scene.store(scene.message('a', inGeneral), scene.message('b', inLounge))
      await channels.remove(scene.general)
      while (await channels.purge(ALL));
      expect(await states(scene.storage, [one, two])).toEqual(['removed', 'used'])
    }),
  )

  test(
    'what nothing has expires, what something has does not',
    within(async (scene) => {
      const { uploads } = scene.storage
      await uploads.create(uploadOf(scene, 'growing', { expiresAt: AT + 5 }), BOUNDS)
      const [free, used] = [await ready(scene, 'free'), await ready(scene, 'used')]
      const ids = [idOf(scene, 'growing'), free, used]
      await scene.store(scene.message('a', { attachments: [used] }))
      await uploads.expire(AT + 4)
      expect(await states(scene.storage, ids)).toEqual(['growing', 'ready', 'used'])
      await uploads.expire(AT + 5)
      expect(await states(scene.storage, ids)).toEqual(['removed', 'ready', 'used'])
      await uploads.expire(AT + 9)
      expect(await states(scene.storage, ids)).toEqual(['removed', 'removed', 'used'])
    }),
  )

  test(
    'removed ones are named until they are forgotten, and nothing else is forgotten',
    within(async (scene) => {
      const { uploads } = scene.storage
      const [gone, free] = [await ready(scene, 'gone'), await ready(scene, 'free')]
      await uploads.remove(gone)
      expect(await removedOf(scene)).toEqual([gone])
      expect(await uploads.removed(0)).toEqual([])
      await uploads.forget([gone, free])
      await uploads.forget([])
      expect(await removedOf(scene)).toEqual([])
      expect(await states(scene.storage, [gone, free])).toEqual([undefined, 'ready'])
    }),
  )

  test(
    'an avatar is a finished upload of its user’s; the one before is removed; everybody sees it',
    within(async (scene) => {
      const { uploads, accounts } = scene.storage
      const { mei } = scene
      const one = await ready(scene, 'one', { purpose: 'avatar' })
      const two = await ready(scene, 'two', { purpose: 'avatar' })
      const user = { id: mei, name: mei }
      expect(await uploads.setAvatar(mei, one)).toEqual({ ...user, avatar: one })
      expect(await uploads.setAvatar(mei, one)).toEqual({ ...user, avatar: one })
      expect(await uploads.setAvatar(mei, two)).toEqual({ ...user, avatar: two })
      expect(await states(scene.storage, [one, two])).toEqual(['removed', 'used'])
      expect(await accounts.get([mei])).toEqual([{ ...user, avatar: two }])
      const [message] = await scene.store(scene.message('a'))
      expect(message?.author).toEqual({ ...user, avatar: two })
      expect(await uploads.setAvatar(mei, undefined)).toEqual(user)
      expect(await accounts.get([mei])).toEqual([user])
      expect(await states(scene.storage, [two])).toEqual(['removed'])
    }),
  )

  test(
    'nothing else becomes an avatar',
    within(async (scene) => {
      const { uploads } = scene.storage
      await uploads.create(uploadOf(scene, 'growing', { purpose: 'avatar' }), BOUNDS)
      await ready(scene, 'li', { purpose: 'avatar', owner: scene.li })
      await ready(scene, 'attachment')
      for (const id of ['growing', 'li', 'attachment', 'unknown']) {
        expect(await uploads.setAvatar(scene.mei, idOf(scene, id)), id).toBeUndefined()
      }
      expect(await uploads.setAvatar('nobody', idOf(scene, 'li'))).toBeUndefined()
      expect(await scene.storage.accounts.get([scene.mei])).toEqual([{ id: scene.mei, name: scene.mei }])
    }),
  )
}

function idOf(scene: Scene, id: string): string {
  return `${scene.id} ${id}`
}

function uploadOf(scene: Scene, id: string, more: Partial<NewUpload> = {}): NewUpload {
  const times = { createdAt: AT, expiresAt: AT + 1_000 }
  return { id: idOf(scene, id), owner: scene.mei, purpose: 'attachment', name: id, size: 100, ...times, ...more }
}

/** A finished upload's id. */
async function ready(scene: Scene, id: string, more: Partial<NewUpload> = {}): Promise<string> {
  const { uploads } = scene.storage
  const upload = uploadOf(scene, id, more)
  await uploads.create(upload, { bytes: Number.MAX_SAFE_INTEGER, growing: 100 })
  await uploads.finish(upload.id, FINISHED)
  return upload.id
}

async function states({ uploads }: Storage, ids: readonly string[]): Promise<(string | undefined)[]> {
  return await Promise.all(ids.map(async (id) => (await uploads.get(id))?.state))
}

async function removedOf(scene: Scene): Promise<string[]> {
  return (await scene.storage.uploads.removed(ALL)).filter((id) => id.startsWith(`${scene.id} `))
}
