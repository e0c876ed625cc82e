import { clientCommand } from './client.ts'
import { type Command, UsageError } from './command.ts'
import { complain } from './print.ts'
import { proxyCommand } from './proxy.ts'
import { serverCommand } from './server.ts'

const COMMANDS: readonly Command[] = [
  {
    name: 'server',
    usage: 'arclight-conformance server URL [flags]  tries a server with every case',
    run: serverCommand,
  },
  clientCommand,
  proxyCommand,
]

const [name = '', ...flags] = process.argv.slice(2)
const command = COMMANDS.find((one) => one.name === name)
try {
  if (command) process.exitCode = await command.run(flags)
  else {
    complain(COMMANDS.map(({ usage }) => usage).join('\n'))
    process.exitCode = 2
  }
} catch (error) {
  complain(error instanceof UsageError ? error.message : String((error as Error).stack))
  process.exitCode = 2
}
