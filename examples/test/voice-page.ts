import type { Browser, Page } from 'playwright-core'
import { launchWithMicrophone } from './chromium.ts'

const PASSWORD = 'correct horse battery'

/** One person at the voice page, in a browser of their own with a microphone of their own. */
export class VoicePage {
  readonly page: Page
  readonly #browser: Browser
  /** What went wrong on the page. */
  readonly faults: string[] = []

  private constructor(browser: Browser, page: Page) {
    this.#browser = browser
    this.page = page
    page.on('pageerror', (error) => this.faults.push(error.message))
    page.on(
      'response',
      (response) => response.status() >= 400 && this.faults.push(`${response.status()} ${response.url()}`),
    )
  }

  static async open(url: string, microphone: string): Promise<VoicePage> {
    const browser = await launchWithMicrophone(microphone)
    const opened = new VoicePage(browser, await browser.newPage())
    await opened.page.goto(`${url}/?processing=off`)
    return opened
  }

  /** Registers through the form; the first one with the claim, which the form asks for. */
  async register(name: string, claim?: string): Promise<void> {
    await this.page.fill('#name', name)
    await this.page.fill('#password', PASSWORD)
    await this.page.click('#register')
    if (claim !== undefined) {
      await this.page.fill('#claim', claim)
      await this.page.click('#register')
    }
    await this.page.waitForSelector('#room:not([hidden])')
  }

  /** Joins voice by the button; resolves when `others` are there too. */
  async joinVoice(): Promise<void> {
    await this.page.click('#join')
    await this.page.waitForSelector('#leave:not([hidden])')
  }

  /** Resolves when somebody else is shown as speaking. */
  async hearsSomebody(): Promise<void> {
    await this.page.waitForFunction(() =>
      [...document.querySelectorAll('#members li.speaking')].some((card) => card.querySelector('input')),
    )
  }

  async write(text: string): Promise<void> {
    await this.page.fill('#text', text)
    await this.page.press('#text', 'Enter')
  }

  /** The texts that the page shows, oldest first. */
  texts(): Promise<string[]> {
    return this.page.$$eval('#messages li p', (rows) => rows.map((row) => row.textContent ?? ''))
  }

  async showsTexts(count: number): Promise<void> {
    await this.page.waitForFunction((least) => document.querySelectorAll('#messages li p').length >= least, count)
  }

  /** What comes out of the page's playback: `seconds` of samples at 48 kHz. */
  async listen(seconds: number): Promise<Float32Array> {
    const samples = await this.page.evaluate(async (length) => {
      const client = globalThis.arclight
      if (!client) throw new Error('the page has no client')
      const output = await client.playback.output()
      const context = output.context as AudioContext
      const tap = context.createScriptProcessor(4096, 1, 1)
      const heard: number[] = []
      await new Promise<void>((resolve) => {
        tap.onaudioprocess = ({ inputBuffer }) => {
          if (heard.length >= length * context.sampleRate) return resolve()
          heard.push(...inputBuffer.getChannelData(0))
        }
        output.connect(tap).connect(context.destination)
      })
      output.disconnect(tap)
      tap.disconnect()
      return heard
    }, seconds)
    return Float32Array.from(samples)
  }

  close(): Promise<void> {
    return this.#browser.close()
  }
}
