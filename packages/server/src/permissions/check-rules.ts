import { Refusal } from '../refusal.ts'
import { may, type Who } from './may.ts'

/** Throws `forbidden` for a user whom the asking one may not rule over. */
export function checkRules(who: Who, user: Who): void {
  if (may(who, { to: 'rule', user })) return
  throw new Refusal('forbidden', 'that user stands as high as you do, or higher')
}
