import type { localStorageTokens, signInAtProvider, takeProviderSignIn } from '@arclight/client-web'
import type { DrivenClient, Told } from '@arclight/conformance/client'
import type { Attachment } from '@arclight/core'
import type { SourceFrame, SourceTrack } from '@arclight/core/contracts'

/** What a source of the page gives. */
export type Heard =
  | { readonly samples: number[]; readonly at: number }
  | { readonly frame: Omit<SourceFrame, 'bytes'> & { readonly bytes: number[] } }
  | { readonly ended: true }

/** What the tests see of the page. Clients and sources go by the names that the test gives them. */
export interface ConformancePage {
  /** Makes a client; what it tells is told under its name. */
  create(name: string, settings: { readonly url: string; readonly requestMs?: number | undefined }): DrivenClient
  readonly localStorageTokens: typeof localStorageTokens
  readonly signInAtProvider: typeof signInAtProvider
  readonly takeProviderSignIn: typeof takeProviderSignIn
  /** Makes an account, and sends a file of so many bytes (at % 251) from the page. */
  upload(settings: {
    readonly url: string
    readonly account: { readonly name: string; readonly password: string }
    readonly name: string
    readonly size: number
  }): Promise<{ readonly file: Attachment; readonly link: string; readonly sent: readonly number[] }>
  /** Opens a source of sound; what it gives is heard under its name. */
  openSound(name: string): Promise<void>
  closeSound(name: string): Promise<void>
  /** A source of recordings with pictures and sound. */
  prepare(name: string): Promise<readonly SourceTrack[]>
  start(name: string): Promise<void>
  stop(name: string): Promise<void>
  /** Prepares the same source for another recording. */
  again(name: string): Promise<void>
  /** Its devices are gone. */
  end(name: string): void
}

declare global {
  var conformancePage: ConformancePage
  /** Puts what a client tells where the test is. */
  var told: (name: string, what: Told) => Promise<void>
  /** Puts what a source gives where the test is. */
  var heard: (name: string, what: Heard) => Promise<void>
}
