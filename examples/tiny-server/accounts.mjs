/** Accounts and sessions, in memory. */
import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { Refusal } from './protocol.mjs'

const LIFETIME_MS = 30 * 86_400_000
/** What an unknown name's password is held against, so that it takes the same work (AUTH-2). */
const NOBODY = { salt: randomBytes(16), hash: randomBytes(32) }
const accounts = new Map()
const sessions = new Map()
/** Hashes go two at a time, 32 wait, no more (AUTH-7). */
const lanes = [Promise.resolve(), Promise.resolve()]
let hashes = 0

const newId = () => randomBytes(9).toString('base64url')
const hashOf = (token) => createHash('sha256').update(token).digest('base64url')
const keyOf = (name) => name.normalize('NFKC').replace(/\s+/gu, ' ').toUpperCase().toLowerCase()

function hashPassword(password, salt) {
  if (hashes >= 34) throw new Refusal('rate_limited', { retryAfterMs: 1_000 })
  hashes++
  lanes.unshift(
    lanes
      .pop()
      .then(() => promisify(scrypt)(password, salt, 32))
      .finally(() => hashes--),
  )
  return lanes[0]
}

export async function register({ name, password, label }) {
  const [salt, user] = [randomBytes(16), { id: newId(), name, role: 'member' }]
  const hash = await hashPassword(password, salt)
  if (accounts.has(keyOf(name))) throw new Refusal('conflict')
  accounts.set(keyOf(name), { user, salt, hash })
  return open(user, label)
}

export async function login({ name, password, label }) {
  const { user, salt, hash } = accounts.get(keyOf(name)) ?? NOBODY
  const right = timingSafeEqual(await hashPassword(password, salt), hash)
  if (!user || !right) throw new Refusal('invalid_credentials')
  return open(user, label)
}

function open(user, label) {
  const [id, now] = [newId(), Date.now()]
  const session = { id, user, label, createdAt: now, usedAt: now, hashes: [], connections: new Set() }
  sessions.set(id, session)
  return { session, token: addToken(session) }
}
function addToken({ hashes }) {
  const token = randomBytes(32).toString('base64url')
  hashes.push(hashOf(token))
  return token
}

/** The session of a token; the newest, once used, is the only one that works (AUTH-9). */
export function byToken(token) {
  const session = [...sessions.values()].find((one) => one.hashes.includes(hashOf(token)))
  if (!session || session.usedAt + LIFETIME_MS <= Date.now()) throw new Refusal('unauthenticated')
  if (session.hashes.at(-1) === hashOf(token)) session.hashes = [hashOf(token)]
  session.usedAt = Date.now()
  return { session, token }
}

export function refresh(session, token, rotate) {
  session.usedAt = Date.now()
  if (rotate) session.hashes = [hashOf(token)]
  return rotate ? addToken(session) : token
}

/** What a client is told of its session (AUTH-3, AUTH-8). */
export const grant = ({ id: session, usedAt }, token) => {
  return { token, session, expiresAt: usedAt + LIFETIME_MS, refreshAt: usedAt + LIFETIME_MS / 2 }
}
export const list = (own) =>
  [...sessions.values()].flatMap(({ user, hashes, connections, ...session }) => {
    const more = { expiresAt: session.usedAt + LIFETIME_MS, current: session.id === own.id }
    return user === own.user ? [{ ...session, ...more, connections: connections.size }] : []
  })

/** Ends a session of the user's; returns its connections. */
export function revoke(user, id) {
  const session = sessions.get(id)
  if (session?.user !== user) throw new Refusal('not_found')
  sessions.delete(id)
  return [...session.connections]
}
