import type { CaseResult } from '../case.ts'

/** A name and its password. */
export interface Login {
  readonly name: string
  readonly password: string
}

/** Which server is tried, and with what. */
export interface ServerRunOptions {
  /** Where clients connect: `ws://host/arclight`. */
  readonly url: string
  /** Where the HTTP routes are; the origin of `url` unless told. */
  readonly httpUrl?: string | undefined
  /** An account to use; one is made where registration is open and none is given. */
  readonly user?: Login | undefined
  /** Another one, for what takes two users. */
  readonly user2?: Login | undefined
  /** The first-run code of a server that has no owner yet. */
  readonly claim?: string | undefined
  /** A certificate authority to trust beside the known ones, PEM. */
  readonly ca?: string | Buffer | undefined
  /** Families, rules or cases: `AUTH`, `SEND-2`, `SEND-2.repeat`. All unless told. */
  readonly only?: readonly string[] | undefined
  /** How long an expected frame may take, milliseconds; 5,000 unless told. */
  readonly timeoutMs?: number | undefined
  /**
   * `default`: the server keeps the rates and counts of PROTOCOL.md, so that a limit which does not show is a failure.
   * With `any`, which it is unless told, such a case is skipped: an operator may change them or switch them off.
   */
  readonly limits?: 'any' | 'default' | undefined
  /** Whether cases may write megabytes into a channel's log. */
  readonly heavy?: boolean | undefined
  /** Where the kit itself takes webhooks, on this machine: an http URL that the server's operator lets it post to. */
  readonly receiver?: string | undefined
  /** Asks the server to go away (SIGTERM), for the last case. */
  readonly stop?: (() => unknown) | undefined
  /** Called with each result as it is known. */
  readonly onResult?: ((result: CaseResult) => void) | undefined
  /** Called where a case, or the run, waits for a rate that an earlier run has used up. */
  readonly onWait?: ((why: string, milliseconds: number) => void) | undefined
  /** Ends the run; what was done by then is reported. */
  readonly signal?: AbortSignal | undefined
}
