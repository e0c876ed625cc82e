/** One demand on what happened, with the figure that was seen. */
export interface Check {
  readonly what: string
  readonly seen: string
  readonly holds: boolean
}

/**
 * What is looked at when everything has happened: decoding and comparing take the thread for longer than a voice frame
 * may wait.
 */
export type Verdict = () => Promise<Check[]>

export function report(checks: readonly Check[]): boolean {
  for (const { what, seen, holds } of checks) console.log(`${holds ? 'ok    ' : 'FAILED'}  ${what}: ${seen}`)
  return checks.every(({ holds }) => holds)
}
