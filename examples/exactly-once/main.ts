import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { lostStore } from './lost-store.ts'
import type { StormOptions } from './stage.ts'
import { cuts, storm } from './storm.ts'
import type { Verdict } from './verdict.ts'
import { BREAKS } from './wire.ts'

const PROGRAM = fileURLToPath(new URL('../reference-server/main.js', import.meta.url))

/** What `--case` takes. */
const CASES: Readonly<Record<string, (options: StormOptions) => Promise<Verdict>>> = {
  storm,
  cuts,
  'empty-store': (options) => lostStore('nothing', options),
  'older-copy': (options) => lostStore('older copy', options),
}
const FULL = { messages: 10_000, cuts: 200, window: 40, eager: false }
const SHORT = { messages: 600, cuts: 20, window: 12, eager: true }
/** Of faults in one report: one fault makes many. */
const MOST_TOLD = 50

const { values } = parseArgs({
  options: {
    case: { type: 'string', default: 'storm' },
    seed: { type: 'string' },
    break: { type: 'string' },
    messages: { type: 'string' },
    cuts: { type: 'string' },
    short: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const run = Object.hasOwn(CASES, values.case) ? CASES[values.case] : undefined
if (!run) throw new Error(`--case takes ${Object.keys(CASES).join(', ')}`)
const broken = BREAKS.find((one) => one === values.break)
if (values.break !== undefined && !broken) throw new Error(`--break takes ${BREAKS.join(', ')}`)
const form = values.short ? SHORT : FULL
const seed = wholeNumber('seed', Math.floor(Math.random() * 1_000_000))
const size = { ...form, messages: wholeNumber('messages', form.messages), cuts: wholeNumber('cuts', form.cuts) }

const directory = mkdtempSync(join(tmpdir(), 'arclight-exactly-once-'))
const say = values.json ? console.error : console.log
try {
  say(`exactly once, ${values.case}: 3 clients, ${size.messages} messages, ${size.cuts} cuts, seed ${seed}`)
  const verdict = await run({ ...size, seed, broken, directory, program: PROGRAM, say })
  report(verdict)
} finally {
  rmSync(directory, { recursive: true, force: true })
}

function wholeNumber(name: 'seed' | 'messages' | 'cuts', otherwise: number): number {
  const number = Number(values[name] ?? otherwise)
  if (!Number.isSafeInteger(number)) throw new Error(`--${name} takes a whole number`)
  return number
}

function report({ faults, figures }: Verdict): void {
  for (const fault of faults.slice(0, MOST_TOLD)) say(`FAILED  ${fault}`)
  if (faults.length > MOST_TOLD) say(`FAILED  and ${faults.length - MOST_TOLD} more`)
  for (const { metric, unit, value, atLeast } of figures) {
    say(`        ${metric}: ${value} ${unit}`)
    const target = atLeast === undefined ? '-' : `>= ${atLeast}`
    print({ metric, unit, ours: value, target, met: value >= (atLeast ?? value) })
  }
  const held = faults.length === 0
  print({ metric: 'lost, doubled or out of order', unit: 'faults', ours: faults.length, target: '0', met: held })
  say(
    `${held ? 'ok    ' : 'FAILED'}  every message once, in order, to everybody: ${faults.length} faults, seed ${seed}`,
  )
  process.exitCode = held ? 0 : 1
}

function print(finding: { metric: string; unit: string; ours: number; target: string; met: boolean }): void {
  const bench = `exactly-once ${values.case}`
  if (values.json) console.log(JSON.stringify({ bench, peer: null, peerName: null, ratio: null, ...finding }))
}
