import { parseArgs } from 'node:util'
import { ConnectionError, createClient } from '@arclight/client-node'
import { answerCommands } from './answer-commands.ts'
import { commands } from './commands.ts'
import { askSecretly, makeBot } from './make-bot.ts'

const USAGE = 'BOT_TOKEN is not set: make a bot with "npm run bot -- --make <its name> --owner <your name>"'

/** Answers until it is told to end, or until the server ends the bot. */
async function run(url: string, token: string): Promise<void> {
  const client = createClient({ url, token })
  const stop = (): void => void client.close()
  process.once('SIGINT', stop).once('SIGTERM', stop)
  client.on('state', ({ name }) => {
    if (name === 'waiting') console.error('the server cannot be reached: trying again')
  })
  const { name } = await client.resume().catch(explain)
  client.on('state', (state) => {
    if (state.name === 'closed') fail(state.error)
  })
  await answerCommands(client, commands, (error) => console.error(error))
  console.log(`${name} answers ${Object.keys(commands).join(', ')}`)
}

function explain(error: unknown): never {
  const isEnded = error instanceof ConnectionError && error.reason === 'signed-out'
  throw isEnded ? new Error('the server does not take this BOT_TOKEN: its owner has ended or renewed the bot') : error
}

/** Having been told to end is no failure. */
function fail(error: unknown): void {
  if (error instanceof ConnectionError && error.reason === 'closed') return
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { url: { type: 'string' }, make: { type: 'string' }, owner: { type: 'string' } },
  })
  const { url = 'ws://127.0.0.1:5005/arclight', make, owner } = values
  const token = process.env.BOT_TOKEN
  if (make !== undefined && owner !== undefined) {
    const password = await askSecretly(`The password of ${owner}: `)
    console.log(`BOT_TOKEN=${await makeBot({ url, name: make, owner: { name: owner, password } })}`)
  } else if (token) await run(url, token)
  else throw new Error(USAGE)
}

main().catch(fail)
