#!/usr/bin/env node
import { clientCommand } from './client.ts'
import { UsageError } from './command.ts'
import { proxyCommand } from './proxy.ts'

const COMMANDS = [clientCommand, proxyCommand]

async function main([name, ...flags]: readonly string[]): Promise<number> {
  const command = COMMANDS.find((one) => one.name === name)
  if (command) return command.run(flags)
  process.stderr.write(COMMANDS.map(({ usage }) => `${usage}\n`).join('\n'))
  return 2
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof UsageError ? error.message : String((error as Error).stack)}\n`)
    process.exitCode = 2
  },
)
