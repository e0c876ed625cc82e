import type { CaseResult } from './run-cases.ts'

/** How results are written. */
export type ReportFormat = 'lines' | 'json' | 'junit'

/** `N passed, N failed, N skipped`. */
export function summaryOf(results: readonly CaseResult[]): string {
  const count = (outcome: CaseResult['outcome']): number => results.filter((one) => one.outcome === outcome).length
  return `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`
}

/** One line for people. */
export function lineOfResult({ id, rules, title, outcome, why, durationMs }: CaseResult): string {
  const reason = why === undefined ? '' : `\n        ${why.replaceAll('\n', '\n        ')}`
  return `${outcome.padEnd(7)} ${id} [${rules.join(', ')}] ${title} (${durationMs} ms)${reason}`
}

/** All results in a format that other programs read. */
export function reportOf(format: ReportFormat, suite: string, results: readonly CaseResult[]): string {
  if (format === 'json') return `${JSON.stringify({ suite, summary: summaryOf(results), results }, undefined, 2)}\n`
  if (format === 'junit') return junit(suite, results)
  return `${[...results.map(lineOfResult), summaryOf(results)].join('\n')}\n`
}

function junit(suite: string, results: readonly CaseResult[]): string {
  const count = (outcome: CaseResult['outcome']): number => results.filter((one) => one.outcome === outcome).length
  const seconds = (milliseconds: number): string => (milliseconds / 1_000).toFixed(3)
  const total = results.reduce((sum, { durationMs }) => sum + durationMs, 0)
  const cases = results.map(({ id, title, outcome, why = '', durationMs }) => {
    const open = `<testcase classname="${escaped(id)}" name="${escaped(title)}" time="${seconds(durationMs)}"`
    if (outcome === 'passed') return `  ${open}/>`
    const tag = outcome === 'failed' ? 'failure' : 'skipped'
    return `  ${open}><${tag} message="${escaped(why)}"/></testcase>`
  })
  const counts = `tests="${results.length}" failures="${count('failed')}" skipped="${count('skipped')}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="${escaped(suite)}" ${counts} time="${seconds(total)}">`,
    ...cases,
    '</testsuite>',
    '',
  ].join('\n')
}

/** XML has no way to write most control characters. */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
    .replace(/[^\n\t\u0020-\uD7FF\uE000-\uFFFD]/g, '\uFFFD')
}
