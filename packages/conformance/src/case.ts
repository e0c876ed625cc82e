/** One thing that a peer must do, tried on one that runs. */
export interface ConformanceCase<Context, Need extends string> {
  /** The rule that it proves before all, a dot, and what of it: `AUTH-2.wrong-password`. */
  readonly id: string
  /** Every rule that a failure may speak of, the id's own first. */
  readonly rules: readonly string[]
  readonly title: string
  /** What must be there; where it is not, the case is skipped with that as the reason. */
  readonly needs: readonly Need[]
  /**
   * `slow` waits for seconds and runs beside the others. `alone` uses up what others of its user need, or measures time:
   * beside it there are at most slow ones that wait. `last` counts all that is open, uses up what is counted by address,
   * or ends the peer: all others are done by then.
   */
  readonly pace: 'quick' | 'slow' | 'alone' | 'last'
  /** Throws {@link CaseFailure} where the rule is broken, {@link CaseSkip} where nothing can be said. */
  readonly run: (context: Context) => Promise<void>
}

/** What a case may be told beside its title and its work. */
export interface CaseOptions<Need extends string> {
  readonly also?: readonly string[]
  readonly needs?: readonly Need[]
  readonly pace?: ConformanceCase<never, never>['pace']
}

const ID = /^([A-Z]+-\d+)\.[a-z0-9-]+$/

/** Makes a case; the rule is read from the id. */
export function defineCase<Context, Need extends string>(
  id: string,
  title: string,
  options: CaseOptions<Need>,
  run: (context: Context) => Promise<void>,
): ConformanceCase<Context, Need> {
  const [, rule] = ID.exec(id) ?? []
  if (rule === undefined) throw new TypeError(`expected a case id such as AUTH-2.wrong-password, got ${id}`)
  const { also = [], needs = [], pace = 'quick' } = options
  return { id, rules: [rule, ...also], title, needs, pace, run }
}

/** What became of a case. */
export interface CaseResult {
  readonly id: string
  readonly rules: readonly string[]
  readonly title: string
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** Why it failed or was skipped; empty where it passed. */
  readonly reason: string
  readonly milliseconds: number
  /** What was sent and what came, oldest first, one line each. */
  readonly frames: readonly string[]
}
