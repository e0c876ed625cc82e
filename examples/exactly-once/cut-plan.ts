import { seededRandom } from '@arclight/core/testing'

/** Up to the server, or down to the client. */
export type Way = 'up' | 'down'

/** One cut, planned before anything runs. */
export interface Cut {
  /** How many messages the cut one has handed over when the counting of bytes begins. */
  readonly message: number
  readonly way: Way
  /** Bytes that still pass that way: the cut falls between two of them, whatever frame they are of. */
  readonly bytes: number
  /** `close` ends the sockets, `reset` with an RST; `stall` lets no byte pass any more, and ends them later. */
  readonly manner: 'close' | 'reset' | 'stall'
  /** How many bytes of all the connections pass during a stall. */
  readonly stalledBytes: number
  /** Whether every connection goes with it. */
  readonly everywhere: boolean
}

/** Up to which part of its messages somebody is cut, so that every cut still finds some to cut. */
const LAST_PART = 0.95
const MOST_BYTES: Readonly<Record<Way, number>> = { up: 2_000, down: 12_000 }
const MOST_STALLED_BYTES = 40_000
const RESETS = 0.2
const STALLS = 0.3
const EVERYWHERE = 0.1

/** The cuts of each of `people`, who hand over `share` messages each; the same for the same seed. */
export function planCuts(options: { cuts: number; people: number; share: number; seed: number }): Cut[][] {
  const { cuts, people, share, seed } = options
  const random = seededRandom(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const plan: Cut[][] = Array.from({ length: people }, () => [])
  for (let count = 0; count < cuts; count++) {
    const way: Way = random() < 0.5 ? 'up' : 'down'
    const dice = random()
    plan[count % people]?.push({
      message: below(share * LAST_PART),
      way,
      bytes: below(MOST_BYTES[way]),
      manner: dice < RESETS ? 'reset' : dice < RESETS + STALLS ? 'stall' : 'close',
      stalledBytes: below(MOST_STALLED_BYTES),
      everywhere: random() < EVERYWHERE,
    })
  }
  for (const one of plan) one.sort((first, second) => first.message - second.message)
  return plan
}
