import type { Stage, StormOptions } from './stage.ts'

/** One figure of a storm. */
export interface Figure {
  readonly metric: string
  readonly unit: string
  readonly value: number
  /** What it should be at least; a figure without it is only told. */
  readonly atLeast?: number
}

/** What a storm came to. */
export interface Verdict {
  /** Everything lost, doubled, out of order or otherwise wrong, each in a sentence. */
  readonly faults: readonly string[]
  readonly figures: readonly Figure[]
}

/** Sums up. */
export function verdictOf(stage: Stage, options: StormOptions, found: readonly string[]): Verdict {
  const { people, network, repeats } = stage
  const most = (values: number[]): number => Math.round(Math.max(0, ...values))
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0)
  const faults = [...people.flatMap((one) => one.faults), ...found]
  if (stage.settled < options.messages)
    faults.push(`${stage.settled} of ${options.messages} messages were answered for`)
  if (network.made < options.cuts) faults.push(`${network.made} of ${options.cuts} cuts were made`)
  return {
    faults,
    figures: [
      { metric: 'messages answered for', unit: 'messages', value: stage.settled, atLeast: options.messages },
      { metric: 'cuts', unit: 'cuts', value: network.made, atLeast: options.cuts },
      { metric: 'connections that a cut ended', unit: 'connections', value: network.killed },
      { metric: 'restarts of the server', unit: 'restarts', value: stage.restarts },
      { metric: 'reconnects', unit: 'reconnects', value: sum(people.map(({ outages }) => outages.count)) },
      { metric: 'messages sent again', unit: 'messages', value: repeats.sent },
      { metric: 'of them stored before: answered, not stored again', unit: 'messages', value: repeats.answered },
      {
        metric: 'sends that a sign-out ended, handed over again',
        unit: 'messages',
        value: sum(people.map((one) => one.rejected)),
      },
      {
        metric: 'worst from a cut to live again',
        unit: 'ms',
        value: most(people.map(({ outages }) => outages.worstMs)),
      },
      {
        metric: 'worst from a restart to live again',
        unit: 'ms',
        value: most(people.map(({ outages }) => outages.worstRestartMs)),
      },
      { metric: 'duration', unit: 's', value: Math.round(stage.seconds) },
    ],
  }
}
