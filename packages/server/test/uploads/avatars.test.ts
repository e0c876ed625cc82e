import { sqliteStorage } from '@arclight/server/storage/sqlite'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { RunningServer } from '../running-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { picture } from './pictures.ts'
import { create, get, locationOf, outcome, patch, upload, uploadServer } from './upload-server.ts'

test('[AVATAR-1] an avatar is made anew: a square of at most 512 pixels, WebP, without what was in it', async () => {
  await using server = await uploadServer()
  const mei = await server.signIn('mei')
  for (const [width, height, side] of [
    [1_400, 700, 512],
    [90, 300, 90],
    [512, 512, 512],
  ] as const) {
    const plain = await picture({ width, height, type: 'jpeg' })
    const bytes = await sharp(plain)
      .withExif({ IFD0: { Artist: 'SECRET' } })
      .toBuffer()
    expect(bytes.includes('SECRET')).toBe(true)
    const id = await upload(server, mei, bytes, { purpose: 'avatar', name: 'passport.jpg' })
    const got = await get(server, mei, `/files/${id}`)
    const made = Buffer.from(await got.arrayBuffer())
    const { format, exif, ...size } = await sharp(made).metadata()
    expect([format, size.width, size.height, exif]).toEqual(['webp', side, side, undefined])
    const file = { id, name: 'avatar.webp', type: 'image/webp', size: made.length, width: side, height: side }
    expect((await mei.ask('file.get', { file: id })).file).toEqual(file)
  }
})

test('[AVATAR-1] what is no picture is refused, a document that draws one too', async () => {
  await using server = await uploadServer()
  const mei = await server.signIn('mei')
  for (const text of ['hello', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', '%PDF-1.4']) {
    const location = locationOf(await create(server, mei, { size: text.length, purpose: 'avatar' }))
    expect(await outcome(patch(location, mei, Buffer.from(text)))).toEqual([415, 'unsupported_type'])
  }
})

test('[AVATAR-1] a server without anything that reads pictures says so, and takes files', async () => {
  await using server = await uploadServer({ images: undefined })
  const mei = await server.signIn('mei')
  const bytes = await picture({ width: 8, height: 8 })
  expect(await outcome(create(server, mei, { size: bytes.length, purpose: 'avatar' }))).toEqual([
    415,
    'unsupported_type',
  ])
  const { file } = await mei.ask('file.get', { file: await upload(server, mei, bytes) })
  expect(file).toEqual({ id: file.id, name: 'a file', type: 'image/png', size: bytes.length })
})

test('[AVATAR-2] everybody who is signed in learns of an avatar, and may see it; the one before is gone', async () => {
  await using server = await uploadServer()
  const [mei, li] = [await server.signIn('mei'), await server.signIn('li')]
  const bytes = await picture({ width: 64, height: 64 })
  const [one, two] = [
    await upload(server, mei, bytes, { purpose: 'avatar' }),
    await upload(server, mei, bytes, { purpose: 'avatar' }),
  ]
  const { id, name } = mei.authenticated.user
  const statusFor = async (file: string) => (await get(server, li, `/files/${file}`)).status
  expect(await statusFor(one)).toBe(404)
  expect(await mei.ask('user.update', { avatar: one })).toEqual({ user: { id, name, avatar: one } })
  expect(await li.event('user.changed')).toEqual({ user: { id, name, avatar: one } })
  expect(await statusFor(one)).toBe(200)
  await mei.ask('user.update', { avatar: two })
  expect(await li.event('user.changed')).toEqual({ user: { id, name, avatar: two } })
  expect([await statusFor(one), await statusFor(two)]).toEqual([404, 200])
  expect((await li.ask('user.list', {})).users).toContainEqual({ id, name, avatar: two, role: 'member' })
  const { channels } = await mei.ask('channel.list', {})
  const channel = channels[0]?.id ?? ''
  expect((await mei.ask('message.send', { channel, clientId: 'a', text: 'a' })).message.author.avatar).toBe(two)
  await mei.ask('user.update', { avatar: null })
  expect(await li.event('user.changed')).toEqual({ user: { id, name } })
  expect(await statusFor(two)).toBe(404)
  expect((await li.ask('history.page', { channel })).messages[0]?.author).toEqual({ id, name })
})

test('[AVATAR-2] an avatar is an upload of one’s own that was made to be one', async () => {
  await using server = await uploadServer()
  const [mei, li] = [await server.signIn('mei'), await server.signIn('li')]
  const bytes = await picture({ width: 64, height: 64 })
  const others = await upload(server, li, bytes, { purpose: 'avatar' })
  const file = await upload(server, mei, bytes)
  for (const avatar of [others, file, 'nowhere']) {
    expect((await mei.refusal('user.update', { avatar })).code, avatar).toBe('not_found')
  }
  for (const data of [{ avatar: 5 }, { avatar: '' }]) {
    expect((await mei.refusal('user.update', data as unknown as { avatar: null })).code).toBe('bad_request')
  }
})

test('[AVATAR-2] an avatar is known wherever its user is: in the members of a direct channel, to typists, at the next sign-in', async () => {
  await using folder = await temporaryFolder()
  const storage = () => sqliteStorage({ file: folder.file('arclight.db') })
  let token = ''
  let file = ''
  {
    await using server = await uploadServer({ storage: storage() })
    const [mei, li] = [await server.signIn('mei'), await server.signIn('li')]
    token = mei.authenticated.token
    const { channel } = await li.ask('direct.open', { users: [mei.authenticated.user.id] })
    file = await upload(server, mei, await picture({ width: 9, height: 9 }), { purpose: 'avatar' })
    await mei.ask('user.update', { avatar: file })
    const listed = (await li.ask('channel.list', {})).channels.find(({ id }) => id === channel.id)
    const user = { id: mei.authenticated.user.id, name: 'mei', avatar: file }
    expect(listed?.members).toContainEqual(user)
    expect(listed?.members).toHaveLength(2)
    await li.ask('channel.join', { channel: channel.id })
    await mei.ask('typing.set', { channel: channel.id, typing: true })
    expect((await li.event('typing.changed')).users).toEqual([user])
    const { present } = await li.ask('presence.watch', {})
    expect(present).toContainEqual({ user, status: 'online' })
  }
  await using running = await RunningServer.start({ storage: storage() })
  const again = await running.withToken(token)
  expect(again.authenticated.user.avatar).toBe(file)
})
