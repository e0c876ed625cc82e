/** Rows in one statement. */
const MOST = 128

/**
 * Rows for one insert each: as many as a power of two. A batch of whatever size is so written with the same few
 * statements, which stay prepared.
 */
export function* powersOfTwo<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let from = 0; from < rows.length; ) {
    const count = Math.min(MOST, 2 ** Math.floor(Math.log2(rows.length - from)))
    yield rows.slice(from, from + count)
    from += count
  }
}

/** Values to look for, some at a time: the last one again and again up to a power of two, for the same reason. */
export function* padded<Value>(values: readonly Value[]): Generator<readonly Value[]> {
  for (let from = 0; from < values.length; from += MOST) {
    const some = values.slice(from, from + MOST)
    const count = 2 ** Math.ceil(Math.log2(some.length))
    yield [...some, ...Array<Value>(count - some.length).fill(some.at(-1) as Value)]
  }
}
