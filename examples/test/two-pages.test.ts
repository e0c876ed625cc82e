import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readAudioFile } from '@arclight/client-node/audio/node-av'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { skipBrowser, skipReason } from './chromium.ts'
import { ServerProcess } from './server-process.ts'
import { bestMatch, envelope, powerAt, writeTone } from './sound.ts'
import { VoicePage } from './voice-page.ts'

const [LOW, HIGH] = [440, 880]
const LEAST_DB = 30
const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url))
/** What the envelope of a speech, heard through Opus and playout, has in common with the file's. */
const SAME_SPEECH = 0.9
const OTHER_SPEECH = 0.6

describe.skipIf(skipBrowser)(`two pages${skipReason}`, () => {
  let directory: string
  let server: ServerProcess
  let pages: VoicePage[]

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'arclight-pages-'))
    server = new ServerProcess(directory)
    pages = []
    await server.start()
  })

  afterEach(async () => {
    for (const page of pages) await page.close()
    await server.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  async function twoInACall(microphones: readonly [string, string]): Promise<[VoicePage, VoicePage]> {
    const mei = await VoicePage.open(server.url, microphones[0])
    pages.push(mei)
    const li = await VoicePage.open(server.url, microphones[1])
    pages.push(li)
    await mei.register('mei', await server.claim())
    await li.register('li')
    await mei.joinVoice()
    await li.joinVoice()
    await Promise.all([mei.hearsSomebody(), li.hearsSomebody()])
    return [mei, li]
  }

  function toneFile(frequency: number): string {
    const path = join(directory, `${frequency}.wav`)
    writeTone(path, frequency)
    return path
  }

  async function expectTheOthersTone(page: VoicePage, { own, other }: { own: number; other: number }): Promise<void> {
    const heard = await page.listen(2)
    const margin = powerAt(heard, other) - powerAt(heard, own)
    console.info(`${other} Hz is ${margin.toFixed(1)} dB over ${own} Hz`)
    expect(margin).toBeGreaterThanOrEqual(LEAST_DB)
  }

  test('each hears the other’s tone and not its own; a restart loses no message and voice comes back', async () => {
    const [mei, li] = await twoInACall([toneFile(LOW), toneFile(HIGH)])
    await expectTheOthersTone(mei, { own: LOW, other: HIGH })
    await expectTheOthersTone(li, { own: HIGH, other: LOW })

    const texts = Array.from({ length: 12 }, (_, index) => `message ${index + 1}`)
    for (const text of texts.slice(0, 4)) await mei.write(text)
    await li.showsTexts(4)
    await server.stop()
    for (const text of texts.slice(4, 8)) await mei.write(text)
    await server.start()
    for (const text of texts.slice(8)) await mei.write(text)
    await Promise.all([mei.showsTexts(12), li.showsTexts(12)])
    expect(await mei.texts()).toEqual(texts)
    expect(await li.texts()).toEqual(texts)

    await Promise.all([mei.hearsSomebody(), li.hearsSomebody()])
    await expectTheOthersTone(mei, { own: LOW, other: HIGH })
    await expectTheOthersTone(li, { own: HIGH, other: LOW })
    expect([...mei.faults, ...li.faults]).toEqual([])
  }, 120_000)

  test('each hears the other’s speech', async () => {
    const files = [join(FIXTURES, 'speech-mei.wav'), join(FIXTURES, 'speech-li.wav')] as const
    const [ofMei, ofLi] = files.map((path) =>
      envelope(Float32Array.from([...readAudioFile(path)].flatMap((chunk) => [...chunk]))),
    )
    const [mei, li] = await twoInACall(files)
    const [atMei, atLi] = (await Promise.all([mei.listen(8), li.listen(8)])).map(envelope)
    if (!ofMei || !ofLi || !atMei || !atLi) throw new Error('expected four envelopes')
    const matches = { atMei: bestMatch(atMei, ofLi), atLi: bestMatch(atLi, ofMei), own: bestMatch(atMei, ofMei) }
    console.info(`envelope correlation ${JSON.stringify(matches)}`)
    expect(matches.atMei).toBeGreaterThanOrEqual(SAME_SPEECH)
    expect(matches.atLi).toBeGreaterThanOrEqual(SAME_SPEECH)
    expect(matches.own).toBeLessThan(OTHER_SPEECH)
  }, 120_000)

  test('a reload is still signed in, and a muted microphone is silent', async () => {
    const [mei, li] = await twoInACall([toneFile(LOW), toneFile(HIGH)])
    await li.page.click('#mute')
    await mei.page.waitForFunction(() => !document.querySelector('#members li.speaking input'))
    const heard = await mei.listen(1)
    expect(powerAt(heard.slice(heard.length / 2), HIGH)).toBeLessThan(-90)
    await li.page.reload()
    await li.page.waitForSelector('#room:not([hidden])')
    expect(await li.page.textContent('#me')).toBe('li')
  }, 60_000)
})
