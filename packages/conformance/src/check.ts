import { isDeepStrictEqual } from 'node:util'

const MOST_SHOWN = 400

/** A rule is broken: says what was expected and what came. */
export class CaseFailure extends Error {
  override readonly name = 'CaseFailure'

  static unlike(expected: string, came: unknown): CaseFailure {
    return new CaseFailure(`expected ${expected}; came ${shown(came)}`)
  }
}

/** Nothing can be said: the case is skipped with the reason. */
export class CaseSkip extends Error {
  override readonly name = 'CaseSkip'
}

/** What came, short enough for a line; bytes as hex. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value instanceof Uint8Array) return `${value.length} bytes ${Buffer.from(value.subarray(0, 48)).toString('hex')}`
  const text = masked(JSON.stringify(value) ?? String(value))
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text
}

/** A report is passed on: what opens an account does not stand in it. */
export function masked(text: string): string {
  return text
    .replace(/"(token|password|claim|secret)":"(?:[^"\\]|\\.)*"/g, '"$1":"…"')
    .replace(/([?&]sign=)[^&"\s]+/g, '$1…')
}

/** Fails with `expected` unless `holds`. */
export function checkThat(holds: boolean, expected: string, came: unknown): asserts holds {
  if (!holds) throw CaseFailure.unlike(expected, came)
}

/** Fails unless `came` is `expected`, all the way down. */
export function checkEqual(came: unknown, expected: unknown, what: string): void {
  if (!isDeepStrictEqual(came, expected)) throw CaseFailure.unlike(`${what} to be ${shown(expected)}`, came)
}

/** Fails unless `came` has every field of `expected`, all the way down; what it has beside them does not matter. */
export function checkHas(came: unknown, expected: object, what: string): void {
  if (!has(came, expected)) throw CaseFailure.unlike(`${what} to have ${shown(expected)}`, came)
}

function has(came: unknown, expected: unknown): boolean {
  if (typeof expected !== 'object' || expected === null || Array.isArray(expected)) {
    return isDeepStrictEqual(came, expected)
  }
  if (typeof came !== 'object' || came === null) return false
  return Object.entries(expected).every(([key, value]) => has((came as Record<string, unknown>)[key], value))
}
