/** How a promise stands: `pending` until it is settled. */
export interface Outcome<Value> {
  status: 'pending' | 'fulfilled' | 'rejected'
  value?: Value
  error?: unknown
}

/** Follows a promise without awaiting it; a rejection counts as handled. */
export function outcomeOf<Value>(promise: Promise<Value>): Outcome<Value> {
  const outcome: Outcome<Value> = { status: 'pending' }
  promise.then(
    (value) => Object.assign(outcome, { status: 'fulfilled', value }),
    (error: unknown) => Object.assign(outcome, { status: 'rejected', error }),
  )
  return outcome
}
