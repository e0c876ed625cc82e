import { fileURLToPath } from 'node:url'
import type { ClientUnderTest, Told } from '@arclight/conformance/client'
import type { BrowserContext, Page } from 'playwright-core'

const SCRIPT = fileURLToPath(new URL('../dist/conformance-page/page.js', import.meta.url))
/** Served by the test itself; an origin that browsers take for secure. */
const ORIGIN = 'http://localhost:5999'

/** The browser's client in a bare page, as the kit drives it; `faults` is what nobody caught there. */
export async function webClient(context: BrowserContext): Promise<ClientUnderTest & { readonly faults: string[] }> {
  const faults: string[] = []
  const page = await openPage(context)
  page.on('pageerror', (error) => faults.push(error.message))
  const listeners = new Map<string, (what: Told) => void>()
  await page.exposeFunction('told', (name: string, what: Told) => listeners.get(name)?.(what))
  let count = 0
  return {
    name: 'client-web',
    faults,
    supports: ['requestMs', 'ask', 'wake', 'voice', 'speak'],
    create: async ({ url, requestMs, told }) => {
      const name = `client ${count++}`
      listeners.set(name, told)
      const driven = await page.evaluateHandle(
        ([given, settings]) => globalThis.conformancePage.create(given, settings),
        [name, { url, requestMs }] as const,
      )
      return {
        login: (account) => driven.evaluate((own, given) => own.login(given), account),
        join: (channel) => driven.evaluate((own, given) => own.join(given), channel),
        send: (channel, text) => driven.evaluate((own, [to, what]) => own.send(to, what), [channel, text] as const),
        ask: async (type, data) =>
          (await driven.evaluate((own, [what, more]) => own.ask?.(what, more), [type, data] as const)) ?? {
            is: 'unsent',
          },
        wake: () => driven.evaluate((own) => own.wake?.()),
        voice: {
          join: (channel) => driven.evaluate((own, given) => own.voice?.join(given), channel),
          mute: (muted) => driven.evaluate((own, given) => own.voice?.mute(given), muted),
          speak: () => driven.evaluate((own) => own.voice?.speak?.()),
        },
        close: async () => {
          await driven.evaluate((own) => own.close())
          listeners.delete(name)
          await driven.dispose()
        },
      }
    },
  }
}

/** The bare page; its script has run. */
export async function openPage(context: BrowserContext): Promise<Page> {
  const body = '<!doctype html><title>conformance</title><script type="module" src="/page.js"></script>'
  await context.route(`${ORIGIN}/`, (route) => route.fulfill({ contentType: 'text/html', body }))
  await context.route(`${ORIGIN}/page.js`, (route) => route.fulfill({ contentType: 'text/javascript', path: SCRIPT }))
  const page = await context.newPage()
  await page.goto(`${ORIGIN}/`)
  await page.waitForFunction(() => globalThis.conformancePage)
  return page
}
