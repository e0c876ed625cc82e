import type { Account, Clock } from '@arclight/core'
import type { Storage } from '@arclight/core/contracts'
import { type AuditEntry, LIMITS, type RequestData, type RequestType } from '@arclight/core/protocol'
import { createId } from '../accounts/token.ts'

/** Who did what by their permissions, and to whom. */
export class Audit {
  readonly #storage: Pick<Storage, 'accounts' | 'moderation'>
  readonly #clock: Clock
  #lastAt = 0

  constructor(parts: { storage: Pick<Storage, 'accounts' | 'moderation'>; clock: Clock }) {
    this.#storage = parts.storage
    this.#clock = parts.clock
  }

  /** Resolves once it is durable. `detail`: of the request, nothing secret. */
  async record(by: Pick<Account, 'id'>, action: RequestType, target: string, detail: object = {}): Promise<void> {
    const known = Object.fromEntries(Object.entries(detail).filter(([, value]) => value !== undefined))
    const id = await createId()
    await this.#storage.moderation.record({
      id,
      at: this.#nextAt(),
      by: by.id,
      action,
      target,
      ...(Object.keys(known).length === 0 ? {} : { detail: JSON.stringify(known) }),
    })
  }

  /** The newest first. */
  async list({ before, limit = LIMITS.page }: RequestData<'audit.list'>) {
    const { accounts, moderation } = this.#storage
    const { records, hasMore } = await moderation.audit({ before, limit })
    const users = new Map((await accounts.get([...new Set(records.map(({ by }) => by))])).map((one) => [one.id, one]))
    const entries = records.map(({ by, detail, ...record }): AuditEntry => {
      const user = users.get(by) ?? { id: by, name: '' }
      return {
        ...record,
        by: user,
        ...(detail === undefined ? {} : { detail: JSON.parse(detail) as AuditEntry['detail'] }),
      }
    })
    return { entries, hasMore }
  }

  /** No two have the same, so that their order is that in which they were done. */
  #nextAt(): number {
    this.#lastAt = Math.max(this.#clock.wall(), this.#lastAt + 1)
    return this.#lastAt
  }
}
