/** One command of `npx @arclight/conformance`. */
export interface Command {
  readonly name: string
  /** Its flags, for whoever asks. */
  readonly usage: string
  /** Runs it; resolves with the exit code. */
  run(flags: readonly string[]): Promise<number>
}

/** What was asked for cannot be done as it was said: the message is for a person. */
export class UsageError extends Error {}
