import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient } from '@arclight/client-node'
import { outboxSuite } from '@arclight/conformance/outbox'
import { seededRandom } from '@arclight/core/testing'
import type { Browser, BrowserContext, WebSocketRoute } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { launch, skipBrowser, skipReason } from './chromium.ts'
import { OutboxTab, servePage } from './outbox-tab.ts'
import { pageOutboxStore } from './page-outbox-store.ts'
import { ServerProcess } from './server-process.ts'

/** The file that the long form writes its findings to; without it the form is short. */
const FINDINGS = process.env['ARCLIGHT_FINDINGS']
const [MESSAGES, RELOADS] = FINDINGS === undefined ? [200, 12] : [2_000, 60]
/** Another one each time; ARCLIGHT_SEED repeats one that its title has told. */
const SEED = Number(process.env['ARCLIGHT_SEED'] ?? Math.floor(Math.random() * 1_000_000))
/** How many of its attempts to connect fail: what is written meanwhile is in the store only. */
const UNREACHABLE = 0.5
/** A client waits longer after each, up to 15 s: a run of bad luck would be minutes of waiting. */
const MOST_IN_A_ROW = 2
const PATIENCE_MS = FINDINGS === undefined ? 120_000 : 480_000

describe.skipIf(skipBrowser)(`an outbox in a browser${skipReason}`, () => {
  let directory: string
  let server: ServerProcess
  let browser: Browser
  let context: BrowserContext
  let witness: Client
  let heard: string[]
  let contexts = 0

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'arclight-outbox-'))
    server = new ServerProcess(directory)
    await server.start()
    // The page is served by the test itself, which Chromium takes for a page from far away.
    browser = await launch(['--disable-features=LocalNetworkAccessChecks'])
    witness = createClient({ url: `${server.url.replace('http', 'ws')}/arclight` })
    await witness.register({ name: 'witness', password: 'correct horse battery', claim: await server.claim() })
    const general = witness.channels.get('general')
    general.on('message', ({ text }) => heard.push(text))
    await general.join()
  }, PATIENCE_MS)

  beforeEach(async () => {
    heard = []
    contexts += 1
    context = await browser.newContext()
    await servePage(context, server.url)
  })

  afterEach(() => context.close())

  afterAll(async () => {
    await witness?.close()
    await browser?.close()
    await server?.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  /** A tab of a new account's, the first of its context. */
  async function firstTab(prepare?: Parameters<typeof OutboxTab.open>[2]): Promise<OutboxTab> {
    const tab = await OutboxTab.open(context, server.url, prepare)
    await tab.register(`mei ${contexts}`)
    return tab
  }

  /** Resolves when the witness has heard so many messages, or this one. */
  async function hears(what: number | string): Promise<void> {
    const done = (): boolean => (typeof what === 'number' ? heard.length >= what : heard.includes(what))
    if (done()) return
    await new Promise<void>((resolve) => {
      const stop = witness.channels.get('general').on('message', () => {
        if (!done()) return
        stop()
        resolve()
      })
    })
  }

  outboxSuite({ name: 'IndexedDB', create: () => pageOutboxStore(context, server.url, `suite ${contexts}`) })

  test.each([SEED])(
    '[SEND-7][SEND-8] seed %i: a page that is reloaded in mid-send loses, doubles and reorders nothing',
    async (seed) => {
      const random = seededRandom(seed)
      const tab = await firstTab()
      let dropped = 0
      let inARow = 0
      await tab.page.routeWebSocket('**/arclight', (socket) => {
        if (inARow === MOST_IN_A_ROW || random() >= UNREACHABLE) {
          inARow = 0
          return void socket.connectToServer()
        }
        dropped += 1
        inARow += 1
        socket.close({ code: 4000 })
      })
      const stops = Array.from({ length: RELOADS }, (_, index) => ({
        at: Math.floor((index + random()) * (MESSAGES / (RELOADS + 1))),
        when: random() < 0.5 ? 'written' : 'answered',
      }))
      let loads = 0
      tab.page.on('framenavigated', () => {
        loads += 1
      })
      await tab.page.evaluate(
        ([count, planned]) => {
          localStorage.setItem('count', String(count))
          localStorage.setItem('stops', JSON.stringify(planned))
        },
        [MESSAGES, stops] as const,
      )
      await tab.load()
      const patience = { timeout: PATIENCE_MS }
      await tab.page.waitForFunction((count) => Number(localStorage.getItem('next')) > count, MESSAGES, patience)
      await tab.storeOpen()
      await tab.empty()
      await witness.channels.get('general').send('end')
      await hears('end')
      const written = Array.from({ length: MESSAGES }, (_, index) => `${index + 1}`)
      expect(heard).toEqual([...written, 'end'])
      expect(await tab.fallbacks()).toEqual([])
      expect(tab.faults).toEqual([])
      console.info(`${loads - 1} reloads, ${dropped} connections that failed`)
      expect(loads - 1).toBe(RELOADS)
      if (FINDINGS !== undefined) appendFileSync(FINDINGS, `${JSON.stringify(finding(loads - 1, dropped))}\n`)
    },
    PATIENCE_MS,
  )

  test('[PROBE-4] a page that is online or visible again probes in that instant', async () => {
    const tab = await firstTab((page) =>
      page.addInitScript(() => {
        const send = WebSocket.prototype.send
        const probes: number[] = []
        Object.assign(globalThis, { probes })
        WebSocket.prototype.send = function (data) {
          if (typeof data !== 'string') probes.push(performance.now())
          send.call(this, data)
        }
      }),
    )
    await tab.storeOpen()
    const sent = await tab.page.evaluate(() => {
      const { probes } = globalThis as unknown as { probes: number[] }
      const counts = [probes.length]
      window.dispatchEvent(new Event('online'))
      counts.push(probes.length)
      document.dispatchEvent(new Event('visibilitychange'))
      counts.push(probes.length)
      return counts.map((count) => count - (counts[0] ?? 0))
    })
    expect(sent).toEqual([0, 1, 2])
    await tab.write(['still there'])
    await hears('still there')
  })

  test('[SEND-8] what the database has not confirmed when the page goes away is not lost', async () => {
    let reachable = true
    let open: WebSocketRoute | undefined
    const tab = await firstTab((page) =>
      page.routeWebSocket('**/arclight', (socket) => {
        open = socket
        return reachable ? void socket.connectToServer() : socket.close()
      }),
    )
    await tab.storeOpen()
    reachable = false
    await open?.close({ code: 4000 })
    await tab.page.evaluate(() => globalThis.outboxPage.client.until('waiting').then(() => {}))
    const lost = Array.from({ length: 20 }, (_, at) => `unconfirmed ${at}`)
    await tab.page.evaluate(async (texts) => {
      const database = await new Promise<IDBDatabase>((resolve) => {
        const opening = indexedDB.open('arclight-outbox')
        opening.onsuccess = () => resolve(opening.result)
      })
      // Everything that is written to the store waits behind this.
      const store = database.transaction('entries', 'readwrite').objectStore('entries')
      const spin = (): void => {
        store.get(['', '']).onsuccess = spin
      }
      spin()
      globalThis.outboxPage.write(texts)
    }, lost)
    reachable = true
    await tab.load()
    await hears(lost.length)
    expect(heard).toEqual(lost)
    expect(await tab.page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('lifeboat')))).toEqual(
      [],
    )
  })

  test('[SEND-8] what an offline tab has written leaves by another when it is closed, and not before', async () => {
    const online = await firstTab()
    await online.storeOpen()
    const offline = await OutboxTab.open(context, server.url, (page) =>
      page.routeWebSocket('**/arclight', (socket) => socket.close()),
    )
    await offline.storeOpen()
    const theirs = Array.from({ length: 20 }, (_, at) => `offline ${at}`)
    await offline.write(theirs)
    await offline.keeps(20)
    await online.write(['online 1', 'online 2'])
    await hears(2)
    expect(heard).toEqual(['online 1', 'online 2'])
    await offline.page.close()
    await hears(22)
    await online.write(['online 3'])
    await hears(23)
    await online.empty()
    expect(heard).toEqual(['online 1', 'online 2', ...theirs, 'online 3'])
    expect(offline.sent).toEqual([])
    expect(online.sent).toHaveLength(23)
    expect(new Set(online.sent).size).toBe(23)
  }, 60_000)

  test('[SEND-8] while two tabs live, each message leaves by one of them only', async () => {
    const one = await firstTab()
    const other = await OutboxTab.open(context, server.url)
    await Promise.all([one.storeOpen(), other.storeOpen()])
    const textsOf = (tab: string): string[] => Array.from({ length: 40 }, (_, at) => `${tab} ${at}`)
    await Promise.all([one.write(textsOf('one')), other.write(textsOf('other'))])
    await hears(80)
    await Promise.all([one.empty(), other.empty()])
    for (const tab of ['one', 'other']) expect(heard.filter((text) => text.startsWith(`${tab} `))).toEqual(textsOf(tab))
    expect(heard).toHaveLength(80)
    expect(new Set(one.sent).size).toBe(40)
    expect(new Set(other.sent).size).toBe(40)
    expect(one.sent.filter((id) => other.sent.includes(id))).toEqual([])
  }, 60_000)

  test('[SEND-8] a tab that is closed in mid-send leaves the rest to the other, in order', async () => {
    const stays = await firstTab()
    const goes = await OutboxTab.open(context, server.url)
    await Promise.all([stays.storeOpen(), goes.storeOpen()])
    const texts = Array.from({ length: 200 }, (_, at) => `${at}`)
    await goes.write(texts)
    await goes.page.close()
    await hears(200)
    await stays.empty()
    expect(heard).toEqual(texts)
    console.info(`${goes.sent.length} left by the tab that was closed, ${stays.sent.length} by the other`)
  }, 60_000)

  test.each([
    ['cannot be opened', () => Object.assign(indexedDB, { open: () => raise('SecurityError') })],
    ['is full', () => Object.assign(IDBObjectStore.prototype, { put: () => raise('QuotaExceededError') })],
  ] as const)(
    'storage that %s: messages still go, in order, and the page is told once',
    async (_how, spoil) => {
      const tab = await firstTab((page) =>
        page.addInitScript(`const raise = (name) => { throw new DOMException('no storage', name) };(${spoil})()`),
      )
      await tab.write(['1', '2', '3'])
      await hears(3)
      await tab.write(['4'])
      await hears(4)
      await tab.empty()
      expect(heard).toEqual(['1', '2', '3', '4'])
      expect(await tab.fallbacks()).toEqual([expect.stringMatching(/(Security|QuotaExceeded)Error: no storage/)])
      expect(tab.faults).toEqual([])
    },
    60_000,
  )
})

/** Stands in the page: see the script that is put there first. */
declare function raise(name: string): never

/** What the long form has seen: getting here, nothing was lost, doubled or out of order. */
function finding(reloads: number, dropped: number): object {
  return {
    bench: 'exactly-once-page',
    metric: `messages of ${MESSAGES} from a page lost, doubled or out of order, through ${reloads} reloads and ${dropped} connections that failed`,
    unit: 'messages',
    ours: 0,
    peer: null,
    peerName: '-',
    ratio: null,
    target: '0',
    met: true,
  }
}
