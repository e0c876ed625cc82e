import type { Attachment } from '@arclight/core'
import type { MessageAppend } from '@arclight/core/contracts'
import type { Kysely } from 'kysely'
import type { Dialect } from './dialect.ts'
import type { Tables } from './tables.ts'
import { toAttachment, type UploadRow } from './uploads.ts'

/** Uploads of one statement. */
const SLICE = 500

/** The uploads that the messages of one batch name: each goes to one message of its owner's. */
export class FreeUploads {
  readonly #db: Kysely<Tables>
  readonly #free: Map<string, UploadRow>

  private constructor(db: Kysely<Tables>, free: Map<string, UploadRow>) {
    this.#db = db
    this.#free = free
  }

  /** Reads those that are ready, and keeps them from everybody else until the transaction ends. */
  static async open(
    db: Kysely<Tables>,
    { appends, lock }: { appends: readonly MessageAppend[]; lock: Dialect['lock'] },
  ): Promise<FreeUploads> {
    const ids = [...new Set(appends.flatMap(({ attachments = [] }) => attachments))]
    const free = new Map<string, UploadRow>()
    for (let from = 0; from < ids.length; from += SLICE) {
      const rows = await db
        .selectFrom('upload')
        .selectAll()
        .where('id', 'in', ids.slice(from, from + SLICE))
        .where('state', '=', 'ready')
        .where('purpose', '=', 'attachment')
        .orderBy('id')
        .$if(lock === 'rows', (some) => some.forUpdate())
        .execute()
      for (const row of rows) free.set(row.id, row)
    }
    return new FreeUploads(db, free)
  }

  /** What a message names, which nobody else gets from here on; undefined where any of it is not its author's to have. */
  take({ author, attachments = [] }: MessageAppend): readonly Attachment[] | undefined {
    const rows = attachments.map((id) => this.#free.get(id))
    if (!rows.every((row) => row?.owner === author)) return undefined
    for (const id of attachments) this.#free.delete(id)
    return rows.filter((row) => row !== undefined).map(toAttachment)
  }

  /** Messages that are written get what was taken for them. */
  async give(
    messages: readonly { readonly channel: string; readonly seq: number; readonly attachments: string | null }[],
  ): Promise<void> {
    for (const { channel, seq, attachments } of messages) {
      if (attachments === null) continue
      const ids = (JSON.parse(attachments) as Attachment[]).map(({ id }) => id)
      await this.#db.updateTable('upload').set({ state: 'used', channel, seq }).where('id', 'in', ids).execute()
    }
  }
}
