import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Where a Chromium is; undefined where none was found. CHROMIUM_PATH names another. */
export const chromiumPath = [process.env.CHROMIUM_PATH, ...PLACES].find((path) => path && existsSync(path))

/** Why browser tests do not run here, for their titles; where they are required, they run and fail. */
export const skipBrowser = chromiumPath === undefined && process.env.ARCLIGHT_REQUIRE_BROWSER !== '1'
export const skipReason = skipBrowser ? ' (skipped: no Chromium was found; CHROMIUM_PATH names one)' : ''

/** A Chromium whose microphone plays a WAV file in a loop, and which grants it without asking. */
export function launchWithMicrophone(wav: string): Promise<Browser> {
  return launch([
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-audio-capture=${wav}`,
    '--autoplay-policy=no-user-gesture-required',
  ])
}

/** A Chromium that does nothing by itself. */
export function launch(more: readonly string[] = []): Promise<Browser> {
  if (!chromiumPath) throw new Error('browser tests are required and no Chromium was found')
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...more,
    ],
  })
}
