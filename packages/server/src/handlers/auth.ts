import type { Account } from '@arclight/core'
import type { StoredSession } from '@arclight/core/contracts'
import { type Authenticated, CLOSE, type SessionSummary } from '@arclight/core/protocol'
import type { Identity } from '../accounts/sessions.ts'
import type { Caller, Handler, Services, Stranger } from './handler.ts'

const ENDED = { code: CLOSE.revoked, reason: 'the session was ended' }

/** The connection is the identity's from here on; what it is told. */
export function authenticated(identity: Identity, { sessions, blocks }: Services): Authenticated {
  const { account } = identity
  const blocked = blocks.of(account.id)
  return { user: account, ...sessions.grant(identity), ...(blocked.length === 0 ? {} : { blocked }) }
}

export const register: Handler<'auth.register', Stranger> = async (data, stranger, services) => {
  const account = await services.accounts.register({ ...data, local: stranger.local })
  return enter(account, data.label, stranger, services)
}

export const guest: Handler<'auth.guest', Stranger> = async ({ name, label }, stranger, services) => {
  return enter(await services.guests.enter(name), label, stranger, services)
}

export const login: Handler<'auth.login', Stranger> = async (data, stranger, services) => {
  services.secondFactors.attempt(data.name)
  return enter(await services.accounts.login(data), data.label, stranger, services)
}

export const jwt: Handler<'auth.jwt', Stranger> = async (data, stranger, services) => {
  return enter(await services.identities.byToken(data.token), data.label, stranger, services)
}

export const code: Handler<'auth.code', Stranger> = async (data, stranger, services) => {
  return enter(await services.codes.take(data.code, data.verifier), data.label, stranger, services)
}

/** A new session; none where the connection cannot have it. */
export async function enter(
  account: Account,
  label: string | undefined,
  stranger: Stranger,
  services: Services,
): Promise<Authenticated> {
  const identity = await services.sessions.open(account, label)
  try {
    stranger.authenticate(identity)
  } catch (error) {
    // The refusal goes first: the connection may close with the next reply. A session that stays ends by itself.
    void services.sessions.revoke(account.id, identity.session).catch(() => {})
    throw error
  }
  for (const session of await services.sessions.trim(account.id)) services.live.end(session, ENDED)
  return authenticated(identity, services)
}

export const token: Handler<'auth.token', Stranger> = async (data, stranger, services) => {
  const identity = await services.sessions.byToken(data.token)
  stranger.authenticate(identity)
  return authenticated(identity, services)
}

export const refresh: Handler<'auth.refresh', Caller> = async ({ rotate }, caller, { sessions }) => {
  const identity = await sessions.refresh(caller.identity, rotate)
  caller.refreshed(identity)
  return sessions.grant(identity)
}

export const sessions: Handler<'auth.sessions', Caller> = async (_data, { identity }, services) => {
  return { sessions: summariesOf(await services.sessions.list(identity.account.id), identity, services) }
}

/** Sessions as whoever asks sees them. */
export function summariesOf(
  sessions: readonly StoredSession[],
  { session: own }: Identity,
  { live }: Pick<Services, 'live'>,
): SessionSummary[] {
  return sessions.map((one) => ({ ...one, current: one.id === own, connections: live.count(one.id) }))
}

export const revoke: Handler<'auth.revoke', Caller> = async ({ session }, caller, services) => {
  await end(session, caller, services)
  return {}
}

export const logout: Handler<'auth.logout', Caller> = async (_data, caller, services) => {
  await end(caller.identity.session, caller, services)
  return {}
}

/** All connections of the session end: the caller's own after the reply. */
async function end(session: string, caller: Caller, { sessions, live }: Services): Promise<void> {
  await sessions.revoke(caller.identity.account.id, session)
  live.end(session, ENDED, caller)
}
