import { createHash } from 'node:crypto'
import { mkdir, readdir, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { OutboxEntry, OutboxLane, OutboxLaneEvents, OutboxScope, OutboxStore } from '@arclight/core/contracts'
import { Journal, type JournalEntry, readJournal } from './journal.ts'
import { createOwner, endOwner, lives } from './process-owner.ts'

/** What a {@link fileOutbox} is told. */
export interface FileOutboxOptions {
  /** Made where it is not there; for this user alone. */
  readonly directory: string
}

const SUFFIX = '.jsonl'

/**
 * Keeps messages in files, each written and synced before it counts as kept, so that they survive SIGKILL and a power
 * cut. Each client writes a file of its own; clients of several processes of one machine may share a directory. What a
 * process that is gone has left is taken up by the next client that opens, what a client that is closed has left at
 * once by another of its process.
 */
export function fileOutbox({ directory }: FileOutboxOptions): OutboxStore {
  const lanes = new Map<string, Set<FileLane>>()
  return {
    open: async (scope, events) => {
      const prefix = nameOf(scope)
      await mkdir(directory, { recursive: true, mode: 0o700 })
      const siblings = lanes.get(prefix) ?? new Set()
      lanes.set(prefix, siblings)
      const lane = await FileLane.open({ directory, prefix, events, siblings })
      siblings.add(lane)
      return lane
    },
  }
}

interface FileLaneParts {
  readonly directory: string
  readonly prefix: string
  readonly events: OutboxLaneEvents
  readonly siblings: Set<FileLane>
}

/** `<scope>.<owner>.jsonl` is a lane's own; `<scope>.<owner>.<number>.jsonl` what it has taken and not copied yet. */
class FileLane implements OutboxLane {
  readonly #parts: FileLaneParts
  readonly #owner: string
  readonly #journal: Journal
  #order = 0
  #taken = 0
  #adopting: Promise<void> = Promise.resolve()
  #closing: Promise<void> | undefined

  private constructor(parts: FileLaneParts, owner: string, journal: Journal) {
    this.#parts = parts
    this.#owner = owner
    this.#journal = journal
  }

  static async open(parts: FileLaneParts): Promise<FileLane> {
    const owner = createOwner()
    try {
      const journal = await Journal.create(join(parts.directory, `${parts.prefix}.${owner}${SUFFIX}`))
      const lane = new FileLane(parts, owner, journal)
      await lane.adopt()
      return lane
    } catch (error) {
      endOwner(owner)
      throw error
    }
  }

  /** Takes what owners that are gone have left. A file is whose rename succeeds. */
  adopt(): Promise<void> {
    this.#adopting = this.#adopting.then(() => this.#adopt())
    return this.#adopting
  }

  async put(entry: OutboxEntry): Promise<void> {
    await this.#journal.put({ ...entry, order: ++this.#order })
  }

  remove(clientId: string): Promise<void> {
    return this.#journal.remove(clientId)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    const { siblings } = this.#parts
    siblings.delete(this)
    await this.#adopting
    await this.#journal.close()
    if (this.#journal.size === 0) await unlink(this.#path())
    endOwner(this.#owner)
    const [next] = siblings
    await next?.adopt().catch(() => {})
  }

  async #adopt(): Promise<void> {
    const { directory, prefix, events } = this.#parts
    const found: { readonly path: string; readonly entries: JournalEntry[] }[] = []
    for (const name of (await readdir(directory)).sort()) {
      const owner = ownerIn(name, prefix)
      if (owner === undefined || lives(owner)) continue
      const path = this.#path(`.${++this.#taken}`)
      const mine = await rename(join(directory, name), path).then(
        () => true,
        () => false,
      )
      if (mine) found.push({ path, entries: await readJournal(path) })
    }
    const all = found.flatMap(({ entries }) => entries).sort((one, other) => one.order - other.order)
    const entries = new Map(all.map((entry) => [entry.clientId, entry]))
    await Promise.all([...entries.values()].map((entry) => this.#journal.put(entry)))
    this.#order = Math.max(this.#order, ...all.map(({ order }) => order))
    for (const { path } of found) await unlink(path)
    const adopted = [...entries.values()].map(({ order, ...entry }) => entry)
    if (adopted.length > 0) events.adopted(adopted)
  }

  #path(part = ''): string {
    return join(this.#parts.directory, `${this.#parts.prefix}.${this.#owner}${part}${SUFFIX}`)
  }
}

/** A file's name says nothing about whose messages it holds. */
function nameOf({ server, user }: OutboxScope): string {
  return createHash('sha256')
    .update(JSON.stringify([server, user]))
    .digest('hex')
    .slice(0, 32)
}

function ownerIn(name: string, prefix: string): string | undefined {
  if (!name.startsWith(`${prefix}.`) || !name.endsWith(SUFFIX)) return undefined
  return name.slice(prefix.length + 1).split('.')[0]
}
