import { Turn } from '../src/delivery/turn.ts'

/** A turn that ends when the test says so. */
export class ManualTurn {
  readonly turn: Turn
  #runs: (() => void)[] = []

  constructor() {
    this.turn = new Turn((run) => this.#runs.push(run))
  }

  /** Turns that wait for their end. */
  get armed(): number {
    return this.#runs.length
  }

  end(): void {
    for (const run of this.#runs.splice(0)) run()
  }
}
