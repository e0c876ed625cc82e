import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { skipBrowser, skipReason } from './chromium.ts'
import { ServerProcess } from './server-process.ts'
import { writeTone } from './sound.ts'
import { VoicePage } from './voice-page.ts'

/** How much is recorded before it is stopped. */
const LEAST_MS = 3_000

describe.skipIf(skipBrowser)(`a page that records${skipReason}`, () => {
  let directory: string
  let server: ServerProcess
  let mei: VoicePage

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'arclight-record-'))
    server = new ServerProcess(directory)
    await server.start()
    const tone = join(directory, 'tone.wav')
    writeTone(tone, 440)
    mei = await VoicePage.open(server.url, tone)
    await mei.register('mei', await server.claim())
  })

  afterEach(async () => {
    await mei.close()
    await server.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  test('its camera becomes a file that decodes, has every stored frame, and plays to the end', async () => {
    const { page } = mei
    await page.click('#camera')
    await page.waitForSelector('#preview:not([hidden])')
    await page.click('#record')
    await page.waitForSelector('#timer:not([hidden])')
    const figures = await page.evaluate(async (least) => {
      const recording = globalThis.arclight?.recorder.recordings[0]
      if (!recording) throw new Error('nothing is being recorded')
      await new Promise<void>((resolve, reject) => {
        recording.on('progress', ({ durationMs }) => durationMs >= least && resolve())
        recording.on('failed', reject)
      })
      document.querySelector<HTMLButtonElement>('#record')?.click()
      await new Promise<void>((resolve) => {
        const look = (): void => (recording.ended ? resolve() : void requestAnimationFrame(look))
        look()
      })
      return recording.stats
    }, LEAST_MS)
    await page.waitForSelector('#videos li')

    const link = await page.evaluate(async () => (await globalThis.arclight?.recorder.list())?.[0]?.link())
    const response = await fetch(String(link))
    const path = join(directory, 'recorded.mp4')
    writeFileSync(path, new Uint8Array(await response.arrayBuffer()))
    const decoded = execFileSync('ffprobe', ['-v', 'error', '-count_frames', '-of', 'json', '-show_streams', path])
    const { streams } = JSON.parse(decoded.toString()) as { streams: { codec_name: string; nb_read_frames: string }[] }
    const video = streams.find(({ codec_name: name }) => name === 'h264')
    expect(streams.map(({ codec_name: name }) => name).sort()).toEqual(['aac', 'h264'])
    expect(figures.camera?.gaps).toEqual([])
    expect(figures.camera?.stored).toBe(figures.camera?.frames)
    expect(Number(video?.nb_read_frames)).toBe(figures.camera?.stored)
    expect(figures.camera?.frames).toBeGreaterThan((LEAST_MS / 1000) * 8)
    expect(execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-f', 'null', '-']).toString()).toBe('')

    await page.click('#videos button:has-text("Play")')
    await page.waitForFunction(() => document.querySelector<HTMLVideoElement>('#videos video')?.ended === true)
    expect(mei.faults).toEqual([])
  }, 90_000)
})
