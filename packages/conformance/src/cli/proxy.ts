import { once } from 'node:events'
import { createWriteStream, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { lineOf } from '../proxy/frame-log.ts'
import { parseRules, type Rule } from '../proxy/rule.ts'
import { startProxy } from '../proxy/start-proxy.ts'
import { type Command, UsageError } from './command.ts'

const USAGE = `conformance proxy --target ws://host:port/path   stands between clients and a server, and breaks what it is told to
  --rules rules.json    what to break; without it everything passes
  --log frames.ndjson   where each frame is written down; nowhere unless told
  --port 0              where to listen, on 127.0.0.1; a free port unless told
  --host 127.0.0.1      another address to listen on
  --seed 1              decides where a rule has a probability`

const OPTIONS = {
  target: { type: 'string' },
  rules: { type: 'string' },
  log: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  seed: { type: 'string' },
} as const

/** Runs the fault proxy until it is interrupted. */
export const proxyCommand: Command = {
  name: 'proxy',
  usage: USAGE,
  run: async (flags) => {
    const { values } = readFlags(flags)
    if (values.target === undefined) throw new UsageError(`--target is missing\n${USAGE}`)
    const lines = values.log === undefined ? undefined : createWriteStream(values.log)
    if (lines) await once(lines, 'open')
    const proxy = await startProxy({
      target: values.target,
      rules: values.rules === undefined ? [] : rulesIn(values.rules),
      port: numberIn('port', values.port),
      host: values.host,
      seed: numberIn('seed', values.seed),
      told: (frame) => lines?.write(lineOf(frame)),
    })
    process.stdout.write(`proxy on ${proxy.url} to ${values.target}, seed ${proxy.seed}\n`)
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
    await proxy.close()
    if (lines) await new Promise<void>((resolve) => lines.end(() => resolve()))
    process.stdout.write(
      `${proxy.log.length} frames, ${proxy.log.filter(({ done }) => done.length > 0).length} of them struck\n`,
    )
    return 0
  },
}

function readFlags(flags: readonly string[]) {
  try {
    return parseArgs({ args: [...flags], options: OPTIONS })
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`)
  }
}

function rulesIn(file: string): readonly Rule[] {
  try {
    return parseRules(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`)
  }
}

function numberIn(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d+$/.test(text)) throw new UsageError(`--${name} takes a number, got ${text}`)
  return Number(text)
}
