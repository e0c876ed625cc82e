/** What Postgres calls a row that is there already. */
const UNIQUE_VIOLATION = '23505'

/** What is the operator's to mend, by the code of the error. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the database cannot be reached: nothing listens there',
  ENOTFOUND: 'the database cannot be reached: its host has no address',
  EHOSTUNREACH: 'the database cannot be reached: there is no way to its host',
  ETIMEDOUT: 'the database cannot be reached: it does not answer',
  '28000': 'the database refuses the user',
  '28P01': 'the database refuses the user or the password',
  '3D000': 'there is no such database',
  '42501': 'the user of the database may not make tables there',
  '53300': 'the database has no connection left',
  '57P03': 'the database is starting or stopping',
}

/** The sentence for an error; its own message where there is none. Neither holds the password. */
export function sentenceOf(error: unknown): string {
  const reason = REASONS[codeOf(error) ?? '']
  const message = error instanceof Error ? error.message : String(error)
  return reason === undefined ? message : message === '' ? reason : `${reason} (${message})`
}

export function isDuplicate(error: unknown): boolean {
  return codeOf(error) === UNIQUE_VIOLATION
}

/** Whether the error is the database's answer to a statement: the connection that it came on is as good as before. */
export function isAnswer(error: unknown): boolean {
  return /^[0-9A-Z]{5}$/.test(codeOf(error) ?? '')
}

/** SQLSTATE, or what Node names; of an attempt at several addresses, the first's. */
function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
