import type { ConnectionError } from '../errors/connection-error.ts'
import type { SessionHello } from '../protocol/session.ts'
import type { Account } from '../protocol/user.ts'
import type { Milliseconds } from '../time/units.ts'

/** Where a client's connection stands. */
export type ConnectionState =
  /** Nothing was asked for yet, or a connection nobody had signed in on ended. */
  | { readonly name: 'idle' }
  | { readonly name: 'connecting'; readonly attempt: number }
  /** The server has spoken; authentication is due or under way. */
  | { readonly name: 'greeted'; readonly attempt: number; readonly hello: SessionHello }
  | { readonly name: 'live'; readonly hello: SessionHello; readonly user: Account }
  /** The server is about to close: what is under way is finished, the rest waits for the next connection. */
  | { readonly name: 'leaving'; readonly hello: SessionHello; readonly user: Account }
  /** Dropped; the next attempt comes at `retryAt` on the client's clock. */
  | { readonly name: 'waiting'; readonly attempt: number; readonly retryAt: Milliseconds; readonly reason: string }
  /** Over until the application logs in again, or for good after `close()`. */
  | { readonly name: 'closed'; readonly error: ConnectionError }
