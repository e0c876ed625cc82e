import type { CaseResult } from '../case.ts'
import type { Report } from './report.ts'
import { totals } from './text.ts'
import { escaped } from './xml.ts'

/** Of a case that did not fail: what it did, not every byte. */
const MOST_FRAMES = 40

const STYLE = `
:root { color-scheme: light dark; --ok: #1a7f37; --failed: #c62828; --skipped: #6b7280; --line: #8884; --soft: #8881 }
@media (prefers-color-scheme: dark) { :root { --ok: #57d364; --failed: #ff7b72; --skipped: #9aa4b2 } }
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
table { border-collapse: collapse; width: 100%; table-layout: fixed } caption { text-align: start; font-weight: 600; padding: .5rem 0 }
th, td { text-align: start; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line) }
thead th { font-weight: 600; background: var(--soft) } th { white-space: nowrap }
.narrow { width: 6rem } td { overflow-wrap: anywhere }
.passed { color: var(--ok) } .failed { color: var(--failed); font-weight: 600 } .skipped { color: var(--skipped) }
code, pre { font: 13px/1.45 ui-monospace, monospace } pre { overflow-x: auto; background: var(--soft); padding: .6rem }
td p { margin: .2rem 0 } summary { cursor: pointer }
`

/** A page that stands alone: rules that passed and failed by name, every case in a table, its frames folded. */
export function htmlReport(report: Report): string {
  const rules = byRule(report.results)
  const named = (outcome: CaseResult['outcome']): string[] => {
    return [...rules].filter(([, cases]) => outcomeOf(cases) === outcome).map(([rule]) => rule)
  }
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(`${totals(report)}: ${report.url}`)}</title>`,
    `<style>${STYLE}</style>`,
    '<main>',
    '<h1>Arclight conformance</h1>',
    `<p><code>${escaped(report.url)}</code>: <strong>${totals(report)}</strong> in ${duration(report)}.</p>`,
    ...list('failed', 'Rules that failed', named('failed')),
    ...list('passed', 'Rules that passed', named('passed')),
    ...list('skipped', 'Rules of which nothing can be said', named('skipped')),
    '<table>',
    '<caption>Every case</caption>',
    '<thead><tr><th scope="col" class="narrow">Rule<th scope="col">Case<th scope="col" class="narrow">Outcome<th scope="col" class="narrow">Time</tr></thead>',
    '<tbody>',
    ...[...rules].flatMap(([rule, cases]) => cases.map((one, at) => row(at === 0 ? rule : '', cases.length, one))),
    '</tbody>',
    '</table>',
    '</main>',
    '</html>',
    '',
  ].join('\n')
}

function duration({ milliseconds, aborted }: Report): string {
  return `${(milliseconds / 1_000).toFixed(1)} s${aborted ? ', ended before its time' : ''}`
}

/** The cases of each rule, by the rule that each proves before all. */
function byRule(results: readonly CaseResult[]): Map<string, CaseResult[]> {
  const rules = new Map<string, CaseResult[]>()
  for (const result of results) {
    const rule = result.rules[0] ?? ''
    rules.set(rule, [...(rules.get(rule) ?? []), result])
  }
  return rules
}

function outcomeOf(cases: readonly CaseResult[]): CaseResult['outcome'] {
  if (cases.some(({ outcome }) => outcome === 'failed')) return 'failed'
  return cases.some(({ outcome }) => outcome === 'passed') ? 'passed' : 'skipped'
}

function list(outcome: CaseResult['outcome'], title: string, rules: readonly string[]): string[] {
  return rules.length === 0 ? [] : [`<h2>${title}</h2>`, `<p class="${outcome}">${rules.join(', ')}</p>`]
}

function row(rule: string, span: number, { id, title, outcome, reason, milliseconds, frames }: CaseResult): string {
  const head = rule === '' ? '' : `<th scope="rowgroup" rowspan="${span}">${rule}`
  const why = reason === '' ? '' : `<p>${escaped(reason)}</p>`
  const open = outcome === 'failed' ? ' open' : ''
  const kept = outcome === 'failed' ? frames : frames.slice(-MOST_FRAMES)
  const count =
    kept.length < frames.length ? `the last ${kept.length} of ${frames.length} frames` : `${kept.length} frames`
  const log = kept.length === 0 ? '' : `<details${open}><summary>${count}</summary>${pre(kept)}</details>`
  const cell = `<td><code>${escaped(id)}</code> ${escaped(title)}${why}${log}`
  return `<tr>${head}${cell}<td class="${outcome}">${outcome}<td>${milliseconds} ms</tr>`
}

function pre(frames: readonly string[]): string {
  return `<pre>${escaped(frames.join('\n'))}</pre>`
}
