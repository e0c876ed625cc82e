import type { Storage } from '@arclight/core/contracts'
import { memoryStorage } from '@arclight/server'

/** A storage of which some calls wait until the test lets them go. */
export interface HeldStorage {
  readonly storage: Storage
  /** Resolves when `count` calls wait. */
  waiting(count: number): Promise<void>
  /** Lets every call that waits go, in one turn, and those that come later. */
  release(): void
}

/** What may be held back. */
export type HeldCall = 'byNameKey' | 'find' | 'page' | 'append'

/** The store in memory, holding back every call of one kind. */
export function heldStorage(kind: HeldCall): HeldStorage {
  const inner = memoryStorage()
  const held: (() => void)[] = []
  const watchers: { readonly count: number; readonly resolve: () => void }[] = []
  let open = false
  const gate = (): Promise<void> => {
    if (open) return Promise.resolve()
    return new Promise((resolve) => {
      held.push(resolve)
      for (const watcher of watchers) if (held.length >= watcher.count) watcher.resolve()
    })
  }
  const hold = <Parameters extends readonly unknown[], Result>(
    name: HeldCall,
    call: (...parameters: Parameters) => Promise<Result>,
  ): ((...parameters: Parameters) => Promise<Result>) => {
    if (name !== kind) return call
    return async (...parameters) => {
      const result = await call(...parameters)
      await gate()
      return result
    }
  }
  const { accounts, log, sessions } = inner
  return {
    storage: {
      ...inner,
      accounts: { ...accounts, byNameKey: hold('byNameKey', accounts.byNameKey) },
      sessions: { ...sessions, find: hold('find', sessions.find) },
      log: { ...log, append: hold('append', log.append), page: hold('page', log.page) },
    },
    waiting: (count) =>
      held.length >= count ? Promise.resolve() : new Promise((resolve) => watchers.push({ count, resolve })),
    release: () => {
      open = true
      for (const resolve of held.splice(0)) resolve()
    },
  }
}
