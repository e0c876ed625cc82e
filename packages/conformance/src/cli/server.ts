import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { htmlReport } from '../report/html.ts'
import { junitReport } from '../report/junit.ts'
import type { Report } from '../report/report.ts'
import { textLines, totals } from '../report/text.ts'
import type { Login, ServerRunOptions } from '../server/options.ts'
import { runServerCases, selectCases } from '../server/run.ts'
import { TargetError } from '../server/target.ts'
import { complain, print } from './print.ts'

const FLAGS = {
  user: { type: 'string' },
  password: { type: 'string' },
  user2: { type: 'string' },
  password2: { type: 'string' },
  claim: { type: 'string' },
  http: { type: 'string' },
  only: { type: 'string' },
  limits: { type: 'string' },
  heavy: { type: 'boolean', default: false },
  receiver: { type: 'string' },
  stop: { type: 'string' },
  json: { type: 'boolean', default: false },
  junit: { type: 'string' },
  html: { type: 'string' },
  ca: { type: 'string' },
  timeout: { type: 'string' },
} as const

/** The flags, for whoever asks. */
export const USAGE = `arclight-conformance server ws://host/arclight [flags]
  --user NAME --password WORD    an account to use; without it one is made where registration is open
  --user2 NAME --password2 WORD  another one, for what takes two users
  --claim CODE                   the first-run code of a server that has no owner yet
  --only AUTH,SEND-2             families, rules or cases
  --limits default|any           default: a limit of PROTOCOL.md that does not show is a failure; any: it is skipped
  --heavy                        also cases that write megabytes into a channel
  --receiver URL                 where the kit takes webhooks, on this machine: the server must be let post there
  --stop PID                     ends the server's process with SIGTERM, for the last case
  --http URL                     where the HTTP routes are, if not at the same origin
  --ca FILE                      a certificate authority to trust, PEM
  --timeout MS                   how long an expected frame may take (5000)
  --json                         one JSON object a line
  --junit FILE --html FILE       reports beside`

class UsageError extends Error {}

/** `server`: 0 where every case that ran passed, 1 where one failed or the server cannot be tried, 2 for bad usage. */
export async function serverCommand(parameters: readonly string[]): Promise<number> {
  try {
    const asked = read(parameters)
    const report = await run(asked)
    if (asked.junit !== undefined) writeFileSync(asked.junit, junitReport(report))
    if (asked.html !== undefined) writeFileSync(asked.html, htmlReport(report))
    print(totals(report))
    return report.failed > 0 || report.aborted ? 1 : 0
  } catch (error) {
    if (error instanceof UsageError) {
      complain(`${error.message}\n\n${USAGE}`)
      return 2
    }
    complain(error instanceof TargetError ? error.message : String(error instanceof Error ? error.stack : error))
    return 1
  }
}

interface Asked {
  readonly options: ServerRunOptions
  readonly json: boolean
  readonly junit: string | undefined
  readonly html: string | undefined
}

async function run({ options, json }: Asked): Promise<Report> {
  const ended = new AbortController()
  const end = (): void => ended.abort()
  process.once('SIGINT', end).once('SIGTERM', end)
  try {
    return await runServerCases({
      ...options,
      signal: ended.signal,
      onWait: (why, milliseconds) => complain(`${why}: waits ${Math.ceil(milliseconds / 1_000)} s`),
      onResult: (result) => {
        for (const line of json ? [JSON.stringify(result)] : textLines(result)) print(line)
      },
    })
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end)
  }
}

function read(parameters: readonly string[]): Asked {
  const { values, positionals } = parse(parameters)
  const [url, ...more] = positionals
  if (url === undefined || more.length > 0) throw new UsageError('expected one URL')
  if (!URL.canParse(url) || !/^wss?:$/.test(new URL(url).protocol)) {
    throw new UsageError(`expected a URL such as ws://127.0.0.1:5005/arclight, got ${url}`)
  }
  const only = values.only?.split(',').map((one) => one.trim())
  const unknown = only?.find((one) => selectCases([one]).length === 0)
  if (unknown !== undefined) throw new UsageError(`there is no case for ${unknown}`)
  const { limits, timeout, stop, ca, receiver } = values
  if (receiver !== undefined && !(URL.canParse(receiver) && new URL(receiver).protocol === 'http:')) {
    throw new UsageError(`expected a URL such as http://127.0.0.1:9099 for --receiver, got ${receiver}`)
  }
  if (limits !== undefined && limits !== 'any' && limits !== 'default') {
    throw new UsageError(`expected --limits any or default, got ${limits}`)
  }
  return {
    options: {
      url,
      httpUrl: values.http,
      user: login(values.user, values.password, ''),
      user2: login(values.user2, values.password2, '2'),
      claim: values.claim,
      ca: ca === undefined ? undefined : file(ca),
      only,
      limits,
      heavy: values.heavy,
      receiver,
      timeoutMs: timeout === undefined ? undefined : positive('timeout', timeout),
      stop: stop === undefined ? undefined : ending(positive('stop', stop)),
    },
    json: values.json,
    junit: values.junit,
    html: values.html,
  }
}

function parse(parameters: readonly string[]) {
  try {
    return parseArgs({ args: [...parameters], options: FLAGS, allowPositionals: true })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

function login(name: string | undefined, password: string | undefined, which: string): Login | undefined {
  if (name !== undefined && password !== undefined) return { name, password }
  if (name !== undefined || password !== undefined) {
    throw new UsageError(`expected --user${which} and --password${which} together`)
  }
  return undefined
}

function positive(flag: string, text: string): number {
  const value = Number(text)
  if (!(Number.isSafeInteger(value) && value > 0)) throw new UsageError(`expected a number for --${flag}, got ${text}`)
  return value
}

function ending(pid: number): () => void {
  return () => void process.kill(pid, 'SIGTERM')
}

function file(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new UsageError(`--ca: ${(error as Error).message}`)
  }
}
