import { createHash, randomBytes } from 'node:crypto'

const DAY_MS = 86_400_000

/**
 * Makes accounts, each with a session, by the storage's contract: a hundred passwords would take ten seconds to hash.
 * @param {import('@arclight/core/contracts').Storage} storage An open one.
 * @param {number} count
 */
export async function makeAccounts(storage, count) {
  const now = Date.now()
  const times = { createdAt: now, usedAt: now, expiresAt: now + DAY_MS }
  return Promise.all(
    Array.from({ length: count }, async (_, at) => {
      const [user, token] = [`user-${at}`, randomBytes(32).toString('base64url')]
      const account = { id: user, name: user, nameKey: user, role: /** @type {const} */ ('member'), passwordHash: '' }
      await storage.accounts.create({ ...account, createdAt: now })
      const tokenHash = createHash('sha256').update(token).digest('base64url')
      await storage.sessions.create({ id: `session-${at}`, user, tokenHash, ...times })
      return { user, token }
    }),
  )
}
