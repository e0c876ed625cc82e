/**
 * A channel's entries of one turn, joined once: the same bytes for all who listen, never written to. Each connection
 * sends them as it has room, in whole entries.
 */
export interface EntryBlock {
  /** Text frames one after the other, headers included. */
  readonly bytes: Buffer
  /** Where in `bytes` each entry ends, rising. */
  readonly ends: readonly number[]
  /** The last entry's. */
  readonly seq: number
}

/** Joins the text frames of entries that follow each other; `seq` is the last one's. */
export function joinEntries(frames: readonly Buffer[], seq: number): EntryBlock {
  let end = 0
  const ends = frames.map((frame) => {
    end += frame.length
    return end
  })
  return { bytes: frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames, end), ends, seq }
}
