import { clientCases, runClientCases } from '@arclight/conformance/client'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launch, skipBrowser, skipReason } from './chromium.ts'
import { webClient } from './web-client.ts'

/** The long form takes the protocol's own times: probes of 10 s, waits of 15 s. */
const slow = process.env.ARCLIGHT_LONG === '1'

describe.skipIf(skipBrowser)(`the browser's client passes the kit${skipReason}`, () => {
  let browser: Browser
  let client: Awaited<ReturnType<typeof webClient>>
  let results: Awaited<ReturnType<typeof runClientCases>>

  beforeAll(async () => {
    browser = await launch(['--disable-features=LocalNetworkAccessChecks'])
    client = await webClient(await browser.newContext())
    results = await runClientCases({ client, slow })
  }, 400_000)

  afterAll(() => browser?.close())

  test('nothing that a server does is an error that nobody catches', () => expect(client.faults).toEqual([]))

  for (const one of clientCases) {
    const title = `${one.rules.map((rule) => `[${rule}]`).join('')} ${one.id}: ${one.title}`
    const left = one.slow === true && !slow
    test.skipIf(left)(left ? `${title} (takes the protocol's own time: ARCLIGHT_LONG=1 runs it)` : title, () => {
      const { outcome, why } = results.find(({ id }) => id === one.id) ?? {}
      expect([outcome, why]).toEqual(['passed', undefined])
    })
  }
})
