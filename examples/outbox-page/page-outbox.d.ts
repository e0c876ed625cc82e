import type { indexedDbOutbox, WebClient } from '@arclight/client-web'

/** What the test sees of the page. */
export interface OutboxPage {
  readonly client: WebClient
  readonly indexedDbOutbox: typeof indexedDbOutbox
  /** Why the outbox fell back to memory, each time. */
  readonly fallbacks: string[]
  /** Gives texts to the client in one go. */
  write(texts: readonly string[]): void
}

declare global {
  var outboxPage: OutboxPage
}
