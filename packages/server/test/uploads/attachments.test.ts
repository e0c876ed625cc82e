import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { claimed } from '../owned-server.ts'
import type { RawClient } from '../raw-client.ts'
import { bomb, picture } from './pictures.ts'
import { create, get, locationOf, outcome, patch, upload, uploadServer } from './upload-server.ts'

const TEXT = Buffer.from('a text of some bytes')

async function general(client: RawClient): Promise<string> {
  const { channels } = await client.ask('channel.list', {})
  return channels[0]?.id ?? ''
}

test('[ATTACH-1] a message has its files from its first moment, in their order, for everybody', async () => {
  await using server = await uploadServer()
  const [mei, li] = [await server.signIn('mei'), await server.signIn('li')]
  const channel = await general(mei)
  await li.ask('channel.join', { channel })
  const [one, two] = [
    await upload(server, mei, TEXT, { name: 'one' }),
    await upload(server, mei, TEXT, { name: 'two' }),
  ]
  const data = { channel, clientId: 'a', text: '', attachments: [two, one] }
  const { message } = await mei.ask('message.send', data)
  const file = { type: 'text/plain', size: TEXT.length }
  expect(message.attachments).toEqual([
    { id: two, name: 'two', ...file },
    { id: one, name: 'one', ...file },
  ])
  expect((await li.entry()).data.message).toEqual(message)
  expect((await li.ask('history.page', { channel })).messages).toEqual([message])
  expect((await mei.ask('message.send', data)).message).toEqual(message)
})

test('[ATTACH-1] a file that is not the caller’s to attach, or not any more, stores nothing', async () => {
  await using server = await uploadServer()
  const [mei, li] = [await server.signIn('mei'), await server.signIn('li')]
  const channel = await general(mei)
  const [used, others] = [await upload(server, mei, TEXT), await upload(server, li, TEXT)]
  await mei.ask('message.send', { channel, clientId: 'used', text: '', attachments: [used] })
  const location = locationOf(await create(server, mei, { size: TEXT.length }))
  await patch(location, mei, TEXT.subarray(1))
  const avatar = await upload(server, mei, await picture({ width: 8, height: 8 }), { purpose: 'avatar' })
  for (const file of [used, others, location.split('/').at(-1) ?? '', avatar, 'nowhere']) {
    const refusal = await mei.refusal('message.send', {
      channel,
      clientId: `x ${file}`,
      text: 'a',
      attachments: [file],
    })
    expect(refusal.code, file).toBe('not_found')
  }
  const free = await upload(server, mei, TEXT)
  const bad = { channel, clientId: 'x', text: 'a' }
  const eleven = Array.from({ length: 11 }, (_, at) => `f${at}`)
  for (const attachments of [eleven, [free, free], 'x', [5]]) {
    expect((await mei.refusal('message.send', { ...bad, attachments })).code).toBe('bad_request')
  }
  for (const more of [{}, { attachments: [] }]) {
    expect((await mei.refusal('message.send', { ...bad, text: ' ', ...more })).issues?.[0]?.path).toBe('text')
  }
  expect((await mei.ask('history.page', { channel })).messages).toHaveLength(1)
})

test('[ATTACH-1] of many messages that name a file at once, one gets it', async () => {
  await using server = await uploadServer()
  const mei = await server.signIn('mei')
  const channel = await general(mei)
  const file = await upload(server, mei, TEXT)
  // While the first is being stored, all the others wait together.
  const first = mei.request('message.send', { channel, clientId: 'first', text: 'a' })
  const replies = await Promise.all(
    Array.from({ length: 10 }, (_, at) =>
      mei.request('message.send', { channel, clientId: `c${at}`, text: 'a', attachments: [file] }),
    ),
  )
  expect(replies.filter((reply) => !('error' in reply))).toHaveLength(1)
  await first
  expect((await mei.ask('history.page', { channel })).messages).toHaveLength(2)
})

