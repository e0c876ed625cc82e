import type { Client } from '@arclight/client-node'

/** Makes a bot, gives it another token, and ends it. */
export async function oneBotsLife(owner: Client): Promise<string[]> {
  const { bot, token } = await owner.request('bot.create', { name: 'helper' })
  const { bots } = await owner.request('bot.list', {})
  const renewed = await owner.request('bot.renew', { bot: bot.id }) // ends `token` and its connections
  await owner.request('bot.delete', { bot: bot.id })
  return [token, renewed.token, ...bots.map(({ name }) => name)]
}

/** Makes a webhook of each direction. Their secrets are shown here and nowhere else. */
export async function makeWebhooks(owner: Client, url: string) {
  const builds = await owner.request('webhook.create', { channel: 'general', direction: 'in', name: 'builds' })
  const archive = await owner.request('webhook.create', { channel: 'general', direction: 'out', url })
  return { builds, archive }
}

/** The addresses whose receivers have taken nothing, and since when. */
export async function failing(owner: Client): Promise<string[]> {
  const { webhooks } = await owner.request('webhook.list', {})
  return webhooks.flatMap(({ url, failingSince }) =>
    failingSince === undefined ? [] : [`${url} since ${new Date(failingSince).toISOString()}`],
  )
}
