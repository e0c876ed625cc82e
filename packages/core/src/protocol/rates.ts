/** `burst` at once, then `perSecond`; whoever has waited long enough has the whole burst again. */
export interface Rate {
  readonly burst: number
  readonly perSecond: number
}
