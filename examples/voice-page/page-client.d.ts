import type { WebClient } from '@arclight/client-web'

declare global {
  /** The page's client, for the console and for tests. */
  var arclight: WebClient | undefined
}
