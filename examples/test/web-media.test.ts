import { audioSourceSuite } from '@arclight/conformance/audio-source'
import { recordingSourceSuite } from '@arclight/conformance/recording-source'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Heard } from '../conformance-page/page-conformance.d.ts'
import { launch, skipBrowser, skipReason } from './chromium.ts'
import { openPage } from './web-client.ts'

describe.skipIf(skipBrowser)(`the media of a page${skipReason}`, () => {
  const listeners = new Map<string, (what: Heard) => void>()
  let browser: Browser
  let page: Page
  let count = 0

  beforeAll(async () => {
    browser = await launch(['--autoplay-policy=no-user-gesture-required'])
    page = await openPage(await browser.newContext())
    await page.exposeFunction('heard', (name: string, what: Heard) => listeners.get(name)?.(what))
  })

  afterAll(() => browser?.close())

  audioSourceSuite({
    name: 'a MediaStream',
    create: () => {
      const name = `sound ${count++}`
      return {
        open: (consumer) => {
          listeners.set(name, (what) => {
            if ('samples' in what) consumer.samples(Float32Array.from(what.samples), what.at)
            if ('ended' in what) consumer.ended()
          })
          return page.evaluate((given) => globalThis.conformancePage.openSound(given), name)
        },
        close: () => page.evaluate((given) => globalThis.conformancePage.closeSound(given), name),
      }
    },
  })

  recordingSourceSuite({
    name: 'a MediaStream',
    create: () => {
      const name = `recording ${count++}`
      return {
        prepare: () => page.evaluate((given) => globalThis.conformancePage.prepare(given), name),
        start: (consumer) => {
          listeners.set(name, (what) => {
            if ('frame' in what) consumer.frame({ ...what.frame, bytes: Uint8Array.from(what.frame.bytes) })
            if ('ended' in what) consumer.ended()
          })
          return page.evaluate((given) => globalThis.conformancePage.start(given), name)
        },
        stop: () => page.evaluate((given) => globalThis.conformancePage.stop(given), name),
      }
    },
  })

  test('a source that records again tells its end to the recording of now alone, and to none once it is stopped', async () => {
    const name = `recording ${count++}`
    let endings = 0
    let look = (): void => {}
    listeners.set(name, (what) => {
      if ('ended' in what) endings++
      look()
    })
    const first = (): Promise<void> =>
      new Promise((resolve) => {
        look = () => resolve()
      })
    await page.evaluate((given) => globalThis.conformancePage.prepare(given), name)
    for (let recording = 1; recording <= 2; recording++) {
      const frame = first()
      await page.evaluate((given) => globalThis.conformancePage.start(given), name)
      await frame
      if (recording === 2) await page.evaluate((given) => globalThis.conformancePage.end(given), name)
      await page.evaluate((given) => globalThis.conformancePage.stop(given), name)
      await page.evaluate((given) => globalThis.conformancePage.end(given), name)
      if (recording === 1) await page.evaluate((given) => globalThis.conformancePage.again(given), name)
    }
    expect(endings).toBe(1)
  })
})
