import type { OutboxEntry, OutboxLane, OutboxStore } from '@arclight/core/contracts'
import type { BrowserContext } from 'playwright-core'
import { OutboxTab } from './outbox-tab.ts'

/** The page's IndexedDB outbox as if it were here: a lane is a tab of its own. */
export function pageOutboxStore(context: BrowserContext, server: string, name: string): OutboxStore {
  return {
    open: async (scope, events) => {
      const { page } = await OutboxTab.open(context, server)
      await page.exposeFunction('adopted', (entries: OutboxEntry[]) => events.adopted(entries))
      const early = await page.evaluate(
        async ([database, opened]) => {
          const found: OutboxEntry[] = []
          let tell = (entries: readonly OutboxEntry[]): unknown => found.push(...entries)
          const adopted = (entries: readonly OutboxEntry[]): void => void tell(entries)
          const page = globalThis as unknown as { lane: OutboxLane; adopted: (entries: readonly OutboxEntry[]) => void }
          page.lane = await globalThis.outboxPage.indexedDbOutbox(database).open(opened, { adopted })
          tell = page.adopted
          return found
        },
        [name, scope] as const,
      )
      if (early.length > 0) events.adopted(early)
      const lane = await page.evaluateHandle(() => (globalThis as unknown as { lane: OutboxLane }).lane)
      return {
        put: (entry) => lane.evaluate((own, given) => own.put(given), entry),
        remove: (clientId) => lane.evaluate((own, given) => own.remove(given), clientId),
        close: () => lane.evaluate((own) => own.close()),
      }
    },
  }
}
