import type { Caller, Handler } from './handler.ts'
import { requires } from './requires.ts'

export const create: Handler<'webhook.create', Caller> = async (data, caller, services) => {
  requires(caller, 'manageServer', services)
  return services.webhooks.create(caller.identity.account, data)
}

export const list: Handler<'webhook.list', Caller> = (_data, caller, services) => {
  requires(caller, 'manageServer', services)
  return { webhooks: services.webhooks.list() }
}

export const renew: Handler<'webhook.renew', Caller> = async ({ webhook }, caller, services) => {
  requires(caller, 'manageServer', services)
  return { secret: await services.webhooks.renew(webhook) }
}

export const end: Handler<'webhook.delete', Caller> = async ({ webhook }, caller, services) => {
  requires(caller, 'manageServer', services)
  await services.webhooks.end(webhook)
  return {}
}
