import { tokenSuite } from '@arclight/conformance/tokens'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe } from 'vitest'
import { launch, skipBrowser, skipReason } from './chromium.ts'
import { openPage } from './web-client.ts'

describe.skipIf(skipBrowser)(`the tokens of a page${skipReason}`, () => {
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    browser = await launch()
    page = await openPage(await browser.newContext())
  })

  afterAll(() => browser?.close())

  tokenSuite({
    name: 'localStorage',
    supports: { survives: true },
    create: (place) => ({
      load: () => page.evaluate((server) => globalThis.conformancePage.localStorageTokens(server).load(), place),
      save: (session) =>
        page.evaluate(([server, saved]) => globalThis.conformancePage.localStorageTokens(server).save(saved), [
          place,
          session,
        ] as const),
      clear: () => page.evaluate((server) => globalThis.conformancePage.localStorageTokens(server).clear(), place),
    }),
  })
})
