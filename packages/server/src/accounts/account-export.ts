import type { Clock } from '@arclight/core'
import type { Storage, StoredUpload } from '@arclight/core/contracts'
import { LIMITS } from '@arclight/core/protocol'
import type { Channels } from '../channels/channels.ts'
import { filePath } from '../http/files.ts'
import { recordingPath } from '../http/recordings.ts'
import type { RateLimiter } from '../limits/rate-limiter.ts'
import type { Standings } from '../permissions/standings.ts'
import { toRole } from '../permissions/standings.ts'
import { Refusal } from '../refusal.ts'

/** What an export is made of. */
export interface AccountExportParts {
  readonly storage: Storage
  readonly clock: Clock
  readonly channels: Pick<Channels, 'list'>
  readonly standings: Pick<Standings, 'who' | 'get'>
  readonly rates: Pick<RateLimiter, 'admit'>
}

/** One thing that the server has of a user. */
export interface ExportLine {
  readonly type: 'account' | 'role' | 'session' | 'invite' | 'upload' | 'recording' | 'read' | 'message' | 'end'
  readonly data: unknown
}

/** An export that has begun. */
export interface RunningExport {
  /** The name that its user signs in by. */
  readonly name: string
  /** Read at the pace of whoever takes them: a page of the store at a time is in memory. */
  readonly lines: AsyncGenerator<ExportLine, void, undefined>
  /** Has to be called, whatever became of it. */
  end(): void
}

/** What the server has of its users, for themselves. Throws Refusal. */
export class AccountExport {
  readonly #parts: AccountExportParts
  readonly #running = new Set<string>()

  constructor(parts: AccountExportParts) {
    this.#parts = parts
  }

  async begin(user: string): Promise<RunningExport> {
    const { storage, rates } = this.#parts
    if (this.#running.has(user)) {
      throw new Refusal('rate_limited', 'an export of yours is under way; wait until it has ended', {
        retryAfterMs: 1_000,
      })
    }
    rates.admit(`user ${user}`, 'account.export')
    this.#running.add(user)
    try {
      const stored = await storage.accounts.credentials(user)
      if (!stored) throw Refusal.notFound('user')
      const { passwordHash: _hash, ...account } = stored
      const end = () => void this.#running.delete(user)
      return { name: account.name, lines: this.#lines(user, account), end }
    } catch (error) {
      this.#running.delete(user)
      throw error
    }
  }

  async *#lines(user: string, account: object): AsyncGenerator<ExportLine, void, undefined> {
    const { storage, clock, channels, standings } = this.#parts
    const now = clock.wall()
    yield { type: 'account', data: account }
    const role = standings.get(standings.who(user).role.id)
    if (role) yield { type: 'role', data: toRole(role) }
    for (const session of await storage.sessions.byUser(user, now)) yield { type: 'session', data: session }
    for (const invite of await storage.invites.list(now)) {
      if (invite.by === user) yield { type: 'invite', data: invite }
    }
    for await (const upload of this.#uploads(user)) yield { type: 'upload', data: upload }
    for (const recording of await storage.recordings.byOwner(user, Number.MAX_SAFE_INTEGER)) {
      yield { type: 'recording', data: { ...recording, path: recordingPath(recording.id) } }
    }
    const ids = channels.list().map(({ id }) => id)
    for (const marker of await storage.reads.markers(user, ids))
      if (marker.seq > 0) yield { type: 'read', data: marker }
    let messages = 0
    for await (const message of this.#messages(user)) {
      messages++
      yield { type: 'message', data: message }
    }
    yield { type: 'end', data: { messages } }
  }

  async *#uploads(user: string): AsyncGenerator<StoredUpload & { readonly path: string }> {
    for (let after = ''; ; ) {
      const some = await this.#parts.storage.uploads.byOwner(user, after, LIMITS.page)
      for (const upload of some) yield { ...upload, path: filePath(upload.id, 'file') }
      after = some.at(-1)?.id ?? ''
      if (some.length < LIMITS.page) return
    }
  }

  async *#messages(user: string) {
    for (let after: { channel: string; clientId: string } | undefined; ; ) {
      const { messages, hasMore } = await this.#parts.storage.log.byAuthor(user, { after, limit: LIMITS.page })
      yield* messages
      after = messages.at(-1)
      if (!hasMore) return
    }
  }
}
