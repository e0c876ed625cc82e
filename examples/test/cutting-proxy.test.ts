import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { planCuts } from '../exactly-once/cut-plan.ts'
import { CuttingProxy } from '../exactly-once/cutting-proxy.ts'

const BYTES = Buffer.from(Array.from({ length: 1_000 }, (_, index) => index % 256))

/** A server that sends `says` and keeps what it hears, a proxy before it, and one client. */
async function wire(says: Buffer) {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.write(says)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  let arrived = 0
  const proxy = new CuttingProxy({
    target: () => port,
    arrived: (bytes) => {
      arrived += bytes
    },
  })
  const front = await proxy.listen()
  return {
    proxy,
    arrived: () => arrived,
    connect: async () => {
      const accepted = once(server, 'connection')
      const client = connect(front, '127.0.0.1').on('error', () => {})
      return { client, heard: (await accepted)[0] }
    },
    [Symbol.asyncDispose]: async () => {
      await proxy.close()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

test('a cut falls between two bytes on the way up: what lies before it arrives, and nothing else', async () => {
  await using made = await wire(Buffer.alloc(0))
  const { client, heard } = await made.connect()
  made.proxy.after('up', 617, () => made.proxy.cut('close'))
  client.write(BYTES)
  expect(await buffer(heard)).toEqual(BYTES.subarray(0, 617))
  expect(made.arrived()).toBe(1_000)
  expect(made.proxy.connected).toBe(false)
})

test('a cut falls between two bytes on the way down', async () => {
  await using made = await wire(BYTES)
  made.proxy.after('down', 3, () => made.proxy.cut('close'))
  const { client } = await made.connect()
  expect(await buffer(client)).toEqual(BYTES.subarray(0, 3))
})

test('bytes are counted over connections, and marks in one chunk are reached one after the other', async () => {
  await using made = await wire(Buffer.alloc(0))
  const reached: number[] = []
  made.proxy.after('up', 40, () => reached.push(40))
  made.proxy.after('up', 10, () => reached.push(10))
  made.proxy.after('up', 1_500, () => made.proxy.cut('close'))
  for (const expected of [1_000, 500]) {
    const { client, heard } = await made.connect()
    const all = buffer(heard)
    client.end(BYTES)
    expect((await all).length).toBe(expected)
  }
  expect(reached).toEqual([10, 40])
})

test('nothing passes on a connection that is held, and both ends take it for open until it is cut', async () => {
  await using made = await wire(Buffer.alloc(0))
  const { client, heard } = await made.connect()
  made.proxy.after('up', 5, () => made.proxy.hold())
  const ended = buffer(heard)
  client.write(BYTES)
  await once(heard, 'readable')
  expect([client.destroyed, heard.destroyed, made.proxy.connected]).toEqual([false, false, true])
  expect(made.proxy.cut('close')).toBe(1)
  expect(await ended).toEqual(BYTES.subarray(0, 5))
})

test('the cuts are the same for the same seed, of every manner and both ways', () => {
  const options = { cuts: 200, people: 3, share: 3_334, seed: 7 }
  const plan = planCuts(options)
  expect(planCuts(options)).toEqual(plan)
  expect(planCuts({ ...options, seed: 8 })).not.toEqual(plan)
  const cuts = plan.flat()
  expect(cuts).toHaveLength(200)
  expect(new Set(cuts.map(({ manner }) => manner))).toEqual(new Set(['close', 'reset', 'stall']))
  expect(new Set(cuts.map(({ way, everywhere }) => `${way} ${everywhere}`)).size).toBe(4)
  expect(Math.max(...cuts.map(({ message }) => message))).toBeLessThan(3_334)
})
