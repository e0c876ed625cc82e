import type { CaseResult } from '../case.ts'
import type { Report } from './report.ts'
import { escaped } from './xml.ts'

/** The report as JUnit XML: a suite of all cases, a class a family. */
export function junitReport({ results, failed, skipped, milliseconds, url }: Report): string {
  const counts = `tests="${results.length}" failures="${failed}" skipped="${skipped}" errors="0"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts} time="${seconds(milliseconds)}">`,
    `  <testsuite name="${escaped(`Arclight conformance, ${url}`)}" ${counts} time="${seconds(milliseconds)}">`,
    ...results.map(testCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function testCase({ id, title, rules, outcome, reason, milliseconds, frames }: CaseResult): string {
  const names = `classname="${escaped(rules[0] ?? '')}" name="${escaped(`${id} ${title}`)}"`
  const open = `    <testcase ${names} time="${seconds(milliseconds)}"`
  if (outcome === 'passed') return `${open}/>`
  if (outcome === 'skipped') return `${open}><skipped message="${escaped(reason)}"/></testcase>`
  return `${open}><failure message="${escaped(reason)}">${escaped(frames.join('\n'))}</failure></testcase>`
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1_000).toFixed(3)
}
