import type { Account, UserSummary } from '@arclight/core'

/** What everybody may know of an account. */
export function summaryOf({ id, name, displayName, deleted, bot, avatar }: Account): UserSummary {
  return {
    id,
    name,
    ...(displayName === undefined ? {} : { displayName }),
    ...(deleted ? { deleted } : {}),
    ...(bot ? { bot } : {}),
    ...(avatar === undefined ? {} : { avatar }),
  }
}
