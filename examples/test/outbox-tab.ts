import { fileURLToPath } from 'node:url'
import type { BrowserContext, Page } from 'playwright-core'

const SCRIPT = fileURLToPath(new URL('../dist/outbox-page/page.js', import.meta.url))
const PATH = '/outbox-page'

/** Serves the bare page beside the server, so that both are of one origin. */
export async function servePage(context: BrowserContext, server: string): Promise<void> {
  const body = `<!doctype html><title>outbox</title><script type="module" src="${PATH}/page.js"></script>`
  await context.route(`${server}${PATH}`, (route) => route.fulfill({ contentType: 'text/html', body }))
  await context.route(`${server}${PATH}/page.js`, (route) =>
    route.fulfill({ contentType: 'text/javascript', path: SCRIPT }),
  )
}

/** One tab with the bare page, and what its client asked the server to store. */
export class OutboxTab {
  readonly page: Page
  /** The client ids of its `message.send` requests, in the order in which they left. */
  readonly sent: string[] = []
  /** What went wrong on the page. */
  readonly faults: string[] = []
  readonly #server: string

  private constructor(page: Page, server: string) {
    this.page = page
    this.#server = server
    page.on('pageerror', (error) => this.faults.push(error.message))
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => {
        if (typeof payload !== 'string') return
        const { type, data } = JSON.parse(payload)
        if (type === 'message.send') this.sent.push(data.clientId)
      })
    })
  }

  /** Opens the page; `prepare` comes before. */
  static async open(
    context: BrowserContext,
    server: string,
    prepare: (page: Page) => Promise<unknown> = async () => {},
  ): Promise<OutboxTab> {
    const tab = new OutboxTab(await context.newPage(), server)
    await prepare(tab.page)
    await tab.load()
    return tab
  }

  async load(): Promise<void> {
    await this.page.goto(`${this.#server}${PATH}`)
    await this.page.waitForFunction(() => globalThis.outboxPage)
  }

  async register(name: string): Promise<void> {
    await this.page.evaluate((account) => globalThis.outboxPage.client.register(account).then(() => {}), {
      name,
      password: 'correct horse battery',
    })
  }

  /** Resolves when the account's store is open. */
  async storeOpen(): Promise<void> {
    await this.page.waitForFunction(() => globalThis.outboxPage.client.outbox.place === 'store')
  }

  async write(texts: readonly string[]): Promise<void> {
    await this.page.evaluate((given) => globalThis.outboxPage.write(given), texts)
  }

  /** Resolves when every message in its outbox is in the store, `count` in all. */
  async keeps(count: number): Promise<void> {
    await this.page.waitForFunction((expected) => {
      const { entries } = globalThis.outboxPage.client.outbox
      return entries.length === expected && entries.every(({ kept }) => kept)
    }, count)
  }

  /** Resolves when nothing waits. */
  async empty(): Promise<void> {
    await this.page.waitForFunction(() => globalThis.outboxPage.client.unsent === 0)
  }

  fallbacks(): Promise<string[]> {
    return this.page.evaluate(() => globalThis.outboxPage.fallbacks)
  }
}
