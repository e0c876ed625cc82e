import type { Identity } from '../accounts/accounts.ts'
import type { Caller, Handler, Stranger } from './handler.ts'

function authenticated({ account, token }: Identity): { user: Identity['account']; token: string } {
  return { user: account, token }
}

export const register: Handler<'auth.register', Stranger> = async (data, stranger, { accounts }) => {
  const identity = await accounts.register({ ...data, local: stranger.local })
  stranger.authenticate(identity)
  return authenticated(identity)
}

export const login: Handler<'auth.login', Stranger> = async (data, stranger, { accounts }) => {
  const identity = await accounts.login(data)
  stranger.authenticate(identity)
  return authenticated(identity)
}

export const token: Handler<'auth.token', Stranger> = async (data, stranger, { accounts }) => {
  const identity = await accounts.byToken(data.token)
  stranger.authenticate(identity)
  return authenticated(identity)
}

export const logout: Handler<'auth.logout', Caller> = async (_data, caller, { accounts }) => {
  await accounts.revoke(caller.identity.tokenHash)
  caller.endSession()
  return {}
}
