import { expect, test } from 'vitest'
import { nodeAvMuxer } from '../../src/adapters/muxer/node-av/index.ts'

test('the adapter says which module a media host is to load, and that it works here', async () => {
  const muxer = nodeAvMuxer()
  expect(muxer.name).toBe('node-av')
  expect(muxer.module).toMatch(/^file:.*\/host\.js$/)
  await expect(muxer.check()).resolves.toBeUndefined()
})
