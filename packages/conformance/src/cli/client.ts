import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { clientCases } from '../client/cases/index.ts'
import type { ClientUnderTest } from '../client/client-under-test.ts'
import { lineOfResult, type ReportFormat, reportOf, summaryOf } from '../client/report.ts'
import { runClientCases } from '../client/run-cases.ts'
import { type Command, UsageError } from './command.ts'

const USAGE = `conformance client --driver ./driver.mjs   runs the cases for clients against yours: see docs/conformance-client.md
  --only a,b        only the cases with these ids
  --slow            those too that take the protocol's own times: minutes
  --format lines    lines, json or junit
  --output file     where a report goes; to the terminal unless told
  --list            the cases, and nothing is run`

const OPTIONS = {
  driver: { type: 'string' },
  only: { type: 'string' },
  slow: { type: 'boolean' },
  format: { type: 'string' },
  output: { type: 'string' },
  list: { type: 'boolean' },
} as const

/** Runs the cases for clients against the client that a module drives. */
export const clientCommand: Command = {
  name: 'client',
  usage: USAGE,
  run: async (flags) => {
    const values = readFlags(flags)
    if (values.list) {
      for (const { id, rules, title } of clientCases) process.stdout.write(`${id} [${rules.join(', ')}] ${title}\n`)
      return 0
    }
    if (values.driver === undefined) throw new UsageError(`--driver is missing\n${USAGE}`)
    const format = formatOf(values.format)
    const client = await load(values.driver)
    const live = format === 'lines' && values.output === undefined
    const results = await runClientCases({
      client,
      only: values.only?.split(','),
      slow: values.slow,
      told: (result) => live && process.stdout.write(`${lineOfResult(result)}\n`),
    })
    const report = live ? `${summaryOf(results)}\n` : reportOf(format, client.name, results)
    if (values.output === undefined) process.stdout.write(report)
    else {
      writeFileSync(values.output, report)
      process.stdout.write(`${summaryOf(results)}\n`)
    }
    return results.some(({ outcome }) => outcome === 'failed') ? 1 : 0
  },
}

function readFlags(flags: readonly string[]) {
  try {
    return parseArgs({ args: [...flags], options: OPTIONS }).values
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`)
  }
}

function formatOf(text = 'lines'): ReportFormat {
  if (text === 'lines' || text === 'json' || text === 'junit') return text
  throw new UsageError(`--format is lines, json or junit, got ${text}`)
}

async function load(file: string): Promise<ClientUnderTest> {
  const { default: client } = (await import(pathToFileURL(resolve(file)).href)) as { default?: ClientUnderTest }
  if (typeof client?.create !== 'function') {
    throw new UsageError(`${file}: expected a default export with name, supports and create`)
  }
  return client
}