test('[ATTACH-2] a deleted message takes its files with it, an edited one keeps them', async () => {
  await using server = await uploadServer({ rateLimits: 'off' })
  const mei = await server.signIn('mei')
  const channel = await general(mei)
  const bytes = await picture({ width: 20, height: 10 })
  const [one, two] = [await upload(server, mei, bytes), await upload(server, mei, bytes)]
  for (const file of [one, two])
    await mei.ask('message.send', { channel, clientId: file, text: 'a', attachments: [file] })
  const { message } = await mei.ask('message.edit', { channel, seq: 2, text: 'b' })
  expect(message.attachments?.map(({ id }) => id)).toEqual([two])
  const deleted = await mei.ask('message.delete', { channel, seq: 1 })
  expect(deleted.message).not.toHaveProperty('attachments')
  expect((await get(server, mei, `/files/${one}`)).status).toBe(404)
  expect((await get(server, mei, `/files/${one}/thumbnail`)).status).toBe(404)
  for (const folder of ['files', 'thumbnails']) {
    while ((await readdir(join(server.folder, folder))).length > 1) await mei.ask('channel.list', {})
    expect(await readdir(join(server.folder, folder))).toEqual([two])
  }
})

test('[ATTACH-2] a removed channel takes its files with it', async () => {
  await using server = await uploadServer({ rateLimits: 'off', ...claimed() })
  const mei = await server.signInOwner()
  const { channel } = await mei.ask('channel.create', { kind: 'text', name: 'short-lived' })
  const file = await upload(server, mei, TEXT)
  await mei.ask('message.send', { channel: channel.id, clientId: 'a', text: 'a', attachments: [file] })
  await mei.ask('channel.delete', { channel: channel.id })
  expect((await get(server, mei, `/files/${file}`)).status).toBe(404)
  while ((await readdir(join(server.folder, 'files'))).length > 0) await mei.ask('channel.list', {})
  expect(await readdir(join(server.folder, 'files'))).toEqual([])
})

test('[ATTACH-3] a picture has its size as it is to be shown, and a thumbnail', async () => {
  await using server = await uploadServer()
  const mei = await server.signIn('mei')
  for (const type of ['png', 'jpeg', 'webp', 'gif', 'avif'] as const) {
    const file = await upload(server, mei, await picture({ width: 1_000, height: 500, type }))
    const found = (await mei.ask('file.get', { file })).file
    expect(found).toMatchObject({ type: `image/${type}`, width: 1_000, height: 500, thumbnail: true })
    const small = await get(server, mei, `/files/${file}/thumbnail`)
    expect(small.headers.get('Content-Type')).toBe('image/webp')
  }
  const turned = await picture({ width: 40, height: 20, type: 'jpeg', orientation: 6 })
  const { file } = await mei.ask('file.get', { file: await upload(server, mei, turned) })
  expect([file.width, file.height]).toEqual([20, 40])
})

test('[ATTACH-3] a picture of too many pixels is refused before it is decoded, and a broken one is a file', async () => {
  await using server = await uploadServer()
  const mei = await server.signIn('mei')
  const bytes = await bomb()
  expect(bytes.length).toBeLessThan(500)
  for (const purpose of ['attachment', 'avatar']) {
    const location = locationOf(await create(server, mei, { size: bytes.length, purpose }))
    const answer = await patch(location, mei, bytes)
    const message = 'the picture has 2,500,000,000 pixels, and 100,000,000 are the most'
    expect(answer.status).toBe(413)
    expect(await answer.json()).toEqual({ error: { code: 'too_large', message } })
  }
  const whole = await picture({ width: 300, height: 300, type: 'jpeg' })
  const broken = Buffer.concat([whole.subarray(0, 100), Buffer.from('not a picture any more')])
  const { file } = await mei.ask('file.get', { file: await upload(server, mei, broken) })
  expect(file).toEqual({ id: file.id, name: 'a file', type: 'image/jpeg', size: broken.length })
  const location = locationOf(await create(server, mei, { size: broken.length, purpose: 'avatar' }))
  expect(await outcome(patch(location, mei, broken))).toEqual([415, 'unsupported_type'])
})
