import type { Account, UserSummary } from '@arclight/core'

/** What everybody may know of an account. */
export function summaryOf({ id, name, displayName, bot, avatar }: Account): UserSummary {
  return {
    id,
    name,
    ...(displayName === undefined ? {} : { displayName }),
    ...(bot ? { bot } : {}),
    ...(avatar === undefined ? {} : { avatar }),
  }
}
