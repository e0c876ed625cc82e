import { join } from 'node:path'
import { sqliteStorage } from '../adapters/storage/sqlite/index.ts'
import { fileClaim } from './file-claim.ts'
import { runProgram } from './run-program.ts'
import { SettingError } from './setting-error.ts'
import { readSettings } from './settings.ts'

const USAGE = `arclight serve [flags]        runs a server; settings: flags, environment, .env
arclight admin claim [flags]  shows the code that makes the first account the owner (15 minutes)
arclight admin restored [flags]  after the data folder was put back from a copy: tells every client to load anew`

async function showClaim(flags: readonly string[]): Promise<void> {
  const { DATA_DIR } = readSettings({ flags, environment: process.env, dotenv: '.env' })
  if (await hasOwner(DATA_DIR)) console.log('This server has its owner; there is nothing to claim.')
  else console.log(await fileClaim(DATA_DIR).current())
}

/** A restored log may give out numbers again that clients have seen with other messages: it becomes another log. */
async function renewLogs(flags: readonly string[]): Promise<void> {
  const { DATA_DIR } = readSettings({ flags, environment: process.env, dotenv: '.env' })
  const storage = sqliteStorage({ file: join(DATA_DIR, 'arclight.db') })
  await storage.open()
  try {
    await storage.channels.renewEpochs()
    console.log('Every channel is a new log to its clients from the next start on: they will load it anew.')
  } finally {
    await storage.close()
  }
}

async function hasOwner(dataDirectory: string): Promise<boolean> {
  const storage = sqliteStorage({ file: join(dataDirectory, 'arclight.db') })
  await storage.open()
  try {
    return await storage.accounts.hasOwner()
  } finally {
    await storage.close()
  }
}

async function main([command, ...rest]: readonly string[]): Promise<void> {
  if (command === 'serve') return runProgram(rest)
  if (command === 'admin' && rest[0] === 'claim') return showClaim(rest.slice(1))
  if (command === 'admin' && rest[0] === 'restored') return renewLogs(rest.slice(1))
  console.error(USAGE)
  process.exitCode = 2
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof SettingError ? error.message : error)
  process.exitCode = 1
})
