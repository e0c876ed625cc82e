import type { Caller, Handler } from './handler.ts'
import { requires } from './requires.ts'

export const create: Handler<'bot.create', Caller> = async ({ name }, caller, services) => {
  requires(caller, 'manageServer', services)
  return services.bots.create(name)
}

export const list: Handler<'bot.list', Caller> = async (_data, caller, services) => {
  requires(caller, 'manageServer', services)
  return { bots: [...(await services.bots.list())] }
}

export const renew: Handler<'bot.renew', Caller> = async ({ bot }, caller, services) => {
  requires(caller, 'manageServer', services)
  return { token: await services.bots.renew(bot) }
}

export const end: Handler<'bot.delete', Caller> = async ({ bot }, caller, services) => {
  requires(caller, 'manageServer', services)
  const { bots, webhooks } = services
  await bots.end(bot)
  await webhooks.endOf({ bot })
  return {}
}
