import { ManualClock } from '@arclight/core/testing'
import { expect, test } from 'vitest'
import { Links } from '../../src/recording/links.ts'
import { pictures } from '../muxer/test-media.ts'
import type { RawClient } from '../raw-client.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { recordingServer, SECRET_KEY, sendPictures, startRecording } from './recording-server.ts'

const TEN = pictures({ frames: 10 })
const LINK_MS = 600_000

async function recorded(mei: RawClient, title?: string): Promise<{ id: string; bytes: number }> {
  const { id, track } = await startRecording(mei, title)
  sendPictures(mei, track, TEN)
  const { recording } = await mei.ask('recording.stop', { recording: id })
  return { id, bytes: recording.bytes }
}

test('[REC-7] a link gives the whole file, and ranges of it', async () => {
  await using folder = await temporaryFolder()
  await using running = await recordingServer(folder.path)
  const mei = await running.signIn('mei')
  const { id, bytes } = await recorded(mei)
  const { path } = await mei.ask('recording.link', { recording: id, disposition: 'inline' })
  const whole = await fetch(running.url + path)
  const content = new Uint8Array(await whole.arrayBuffer())
  expect([whole.status, content.length, whole.headers.get('content-type')]).toEqual([200, bytes, 'video/mp4'])
  const part = await fetch(running.url + path, { headers: { range: 'bytes=4-7' } })
  expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 4-7/${bytes}`])
  expect(await part.text()).toBe('ftyp')
  const tail = await fetch(running.url + path, { headers: { range: 'bytes=-5' } })
  expect(new Uint8Array(await tail.arrayBuffer())).toEqual(content.slice(-5))
  const beyond = await fetch(running.url + path, { headers: { range: `bytes=${bytes}-` } })
  expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${bytes}`])
})

test('[REC-7] a download carries the title as its name, whatever is in it', async () => {
  await using folder = await temporaryFolder()
  await using running = await recordingServer(folder.path)
  const mei = await running.signIn('mei')
  const { id } = await recorded(mei, 'été "天"/../x')
  const { path } = await mei.ask('recording.link', { recording: id, disposition: 'attachment' })
  const { headers } = await fetch(running.url + path, { method: 'HEAD' })
  expect(headers.get('content-disposition')).toBe(
    "attachment; filename*=UTF-8''%C3%A9t%C3%A9%20%22%E5%A4%A9%22%2F..%2Fx.mp4",
  )
  expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
  expect(headers.get('x-content-type-options')).toBe('nosniff')
})

test('[REC-7] a link that was changed in any part is 404', async () => {
  await using folder = await temporaryFolder()
  await using running = await recordingServer(folder.path)
  const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
  const { id } = await recorded(mei)
  const other = await recorded(li)
  const { path } = await mei.ask('recording.link', { recording: id, disposition: 'inline' })
  const good = new URL(running.url + path)
  expect((await fetch(good)).status).toBe(200)
  const changes: [string, string][] = [
    ['user', li.authenticated.user.id],
    ['as', 'attachment'],
    ['until', String(Number(good.searchParams.get('until')) + 1)],
    ['sign', 'A'.repeat(43)],
  ]
  for (const [name, value] of changes) {
    const bad = new URL(good)
    bad.searchParams.set(name, value)
    expect([name, (await fetch(bad)).status]).toEqual([name, 404])
  }
  const elsewhere = new URL(good)
  elsewhere.pathname = `/recordings/${other.id}`
  expect((await fetch(elsewhere)).status).toBe(404)
  for (const name of ['user', 'as', 'until']) {
    const bad = new URL(good)
    bad.searchParams.delete(name)
    expect([name, (await fetch(bad)).status]).toEqual([name, 404])
  }
})

test('[REC-7] a link that is signed for somebody who does not own the recording is 404', async () => {
  await using folder = await temporaryFolder()
  const clock = new ManualClock()
  await using running = await recordingServer(folder.path, { clock })
  const [mei, li] = [await running.signIn('mei'), await running.signIn('li')]
  const { id } = await recorded(mei)
  const links = new Links(SECRET_KEY, clock)
  const statuses = [mei, li].map(async ({ authenticated }) => {
    const claims = { path: `/recordings/${id}`, user: authenticated.user.id, disposition: 'inline' } as const
    return (await fetch(running.url + (await links.sign(claims)).path)).status
  })
  expect(await Promise.all(statuses)).toEqual([200, 404])
})

test('[REC-7] a link works for ten minutes', async () => {
  await using folder = await temporaryFolder()
  const clock = new ManualClock()
  await using running = await recordingServer(folder.path, { clock })
  const mei = await running.signIn('mei')
  const { id } = await recorded(mei)
  const { path, expiresAt } = await mei.ask('recording.link', { recording: id, disposition: 'inline' })
  expect(expiresAt).toBe(clock.wall() + LINK_MS)
  clock.advance(LINK_MS - 1)
  expect((await fetch(running.url + path)).status).toBe(200)
  clock.advance(1)
  expect((await fetch(running.url + path)).status).toBe(404)
})
