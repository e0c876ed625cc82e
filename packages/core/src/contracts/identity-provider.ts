/** Whom an identity provider knows. */
export interface ExternalIdentity {
  /** The provider: the `iss` of its tokens. */
  readonly issuer: string
  /** The provider's own id of the user, `sub`: the same for ever, and nobody else's. */
  readonly subject: string
  /** What the user would like to be called, the best first. */
  readonly names: readonly string[]
}

/** Tells whom a token of another system is about: the second way to sign in. */
export interface TokenVerifier {
  /** Undefined where the token is not good. Rejects where that cannot be told now, since the provider does not answer. */
  verify(token: string): Promise<ExternalIdentity | undefined>
}

/** Signs users in at a provider's own page, by redirects. */
export interface SignInProvider {
  /** The address to send the browser to. `memo` comes back with `finish`; it is sealed on its way. */
  start(memo: string): Promise<string>
  /**
   * Whom the provider says it is, and the memo; `query` is of the address that the browser came back to. Undefined where the user
   * declined, or the query is none that `start` led to within its time. Rejects where the provider does not answer.
   */
  finish(query: string): Promise<{ readonly identity: ExternalIdentity; readonly memo: string } | undefined>
}
