/** How far a user has read a channel. */
export interface StoredMarker {
  readonly channel: string
  readonly seq: number
  /** Of the newest message at or below `seq`; 0 for none. */
  readonly ordinal: number
  /** Messages above `seq` that mention the user. */
  readonly mentions: number
}

/** The users' read markers. */
export interface ReadRepository {
  /** Moves the marker to `seq`, or to the head where that is lower; never back. The marker as it is then, undefined for an unknown channel. */
  mark(user: string, channel: string, seq: number): Promise<(StoredMarker & { readonly moved: boolean }) | undefined>
  /** The user's markers of these channels; a channel that they never read has seq and ordinal 0. */
  markers(user: string, channels: readonly string[]): Promise<readonly StoredMarker[]>
}
