import { once } from 'node:events'
import type { Server } from 'node:http'
import { connect } from 'node:net'
import { readSettings, runServer } from '@arclight/server/cli'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../temporary-folder.ts'

test('[LIMIT-9] a header has 10 s, a whole request 30 s', async () => {
  await using folder = await temporaryFolder()
  const flags = ['--data-dir', folder.path, '--port', '0', '--log-level', 'silent']
  const running = await runServer(readSettings({ flags, environment: {} }), (app) => {
    app.get('/', ({ socket }, response) => {
      const { headersTimeout, requestTimeout } = (socket as unknown as { server: Server }).server
      response.json({ headersTimeout, requestTimeout })
    })
  })
  expect(await (await fetch(running.url)).json()).toEqual({ headersTimeout: 10_000, requestTimeout: 30_000 })
  await running.close()
})

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
