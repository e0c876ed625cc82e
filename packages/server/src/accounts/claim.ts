/** The single-use code that makes the first account the owner. */
export interface Claim {
  /** Whether `code` is the current one; a code that fits is spent. */
  redeem(code: string): Promise<boolean>
}
