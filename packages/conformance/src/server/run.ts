import type { CaseResult } from '../case.ts'
import { CaseFailure, CaseSkip } from '../check.ts'
import type { Report } from '../report/report.ts'
import { RateUsedUp } from './address-rates.ts'
import { serverCases } from './cases/index.ts'
import { ServerContext } from './context.ts'
import type { ServerRunOptions } from './options.ts'
import type { ServerCase, ServerNeed } from './server-case.ts'
import { closeTarget, openTarget, type Target } from './target.ts'
import { wait } from './wait.ts'

/** Quick cases at a time. */
const LANES = 4
/** Of slow cases, where they share their accounts with the quick ones: a user has 20 connections. */
const SLOW_LANES_SHARED = 3
/** A case that does not end by itself is a failure. */
const MOST_CASE_MS = 150_000
/** All that the cases ask for of a rate that was used up when they began comes back in less. */
const MOST_WAITING_MS = 300_000

/** The cases that `only` names: families, rules, cases. All without it. */
export function selectCases(only: readonly string[] | undefined): readonly ServerCase[] {
  if (!only || only.length === 0) return serverCases
  return serverCases.filter(({ id, rules }) =>
    only.some((one) => id === one || rules.includes(one) || rules[0]?.split('-')[0] === one),
  )
}

/** Tries the server with every case, several at a time. Throws TargetError where it cannot be tried at all. */
export async function runServerCases(options: ServerRunOptions): Promise<Report> {
  const from = performance.now()
  const cases = selectCases(options.only)
  const target = await openTarget(options)
  const results = new Map<ServerCase, CaseResult>()
  const running = new Set<ServerContext>()
  const abort = (): void => {
    for (const context of running) void context.dispose()
  }
  options.signal?.addEventListener('abort', abort, { once: true })
  const runOne = async (one: ServerCase): Promise<void> => {
    if (options.signal?.aborted) return
    const result = await attemptInTime(one, target, running)
    if (options.signal?.aborted) return
    results.set(one, result)
    options.onResult?.(result)
  }
  const of = (pace: ServerCase['pace']): ServerCase[] => cases.filter((one) => one.pace === pace)
  const ownAccounts = target.accounts.slow[0] !== target.accounts.quick[0]
  const slow = lanes(of('slow'), ownAccounts ? Number.POSITIVE_INFINITY : SLOW_LANES_SHARED, runOne)
  await lanes(of('quick'), LANES, runOne)
  // A slow case has done its part long ago and waits; where it has accounts of its own, nobody is in its way.
  if (!ownAccounts) await slow
  await lanes(of('alone'), 1, runOne)
  await slow
  await lanes(of('last'), 1, runOne)
  options.signal?.removeEventListener('abort', abort)
  await closeTarget(target)
  const done = cases.flatMap((one) => results.get(one) ?? [])
  const count = (outcome: CaseResult['outcome']): number => done.filter((one) => one.outcome === outcome).length
  return {
    url: options.url,
    results: done,
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    milliseconds: performance.now() - from,
    aborted: options.signal?.aborted ?? false,
  }
}

/** Takes the cases in order, `count` at a time. */
async function lanes(cases: ServerCase[], count: number, run: (one: ServerCase) => Promise<void>): Promise<void> {
  const lane = async (): Promise<void> => {
    for (let next = cases.shift(); next; next = cases.shift()) await run(next)
  }
  await Promise.all(Array.from({ length: Math.min(count, cases.length) }, lane))
}

/**
 * Begins again where the address has authenticated too often, when that rate is back: one case after the other, since
 * those that come back together only use it up for each other.
 */
async function attemptInTime(one: ServerCase, target: Target, running: Set<ServerContext>): Promise<CaseResult> {
  const first = await attempt(one, target, running)
  if (!first.usedUp) return first.result
  const again = attemptsBefore(target).then(() => attemptAgain(one, first.usedUp, target, running))
  lastAttempt.set(target, again)
  return again
}

/** Of cases that begin again, the last in the row. */
const lastAttempt = new WeakMap<Target, Promise<CaseResult>>()

async function attemptsBefore(target: Target): Promise<void> {
  await lastAttempt.get(target)
}

async function attemptAgain(
  one: ServerCase,
  refusal: RateUsedUp | undefined,
  target: Target,
  running: Set<ServerContext>,
): Promise<CaseResult> {
  const { signal, onWait } = target.options
  const until = performance.now() + MOST_WAITING_MS
  for (let usedUp = refusal; ; ) {
    const milliseconds = usedUp ? target.rates.untilEnough(usedUp.type) : 0
    onWait?.(`${one.id}: ${usedUp?.message}`, milliseconds)
    await wait(milliseconds, signal)
    const next = await attempt(one, target, running)
    if (!next.usedUp || signal?.aborted || performance.now() > until) return next.result
    usedUp = next.usedUp
  }
}

interface Attempt {
  readonly result: CaseResult
  readonly usedUp?: RateUsedUp
}

async function attempt(one: ServerCase, target: Target, running: Set<ServerContext>): Promise<Attempt> {
  const from = performance.now()
  const context = new ServerContext(target, one.pace)
  const result = (outcome: CaseResult['outcome'], reason: string): Attempt => {
    const { id, rules, title } = one
    const milliseconds = Math.round(performance.now() - from)
    return { result: { id, rules, title, outcome, reason, milliseconds, frames: context.log.lines } }
  }
  const lacking = one.needs.map((need) => lacks(need, target)).find((why) => why !== undefined)
  if (lacking !== undefined) return result('skipped', lacking)
  running.add(context)
  try {
    await withinTime(one.run(context))
    context.check()
    return result('passed', '')
  } catch (error) {
    if (error instanceof CaseSkip) return result('skipped', error.message)
    if (error instanceof CaseFailure) return result('failed', error.message)
    if (error instanceof RateUsedUp) return { ...result('failed', error.message), usedUp: error }
    return result('failed', `the case itself failed: ${error instanceof Error ? error.stack : String(error)}`)
  } finally {
    running.delete(context)
    await context.dispose()
  }
}

async function withinTime(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((_resolve, reject) => {
    const why = new CaseFailure(`expected the case to end; it did not within ${MOST_CASE_MS} ms`)
    timer = setTimeout(() => reject(why), MOST_CASE_MS)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Why a need is not met; undefined where it is. */
function lacks(need: ServerNeed, { options, capabilities }: Target): string | undefined {
  if (need === 'heavy') return options.heavy ? undefined : 'writes megabytes into a channel: --heavy allows it'
  if (need === 'receiver')
    return options.receiver ? undefined : 'takes webhooks of the server: --receiver URL allows it'
  if (need === 'stop') return options.stop ? undefined : 'ends the server: --stop PID allows it'
  return capabilities.has(need) ? undefined : `the server does not have the capability ${need}`
}
