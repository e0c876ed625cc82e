import type { Caller, Handler } from './handler.ts'

export const set: Handler<'presence.set', Caller> = ({ status }, { identity }, { presence }) => {
  presence.set(identity.account.id, status)
  return {}
}

export const watch: Handler<'presence.watch', Caller> = (_data, { outgoing }, { presence }) => presence.watch(outgoing)

export const unwatch: Handler<'presence.unwatch', Caller> = (_data, { outgoing }, { presence }) => {
  presence.unwatch(outgoing)
  return {}
}
