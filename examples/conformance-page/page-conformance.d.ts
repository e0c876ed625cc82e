import type { localStorageTokens } from '@arclight/client-web'
import type { DrivenClient, Told } from '@arclight/conformance/client'

/** What the test sees of the page. */
export interface ConformancePage {
  /** Makes a client; what it tells is told under its name. */
  create(name: string, settings: { readonly url: string; readonly requestMs?: number | undefined }): DrivenClient
  readonly localStorageTokens: typeof localStorageTokens
}

declare global {
  var conformancePage: ConformancePage
  /** Puts what a client tells where the test is. */
  var told: (name: string, what: Told) => Promise<void>
}
