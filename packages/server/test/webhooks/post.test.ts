import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { post } from '../../src/webhooks/post.ts'
import { Receiver } from './receiver.ts'

const HERE = [{ address: '127.0.0.1', family: 4 }] as const
const never = new AbortController().signal

test('a post goes to the addresses that were found before, whatever its name says', async () => {
  await using receiver = await Receiver.start()
  // Nobody can look this name up: it has an address only by what `post` was told.
  const url = `http://no-such-host.invalid:${receiver.port}/hook?key=1`
  const request = { url, addresses: HERE, headers: { 'x-one': '1' }, body: Buffer.from('hello'), signal: never }
  expect(await post(request)).toBe(204)
  expect(await receiver.posts.take()).toMatchObject({
    path: '/hook?key=1',
    body: 'hello',
    headers: { host: `no-such-host.invalid:${receiver.port}`, 'x-one': '1' },
  })
  await expect(post({ ...request, addresses: [] })).rejects.toThrow()
})

test('a redirect is an answer, and an answer’s body is not read', async () => {
  await using receiver = await Receiver.start()
  const request = { url: receiver.url, addresses: HERE, headers: {}, body: Buffer.from('{}'), signal: never }
  receiver.answer = (response) => void response.writeHead(302, { Location: '/elsewhere' }).end()
  expect(await post(request)).toBe(302)
  let endless: Promise<unknown> | undefined
  receiver.answer = (response) => {
    response.writeHead(200)
    endless = once(response, 'close')
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
      if (!response.destroyed) response.once('drain', more)
    }
    more()
  }
  expect(await post(request)).toBe(200)
  await endless
  expect(receiver.posts.all.map(({ path }) => path)).toEqual(['/hook', '/hook'])
})

test('a receiver that hangs up, or is not there, is a failure; and so is one that the caller gives up on', async () => {
  const silent = createServer((socket) => void socket.on('data', () => socket.destroy()).on('error', () => {}))
  await once(silent.listen(0, '127.0.0.1'), 'listening')
  const { port } = silent.address() as { port: number }
  const request = { url: `http://localhost:${port}/`, addresses: HERE, headers: {}, body: Buffer.alloc(0) }
  await expect(post({ ...request, signal: never })).rejects.toThrow()
  const closed = once(silent, 'close')
  silent.close()
  await closed
  await expect(post({ ...request, signal: never })).rejects.toThrow('ECONNREFUSED')
  await using receiver = await Receiver.start()
  const abort = new AbortController()
  receiver.answer = () => abort.abort(new Error('too long'))
  await expect(post({ ...request, url: receiver.url, signal: abort.signal })).rejects.toThrow()
})
