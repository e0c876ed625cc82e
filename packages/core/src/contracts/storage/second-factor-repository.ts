/** A second factor as it is stored: its secret is made of the server's key and the salt, and stored nowhere. */
export interface StoredSecondFactor {
  readonly salt: string
  /** Whether a log-in needs it; one that was begun and not confirmed does not count. */
  readonly counts: boolean
  /** The newest time step of which a code was accepted; 0 before the first. */
  readonly step: number
}

/** Second factors, and the hashes of recovery codes. `StoredAccount.secondFactor` says who has one that counts. */
export interface SecondFactorRepository {
  get(user: string): Promise<StoredSecondFactor | undefined>
  /** One that does not count yet, in the place of another that did not; false where one counts. */
  begin(user: string, salt: string): Promise<boolean>
  /** Makes the one of that salt count, with its recovery codes; false where there is none, or one counts already. */
  confirm(
    user: string,
    factor: { readonly salt: string; readonly step: number; readonly codeHashes: readonly string[] },
  ): Promise<boolean>
  /** Takes a time step, once and whoever asks at the same time; false where it or a newer one was taken, or none counts. */
  accept(user: string, step: number): Promise<boolean>
  /** Takes a recovery code away; false where there is none. */
  redeem(user: string, codeHash: string): Promise<boolean>
  /** Other recovery codes in the place of those before. */
  setCodes(user: string, codeHashes: readonly string[]): Promise<void>
  /** Ends it, with its recovery codes; false where there is none. */
  remove(user: string): Promise<boolean>
}
