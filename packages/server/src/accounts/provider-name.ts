import { userName } from '@arclight/core/protocol'
import * as z from 'zod/mini'

const MOST = 32
const NOBODY = 'user'

/** A name that a user may have here, after the first of some that gives one; `ending` stands at its end. */
export function nameAfter(names: readonly string[], ending = ''): string {
  for (const name of names) {
    const plain = name.replace(/\p{C}/gu, '').replace(/\s+/gu, ' ').trim()
    const cut = [...plain].slice(0, MOST)
    while (cut.join('').length + ending.length > MOST) cut.pop()
    const fitting = `${cut.join('').trim()}${ending}`
    if (z.safeParse(userName, fitting).success) return fitting
  }
  return `${NOBODY}${ending}`
}
