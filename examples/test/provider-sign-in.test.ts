import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient } from '@arclight/client-node'
import { createServer } from '@arclight/server'
import express from 'express'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launch, skipBrowser, skipReason } from './chromium.ts'
import { openPage } from './web-client.ts'

/** A server whose provider sends browsers straight back: real ones are tried beside the adapter. */
async function signingServer(allowedOrigins: readonly string[]) {
  const app = express()
  const http = createHttpServer(app)
  await once(http.listen(0, '127.0.0.1'), 'listening')
  const httpUrl = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const identity = { issuer: 'https://id.example', subject: 'u-1', names: ['mei'] }
  const server = createServer({
    allowedOrigins,
    signInProvider: {
      start: async (memo) => `${httpUrl}/auth/oidc/callback?memo=${encodeURIComponent(memo)}`,
      finish: async (query) => ({ identity, memo: new URLSearchParams(query).get('memo') ?? '' }),
    },
  })
  app.use(server.routes())
  await server.open()
  server.attach(http)
  return {
    httpUrl,
    [Symbol.asyncDispose]: async () => {
      await server.close()
      http.close()
      http.closeAllConnections()
    },
  }
}

describe.skipIf(skipBrowser)(`sign-in at a provider's page${skipReason}`, () => {
  let browser: Browser

  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser?.close())

  test('[IDP-4] the page leaves, comes back to where it was, and has what signs it in, once', async () => {
    const page = await openPage(await browser.newContext())
    const own = new URL(page.url())
    await using server = await signingServer([own.origin])
    expect(await page.evaluate(() => globalThis.conformancePage.takeProviderSignIn())).toBeUndefined()
    await page.goto(`${own.origin}/?room=tea#somewhere`)
    await page.waitForFunction(() => globalThis.conformancePage)
    const returned = page.waitForURL(/#code=/)
    await page.evaluate((httpUrl) => void globalThis.conformancePage.signInAtProvider({ httpUrl }), server.httpUrl)
    await returned
    await page.waitForFunction(() => globalThis.conformancePage)
    const found = await page.evaluate(() => globalThis.conformancePage.takeProviderSignIn())
    if (!found) throw new Error('expected the page to have come back with a code')
    expect(page.url()).toBe(`${own.origin}/?room=tea`)
    expect(await page.evaluate(() => globalThis.conformancePage.takeProviderSignIn())).toBeUndefined()
    await using client = createClient({ url: `${server.httpUrl.replace('http', 'ws')}/arclight` })
    expect(await client.login(found)).toMatchObject({ name: 'mei', role: 'member' })
  })

  test('[IDP-4] what failed is told with its code, and a code that this tab did not ask for is left alone', async () => {
    const page = await openPage(await browser.newContext())
    const take = () => page.evaluate(() => globalThis.conformancePage.takeProviderSignIn())
    const come = async (hash: string): Promise<void> => {
      await page.evaluate((to) => {
        location.hash = to
      }, hash)
    }
    await come('code=slipped')
    expect(await take()).toBeUndefined()
    await page.evaluate(() => sessionStorage.setItem('arclight.sign-in', 'v'.repeat(43)))
    await come('error=registration_closed')
    await expect(take()).rejects.toThrow('the sign-in failed: registration_closed')
    expect(await take()).toBeUndefined()
  })
})
