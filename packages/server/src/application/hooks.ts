import type { Account, Clock } from '@arclight/core'
import type { Logger } from '../log.ts'
import { SECRET_TYPES } from './hook.ts'
import { HookedRequest, type Work } from './hooked-request.ts'

/** A request on its way to its handler, its data checked. */
export interface Asking {
  readonly type: string
  /** Of a request of a family, whose type is `family`. */
  readonly name?: string
  readonly data: unknown
  readonly user: Account
  readonly local: boolean
}

/** A hook whose types are not known any more. */
export type AnyHook = (request: Asking, next: (data?: unknown) => Promise<unknown>) => unknown

const SECRET: readonly string[] = SECRET_TYPES

/** The application's hooks, in the order in which they were added. */
export class Hooks {
  readonly #parts: { clock: Clock; log: Logger }
  #hooks: readonly ((type: string) => AnyHook | undefined)[] = []

  constructor(parts: { clock: Clock; log: Logger }) {
    this.#parts = parts
  }

  /** Adds a hook for every request; returns the undo. Requests under way do not notice. */
  add(hook: AnyHook): () => void {
    return this.#add(() => hook)
  }

  /** Adds a hook for each of some types; returns the undo. */
  addByType(hooks: Readonly<Record<string, AnyHook>>): () => void {
    const byType = new Map(Object.entries(hooks))
    return this.#add((type) => byType.get(type))
  }

  /** Answers a request by its handler, with the hooks before it. Throws Refusal. */
  answer(asking: Asking, work: Work): unknown {
    if (this.#hooks.length === 0 || SECRET.includes(asking.type)) return work.run(asking.data)
    const hooks = this.#hooks.map((find) => find(asking.type)).filter((hook) => hook !== undefined)
    if (hooks.length === 0) return work.run(asking.data)
    return new HookedRequest({ ...this.#parts, hooks, asking, work }).answer()
  }

  #add(find: (type: string) => AnyHook | undefined): () => void {
    this.#hooks = [...this.#hooks, find]
    return () => {
      this.#hooks = this.#hooks.filter((one) => one !== find)
    }
  }
}
