import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { createClient } from '@arclight/client-node'

/** Makes a bot, for which it signs in as the server's owner. Resolves with its token, which is shown this once. */
export async function makeBot(given: {
  readonly url: string
  readonly name: string
  readonly owner: { readonly name: string; readonly password: string }
}): Promise<string> {
  await using client = createClient({ url: given.url })
  await client.login(given.owner)
  const { token } = await client.request('bot.create', { name: given.name })
  await client.logout()
  return token
}

/** Asks a person at a terminal, and does not show what is typed; of a pipe it takes the first line. */
export async function askSecretly(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: process.stdin.isTTY === true })
  process.stderr.write(question)
  try {
    for await (const line of lines) return line
    throw new Error('expected an answer, got the end of the input')
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}
