import { LIMITS } from '@arclight/core/protocol'
import { createCode, hashCode } from '../accounts/code.ts'
import { nameKey } from '../accounts/name-key.ts'
import { fileClaim } from './file-claim.ts'
import { runProgram } from './run-program.ts'
import { SettingError } from './setting-error.ts'
import { readSettings, type Settings } from './settings.ts'
import { findStorage } from './storage.ts'

const USAGE = `arclight serve [flags]        runs a server; settings: flags, environment, .env
arclight admin claim [flags]  shows the code that makes the first account the owner (15 minutes)
arclight admin reset NAME [flags]  makes a code by which that user sets another password (24 hours);
                              --second-factor takes their second factor away, too
arclight admin restored [flags]  after the data was put back from a copy: tells every client to load anew`

const SECOND_FACTOR = '--second-factor'

async function showClaim(flags: readonly string[]): Promise<void> {
  const settings = readSettings({ flags, environment: process.env, dotenv: '.env' })
  if (await hasOwner(settings)) console.log('This server has its owner; there is nothing to claim.')
  else console.log(await fileClaim(settings.DATA_DIR).current())
}

/** A restored log may give out numbers again that clients have seen with other messages: it becomes another log. */
async function renewLogs(flags: readonly string[]): Promise<void> {
  const storage = await findStorage(readSettings({ flags, environment: process.env, dotenv: '.env' }))
  await storage.open()
  try {
    await storage.channels.renewEpochs()
    console.log('Every channel is a new log to its clients from the next start on: they will load it anew.')
  } finally {
    await storage.close()
  }
}

/** For who can read the server's data anyway. */
async function showReset(name: string | undefined, given: readonly string[]): Promise<void> {
  const flags = given.filter((flag) => flag !== SECOND_FACTOR)
  if (name === undefined || name.startsWith('--')) throw new SettingError('expected a name: arclight admin reset NAME')
  const storage = await findStorage(readSettings({ flags, environment: process.env, dotenv: '.env' }))
  await storage.open()
  try {
    const account = await storage.accounts.byNameKey(nameKey(name))
    if (!account?.passwordHash) throw new SettingError(`there is nobody of the name ${name} who has a password`)
    if (given.includes(SECOND_FACTOR)) {
      const removed = await storage.secondFactors.remove(account.id)
      console.log(removed ? `${account.name} has no second factor any more.` : `${account.name} has no second factor.`)
    }
    const code = createCode()
    await storage.accounts.setReset(account.id, await hashCode(code), Date.now() + LIMITS.resetMs)
    console.log(code)
    console.log(`With it ${account.name} sets another password, once and within 24 hours.`)
  } finally {
    await storage.close()
  }
}

async function hasOwner(settings: Settings): Promise<boolean> {
  const storage = await findStorage(settings)
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
  if (command === 'admin' && rest[0] === 'reset') return showReset(rest[1], rest.slice(2))
  if (command === 'admin' && rest[0] === 'restored') return renewLogs(rest.slice(1))
  console.error(USAGE)
  process.exitCode = 2
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof SettingError ? error.message : error)
  process.exitCode = 1
})
