import { complain } from './print.ts'
import { serverCommand } from './server.ts'

/** What a command does with what stands behind its name; resolves with the exit code. */
type Command = (parameters: readonly string[]) => Promise<number>

const COMMANDS: Readonly<Record<string, { readonly run: Command; readonly usage: string }>> = {
  server: { run: serverCommand, usage: 'server URL [flags]  tries a server with every case' },
}

const USAGE = Object.values(COMMANDS)
  .map(({ usage }) => `arclight-conformance ${usage}`)
  .join('\n')

const [name = '', ...parameters] = process.argv.slice(2)
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
if (command) process.exitCode = await command.run(parameters)
else {
  complain(USAGE)
  process.exitCode = 2
}
