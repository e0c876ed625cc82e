import type { Permission } from '@arclight/core/protocol'
import { may } from '../permissions/may.ts'
import { Refusal } from '../refusal.ts'
import type { Caller, Services } from './handler.ts'

/** Throws `forbidden` for whoever may not do that on this server. */
export function requires({ identity }: Caller, to: Permission, { standings }: Pick<Services, 'standings'>): void {
  if (!may(standings.who(identity.account.id), { to })) {
    throw new Refusal('forbidden', `that takes the permission ${to}, which you do not have here`)
  }
}
