/** Whose messages: one account of one server. What one scope keeps, no other is ever given. */
export interface OutboxScope {
  /** The server's WebSocket address. */
  readonly server: string
  /** The account's id. */
  readonly user: string
}

/** A message that the server has not answered for yet. */
export interface OutboxEntry {
  readonly clientId: string
  readonly channel: string
  readonly text: string
  /** The `seq` of the message that it answers. */
  readonly replyTo?: number | undefined
  /** Ids of the users that it mentions. */
  readonly mentions?: readonly string[] | undefined
  /** Ids of its files. */
  readonly attachments?: readonly string[] | undefined
  /** When it was written: wall time in milliseconds. */
  readonly at: number
}

/**
 * Where messages wait that shall outlive their client: a reload, a crash, a closed tab. The clients of one account
 * that share a store have a lane each, so that exactly one living client sends each message.
 */
export interface OutboxStore {
  /**
   * Opens a lane for one client, which owns what it puts there for as long as it lives. Tells `events` what clients
   * that are gone have left before it resolves. Rejects where nothing can be kept, having adopted nothing: the client
   * then keeps its messages in memory and says why.
   */
  open(scope: OutboxScope, events: OutboxLaneEvents): Promise<OutboxLane>
}

/** What a lane tells its client. */
export interface OutboxLaneEvents {
  /**
   * These are this lane's from now on, and nobody else's: what clients that are gone have left, in the order in which
   * each of them put it. Called once for each entry; later too, where the store notices that another client has gone.
   */
  adopted(entries: readonly OutboxEntry[]): void
}

/** One client's own part of a store. Calls take effect in the order in which they are made, awaited or not. */
export interface OutboxLane {
  /** Keeps an entry, whole, behind those before it; resolves when it would survive the client. Rejects where it would not. */
  put(entry: OutboxEntry): Promise<void>
  /** Forgets an entry. One that is not there is no error. */
  remove(clientId: string): Promise<void>
  /** Ends the ownership after what was called before: what is left is the next lane's to adopt. */
  close(): Promise<void>
}
