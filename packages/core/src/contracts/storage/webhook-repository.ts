import type { UserSummary } from '../../protocol/user.ts'

/** A webhook as it is stored: its secret is not, it is derived from the server's key and `generation`. */
export interface StoredWebhook {
  readonly id: string
  readonly direction: 'in' | 'out'
  readonly channel: string
  /** Who writes what comes in. */
  readonly bot?: UserSummary | undefined
  readonly url?: string | undefined
  /** Counts the secrets, from 1. */
  readonly generation: number
  readonly createdAt: number
  /** Of an `out` webhook: the newest entry that its receiver has taken, in the log that `epoch` names. */
  readonly cursor?: { readonly epoch: string; readonly seq: number } | undefined
  readonly failingSince?: number | undefined
}

/** The webhooks. */
export interface WebhookRepository {
  create(webhook: Omit<StoredWebhook, 'bot'> & { readonly bot?: string | undefined }): Promise<void>
  /** The newest first. */
  list(): Promise<readonly StoredWebhook[]>
  /** Counts the generation up; undefined where there is no such webhook. */
  renew(id: string): Promise<StoredWebhook | undefined>
  /** How far its receiver is, and since when it takes nothing. */
  progress(
    id: string,
    progress: {
      readonly cursor: { readonly epoch: string; readonly seq: number }
      readonly failingSince: number | undefined
    },
  ): Promise<void>
  /** False where there is none. */
  remove(id: string): Promise<boolean>
}
