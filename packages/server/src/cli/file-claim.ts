import { timingSafeEqual } from 'node:crypto'
import { readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import type { Claim } from '../accounts/claim.ts'
import { createCode } from '../accounts/code.ts'
import { writePrivateFile } from './private-file.ts'

const VALID_MS = 15 * 60_000
/** Good for 15 minutes and from one machine, it is short. */
const GROUPS = 3

const stored = z.object({ code: z.string(), expiresAt: z.number() })

/** The first-run claim, in a file of the data folder: the program shows it, the server redeems it. */
export function fileClaim(dataDirectory: string, now: () => number = Date.now): Claim & { current(): Promise<string> } {
  const path = join(dataDirectory, 'claim.json')
  const read = async (): Promise<string | undefined> => {
    const text = await readFile(path, 'utf8').catch(() => undefined)
    if (text === undefined) return undefined
    const parsed = stored.safeParse(parsedJson(text))
    return parsed.success && parsed.data.expiresAt > now() ? parsed.data.code : undefined
  }
  return {
    /** The code that is good now; a new one where there is none. */
    current: async () => {
      const known = await read()
      if (known !== undefined) return known
      const code = createCode(GROUPS)
      await writePrivateFile(path, JSON.stringify({ code, expiresAt: now() + VALID_MS }))
      return code
    },
    redeem: async (code) => {
      const known = await read()
      if (known === undefined || !same(known, code.trim().toUpperCase())) return false
      // Whoever removes the file has the code: of several at once, one.
      return unlink(path).then(
        () => true,
        () => false,
      )
    },
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function same(known: string, given: string): boolean {
  const [one, other] = [Buffer.from(known), Buffer.from(given)]
  return one.length === other.length && timingSafeEqual(one, other)
}
