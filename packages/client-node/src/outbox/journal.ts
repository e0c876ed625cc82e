import { type FileHandle, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { OutboxEntry } from '@arclight/core/contracts'

/** An entry and its place among all that its owner put. */
export interface JournalEntry extends OutboxEntry {
  readonly order: number
}

type Line = { readonly put: JournalEntry } | { readonly remove: string }

interface Waiting {
  readonly line: string
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** A journal this much larger than what it keeps is written anew. */
const SLACK_BYTES = 262_144
const MOST_OVERHEAD = 4

/** A file of one line for each put and remove. Calls are written in their order, those of one moment with one sync. */
export class Journal {
  readonly #path: string
  readonly #entries = new Map<string, JournalEntry>()
  #file: FileHandle
  #bytes = 0
  #kept = 0
  #waiting: Waiting[] = []
  #writing: Promise<void> = Promise.resolve()
  #torn = false

  private constructor(path: string, file: FileHandle) {
    this.#path = path
    this.#file = file
  }

  /** Makes the file, for its owner alone. */
  static async create(path: string): Promise<Journal> {
    const file = await open(path, 'ax', 0o600)
    await syncFolder(dirname(path))
    return new Journal(path, file)
  }

  get size(): number {
    return this.#entries.size
  }

  put(entry: JournalEntry): Promise<void> {
    this.#entries.set(entry.clientId, entry)
    this.#kept += lineOf({ put: entry }).length
    return this.#append({ put: entry })
  }

  async remove(clientId: string): Promise<void> {
    const entry = this.#entries.get(clientId)
    if (!entry) return
    this.#entries.delete(clientId)
    this.#kept -= lineOf({ put: entry }).length
    await this.#append({ remove: clientId })
  }

  /** Resolves when everything is on the disk and the file is closed. */
  async close(): Promise<void> {
    await this.#writing
    await this.#file.close()
  }

  #append(line: Line): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ line: lineOf(line), resolve, reject })
      if (this.#waiting.length === 1) this.#writing = this.#writing.then(() => this.#write())
    })
  }

  async #write(): Promise<void> {
    const batch = this.#waiting
    this.#waiting = []
    try {
      const text = batch.map(({ line }) => line).join('')
      await this.#file.appendFile(this.#torn ? `\n${text}` : text)
      await this.#file.datasync()
      this.#torn = false
      this.#bytes += text.length
      for (const { resolve } of batch) resolve()
      if (this.#bytes > SLACK_BYTES + MOST_OVERHEAD * this.#kept) await this.#renew()
    } catch (error) {
      this.#torn = true
      for (const { reject } of batch) reject(error)
    }
  }

  /** What is still kept, in a new file that takes the old one's place whole or not at all. */
  async #renew(): Promise<void> {
    const text = [...this.#entries.values()].map((put) => lineOf({ put })).join('')
    const draft = `${this.#path}.draft`
    const file = await open(draft, 'w', 0o600)
    await file.appendFile(text)
    await file.sync()
    await rename(draft, this.#path)
    await syncFolder(dirname(this.#path))
    await this.#file.close()
    this.#file = file
    this.#bytes = text.length
  }
}

/** What a journal keeps, oldest first. A line that was cut off by a crash was never promised and is skipped. */
export async function readJournal(path: string): Promise<JournalEntry[]> {
  const entries = new Map<string, JournalEntry>()
  for (const text of (await readFile(path, 'utf8')).split('\n')) {
    const line = parsed(text)
    if (line && 'put' in line) entries.set(line.put.clientId, line.put)
    else if (line) entries.delete(line.remove)
  }
  return [...entries.values()].sort((one, other) => one.order - other.order)
}

function lineOf(line: Line): string {
  return `${JSON.stringify(line)}\n`
}

function parsed(text: string): Line | undefined {
  try {
    const line: unknown = JSON.parse(text)
    const { put, remove } = line as { put?: Partial<JournalEntry>; remove?: unknown }
    const whole = typeof put?.clientId === 'string' && typeof put.channel === 'string' && typeof put.text === 'string'
    return whole || typeof remove === 'string' ? (line as Line) : undefined
  } catch {
    return undefined
  }
}

/** A new name is durable when its folder is. Systems that cannot sync a folder do without. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined)
  await folder?.sync().catch(() => {})
  await folder?.close()
}
