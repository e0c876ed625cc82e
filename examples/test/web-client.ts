import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { ClientUnderTest, Told } from '@arclight/conformance/client'
import type { BrowserContext, Page } from 'playwright-core'

const SCRIPT = fileURLToPath(new URL('../dist/conformance-page/page.js', import.meta.url))
const WORKLETS = fileURLToPath(new URL('../dist/voice-page/worklets/', import.meta.url))
const BODY = '<!doctype html><title>conformance</title><script type="module" src="/page.js"></script>'

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
    supports: ['requestMs', 'ask', 'wake', 'voice', 'speak', 'edits', 'channels', 'reads', 'presence', 'history'],
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
        perform: async (action) =>
          (await driven.evaluate((own, given) => own.perform?.(given), action)) ?? { is: 'unsent' },
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

/** The bare page; its script has run. It is served for as long as the context is open. */
export async function openPage(context: BrowserContext): Promise<Page> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (pathname === '/') return void response.setHeader('content-type', 'text/html').end(BODY)
    const file = pathname === '/page.js' ? SCRIPT : WORKLETS + pathname.split('/').at(-1)
    response.setHeader('content-type', 'text/javascript')
    createReadStream(file)
      .on('error', () => response.writeHead(404).end())
      .pipe(response)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  context.on('close', () => server.close())
  const page = await context.newPage()
  // An origin that browsers take for secure.
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await page.waitForFunction(() => globalThis.conformancePage)
  return page
}
