import { once } from 'node:events'
import { connect } from 'node:net'
import { readSettings, runServer } from '@arclight/server/cli'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../temporary-folder.ts'

test('[LIMIT-9] a peer that sends half a request is told so and cut off', { timeout: 30_000 }, async () => {
  await using folder = await temporaryFolder()
  const flags = ['--data-dir', folder.path, '--port', '0', '--log-level', 'silent']
  const running = await runServer(readSettings({ flags, environment: {} }))
  const peer = connect(Number(new URL(running.url).port), '127.0.0.1')
  peer.write('GET /healthz HTTP/1.1\r\nHost: a\r\n')
  const [answer] = (await once(peer, 'data')) as [Buffer]
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 408 Request Timeout/)
  await once(peer, 'close')
  await running.close()
})
