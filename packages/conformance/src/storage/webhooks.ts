import type { StoredWebhook } from '@arclight/core/contracts'
import { expect, test } from 'vitest'
import { AT, accountOf, type Scene, type Within } from './scene.ts'

/** What `WebhookRepository` promises. */
export function webhookTests(within: Within): void {
  test(
    'webhooks are kept as they were made and listed, the newest first',
    within(async (scene) => {
      const { webhooks, accounts } = scene.storage
      const bot = `${scene.id}-bot`
      await accounts.create(accountOf(bot, { bot: true, passwordHash: '' }))
      const cursor = { epoch: 'e1', seq: 5_000_000_000 }
      const out = webhookOf(scene, 'out', { url: 'https://example.org/?a=1&b=%20', cursor, failingSince: AT + 5 })
      await webhooks.create(out)
      const { bot: _, ...incoming } = webhookOf(scene, 'in', { createdAt: AT + 1, generation: 3 })
      await webhooks.create({ ...incoming, bot })
      expect(await listed(scene)).toEqual([{ ...incoming, bot: { id: bot, name: bot, bot: true } }, out])
    }),
  )

  test(
    'renewing counts the secrets',
    within(async (scene) => {
      const { webhooks } = scene.storage
      const hook = webhookOf(scene, 'out', { url: 'https://example.org' })
      await webhooks.create(hook)
      expect(await webhooks.renew(hook.id)).toEqual({ ...hook, generation: 2 })
      const both = await Promise.all([webhooks.renew(hook.id), webhooks.renew(hook.id)])
      expect(both.map((renewed) => renewed?.generation).sort()).toEqual([3, 4])
      expect(await webhooks.renew('no such webhook')).toBeUndefined()
      expect(await listed(scene)).toEqual([{ ...hook, generation: 4 }])
    }),
  )

  test(
    'progress is kept, and that a receiver takes nothing until it does again',
    within(async (scene) => {
      const { webhooks } = scene.storage
      const hook = webhookOf(scene, 'out', { url: 'https://example.org' })
      await webhooks.create(hook)
      const cursor = { epoch: 'e2', seq: 7 }
      await webhooks.progress(hook.id, { cursor, failingSince: AT + 1 })
      expect(await listed(scene)).toEqual([{ ...hook, cursor, failingSince: AT + 1 }])
      await webhooks.progress(hook.id, { cursor, failingSince: undefined })
      expect(await listed(scene)).toEqual([{ ...hook, cursor }])
      await expect(webhooks.progress('no such webhook', { cursor, failingSince: AT })).resolves.toBeUndefined()
    }),
  )

  test(
    'a webhook is removed once',
    within(async (scene) => {
      const { webhooks } = scene.storage
      const hook = webhookOf(scene, 'out', { url: 'https://example.org' })
      await webhooks.create(hook)
      expect(await webhooks.remove(hook.id)).toBe(true)
      expect(await webhooks.remove(hook.id)).toBe(false)
      expect(await listed(scene)).toEqual([])
    }),
  )
}

function webhookOf(
  { id, general }: Scene,
  direction: 'in' | 'out',
  more: Partial<Omit<StoredWebhook, 'bot'>>,
): Omit<StoredWebhook, 'bot'> & { bot?: never } {
  return { id: `${id}-${direction}`, direction, channel: general, generation: 1, createdAt: AT, ...more }
}

async function listed({ storage, general }: Scene): Promise<StoredWebhook[]> {
  return (await storage.webhooks.list()).filter(({ channel }) => channel === general)
}
