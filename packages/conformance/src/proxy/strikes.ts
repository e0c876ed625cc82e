import type { Milliseconds } from '@arclight/core'
import type { Frame } from './frame.ts'
import type { Rule, Where } from './rule.ts'

/** Decides which rules strike a frame; counts for as long as the rules are the same. */
export class Strikes {
  readonly #rules: readonly { readonly rule: Rule; matched: number }[]
  readonly #random: () => number

  constructor(rules: readonly Rule[], random: () => number) {
    this.#rules = rules.map((rule) => ({ rule, matched: 0 }))
    this.#random = random
  }

  /** The rules that strike, in their order. `age` is how long the frame's connection has been open. */
  of(frame: Frame, age: Milliseconds): Rule[] {
    const struck: Rule[] = []
    for (const counted of this.#rules) {
      const { count, after = 0, probability = 1 } = counted.rule.when ?? {}
      if (!fits(frame, counted.rule.where ?? {}) || age < after) continue
      counted.matched += 1
      if (count && ('nth' in count ? counted.matched !== count.nth : counted.matched % count.every !== 0)) continue
      if (probability < 1 && this.#random() >= probability) continue
      struck.push(counted.rule)
    }
    return struck
  }
}

function fits(frame: Frame, { direction, kind, type, channel }: Where): boolean {
  return (
    (direction === undefined || direction === frame.direction) &&
    (kind === undefined || kind === frame.kind) &&
    (type === undefined || type === frame.type) &&
    (channel === undefined || channel === frame.channel)
  )
}
