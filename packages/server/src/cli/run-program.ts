import type { Express } from 'express'
import { runServer } from './run-server.ts'
import { SettingError } from './setting-error.ts'
import { readSettings } from './settings.ts'

/**
 * A server as a program: settings from flags, environment and `.env`; the address and the first-run claim on
 * standard output; a clean end on SIGTERM and SIGINT; a sentence and exit code 1 where it cannot start.
 */
export async function runProgram(flags: readonly string[], pages?: (app: Express) => void): Promise<void> {
  try {
    const settings = readSettings({ flags, environment: process.env, dotenv: '.env' })
    const running = await runServer(settings, pages)
    console.log(`Arclight listens on ${running.url}`)
    if (running.notRecording !== undefined) console.log(`It does not record: ${running.notRecording}.`)
    if (running.claim !== undefined) showClaim(running.claim)
    const stop = (): void => {
      process.off('SIGTERM', stop).off('SIGINT', stop)
      void running.close()
    }
    process.on('SIGTERM', stop).on('SIGINT', stop)
  } catch (error) {
    console.error(error instanceof SettingError ? error.message : error)
    process.exitCode = 1
  }
}

/** A code in a log would outlive its secrecy: off a terminal it is only told where to look. */
function showClaim(claim: string): void {
  if (process.stdout.isTTY) {
    console.log(`Nobody owns this server yet. Register on this machine with the claim code ${claim} within 15 minutes.`)
  } else {
    console.log('Nobody owns this server yet: "npx arclight admin claim", run in this folder, shows the claim code.')
  }
}
