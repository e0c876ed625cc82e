import type { CaseResult } from '../case.ts'

const MOST_FRAMES = 12
const WORDS = { passed: 'ok     ', failed: 'FAILED ', skipped: 'skip   ' } as const

/** What a person reads of one case: a line, and of one that failed the last frames. */
export function textLines({ outcome, id, title, reason, frames }: CaseResult): string[] {
  const line = `${WORDS[outcome]} ${id}  ${title}${reason === '' ? '' : `: ${reason}`}`
  return outcome === 'failed' ? [line, ...frames.slice(-MOST_FRAMES).map((frame) => `         ${frame}`)] : [line]
}

/** The last line of a run. */
export function totals(report: { passed: number; failed: number; skipped: number }): string {
  return `${report.passed} passed, ${report.failed} failed, ${report.skipped} skipped`
}
