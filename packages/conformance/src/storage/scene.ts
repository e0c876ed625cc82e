import type {
  LogWrite,
  MessageAppend,
  MessageDeletion,
  MessageEdit,
  PinWrite,
  ReactionWrite,
  Storage,
  StoredAccount,
  WriteResult,
} from '@arclight/core/contracts'
import type { LogEntry, Message } from '@arclight/core/protocol'

/** The wall time of whatever happens where nothing else is said. */
export const AT = 1_700_000_000_000

/** Makes a test of what is done in a scene. */
export type Within = (use: (scene: Scene) => Promise<void>) => () => Promise<void>

type More<Write> = Partial<Omit<Write, 'write'>>

/** What one test works with: a store that others use too, and in it two channels and three users of its own. */
export class Scene {
  readonly storage: Storage
  /** What is this scene's alone; every id of it begins so. */
  readonly id: string
  readonly general: string
  readonly lounge: string
  readonly mei: string
  readonly li: string
  readonly wang: string

  private constructor(storage: Storage, id: string) {
    this.storage = storage
    this.id = id
    this.general = `${id}-general`
    this.lounge = `${id}-lounge`
    this.mei = `${id}-mei`
    this.li = `${id}-li`
    this.wang = `${id}-wang`
  }

  static async make(storage: Storage, id: string): Promise<Scene> {
    const scene = new Scene(storage, id)
    for (const user of [scene.mei, scene.li, scene.wang]) await storage.accounts.create(accountOf(user))
    for (const channel of [scene.general, scene.lounge]) {
      await storage.channels.create({ id: channel, kind: 'text', name: channel, nameKey: channel, at: AT })
    }
    return scene
  }

  /** mei's message to general, unless told otherwise; its text is its client id. */
  message(clientId: string, more: More<MessageAppend> = {}): MessageAppend {
    return { write: 'message', channel: this.general, author: this.mei, clientId, text: clientId, at: AT, ...more }
  }

  edit(seq: number, text: string, more: More<MessageEdit> = {}): MessageEdit {
    return { write: 'edit', channel: this.general, seq, text, actor: this.mei, at: AT + 1, ...more }
  }

  deletion(seq: number, more: More<MessageDeletion> = {}): MessageDeletion {
    return { write: 'deletion', channel: this.general, seq, actor: this.mei, at: AT + 2, anyAuthor: false, ...more }
  }

  reaction(seq: number, emoji: string, more: More<ReactionWrite> = {}): ReactionWrite {
    return { write: 'reaction', channel: this.general, seq, emoji, on: true, actor: this.mei, at: AT + 3, ...more }
  }

  pin(seq: number, more: More<PinWrite> = {}): PinWrite {
    return { write: 'pin', channel: this.general, seq, on: true, actor: this.mei, at: AT + 4, ...more }
  }

  append(...batch: readonly LogWrite[]): Promise<readonly WriteResult[]> {
    return this.storage.log.append(batch)
  }

  /** Appends, and gives what became of each in a word. */
  async outcomes(...batch: readonly LogWrite[]): Promise<string[]> {
    return (await this.append(...batch)).map(({ outcome }) => outcome)
  }

  /** Appends what is sure to be stored; resolves with the messages as they are then. */
  async store(...batch: readonly LogWrite[]): Promise<Message[]> {
    return (await this.append(...batch)).map((result) => {
      if (result.outcome !== 'stored') throw new Error(`expected it to be stored; it is ${result.outcome}`)
      return result.entry.data.message
    })
  }

  /** Every entry of a channel's log, read in pages. */
  async entries(channel = this.general): Promise<LogEntry[]> {
    return await entriesOf(this.storage, channel)
  }

  /** The messages of a channel, oldest first. */
  async messages(channel = this.general): Promise<Message[]> {
    const entries = await this.entries(channel)
    return entries.filter(({ type }) => type === 'message.created').map(({ data }) => data.message)
  }

  /** Their texts. */
  async texts(channel = this.general): Promise<string[]> {
    return (await this.messages(channel)).map(({ text }) => text)
  }
}

/** An account whose name and name key are its id. */
export function accountOf(
  id: string,
  more: Partial<StoredAccount & { nameKey: string; createdAt: number }> = {},
): StoredAccount & { nameKey: string; createdAt: number } {
  return { id, name: id, role: 'member', passwordHash: 'hash', nameKey: id, createdAt: AT, ...more }
}

/** The message that a write stored or found. */
export function messageOf(result: WriteResult | undefined): Message | undefined {
  if (result?.outcome === 'stored') return result.entry.data.message
  return result?.outcome === 'repeated' ? result.message : undefined
}

/** Every entry of a channel's log, read in pages. */
export async function entriesOf(storage: Storage, channel: string, limit = 100): Promise<LogEntry[]> {
  const entries: LogEntry[] = []
  for (;;) {
    const page = (await storage.log.read(channel, entries.at(-1)?.seq ?? 0, limit))?.entries ?? []
    entries.push(...page)
    if (page.length < limit) return entries
  }
}

/** 1, 2, 3 … up to `count`. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at + 1)
}
