import { clientCommand } from './client.ts'
import { type Command, UsageError } from './command.ts'
import { complain } from './print.ts'
import { proxyCommand } from './proxy.ts'
import { USAGE as SERVER_USAGE, serverCommand } from './server.ts'

const COMMANDS: readonly Command[] = [
  {
    name: 'server',
    usage: SERVER_USAGE,
    run: serverCommand,
  },
  clientCommand,
  proxyCommand,
]

const HELP = ['--help', '-h', 'help']

const [name = '', ...flags] = process.argv.slice(2)
const command = COMMANDS.find((one) => one.name === name)
const wantsHelp = HELP.includes(name) || flags.some((flag) => HELP.includes(flag))
const usage = (command ? [command] : COMMANDS).map((one) => one.usage).join('\n')
let code = 2
try {
  if (wantsHelp) {
    process.stdout.write(`${usage}\n`)
    code = 0
  } else if (command) code = await command.run(flags)
  else complain(usage)
} catch (error) {
  complain(error instanceof UsageError ? error.message : String((error as Error).stack))
}
// A case that failed, or somebody's driver, may have left a timer behind; what was written has to arrive all the same.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
