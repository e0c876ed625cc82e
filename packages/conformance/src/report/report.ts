import type { CaseResult } from '../case.ts'

/** What every form of report is made of. */
export interface Report {
  /** What was tried. */
  readonly url: string
  readonly results: readonly CaseResult[]
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly milliseconds: number
  /** Whether the run was ended before its time. */
  readonly aborted: boolean
}
