import type { Account, UserSummary } from '@arclight/core'

/** What everybody may know of an account. */
export function summaryOf({ id, name, bot, avatar }: Account): UserSummary {
  return { id, name, ...(bot ? { bot } : {}), ...(avatar === undefined ? {} : { avatar }) }
}
