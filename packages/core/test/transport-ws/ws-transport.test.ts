import { expect, test } from 'vitest'
import { wsTransport } from '../../src/transport-ws/index.ts'
import { settle } from '../client/settle.ts'

test('an address that is none comes as closed, not as an exception', async () => {
  const closes: number[] = []
  const handlers = {
    opened: () => {},
    text: () => {},
    binary: () => {},
    closed: ({ code }: { code: number }) => closes.push(code),
  }
  expect(() => wsTransport()('not an address', 'arclight.v1', handlers)).not.toThrow()
  expect(closes).toEqual([])
  await settle()
  expect(closes).toEqual([1006])
})
