import type { ChannelSummary } from '../../protocol/channel.ts'
import type { HistoryPage, Message } from '../../protocol/message.ts'
import type { ReplyData, RequestData } from '../../protocol/requests.ts'
import type { UnreadCount } from '../../state/unread.ts'
import type { Listenable, Unsubscribe } from '../emitter.ts'
import { type FileName, fileId } from '../files.ts'
import { insist } from '../insist.ts'
import { pages } from '../pages.ts'
import type { ChannelEvents, ChannelFeed, ChannelParts } from './feed.ts'
import type { HistoryOptions, PageOptions } from './history.ts'

/** What a message is written with. */
export interface Draft {
  /** May be empty where there are files. */
  readonly text: string
  /** The `seq` of the message of this channel that it answers. */
  readonly replyTo?: number | undefined
  /** Ids of the users that it is to reach in particular, at most 50. */
  readonly mentions?: readonly string[] | undefined
  /** Files that this user uploaded and that no message has, at most 10. */
  readonly attachments?: readonly FileName[] | undefined
}

/** What gives a call up: its promise rejects with the signal's reason, what has left may still be carried out. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined
}

/** Listening to these needs the channel's live traffic. */
const LIVE: ReadonlySet<string> = new Set<keyof ChannelEvents>(['message', 'changed', 'deleted', 'typing', 'unread'])

/** One channel: send to it, listen to it, page through its past. Costs nothing until it is used. */
export class Channel implements Listenable<ChannelEvents> {
  readonly id: string
  readonly #feed: ChannelFeed
  readonly #parts: ChannelParts

  constructor(id: string, feed: ChannelFeed, parts: ChannelParts) {
    this.id = id
    this.#feed = feed
    this.#parts = parts
  }

  /** As the list of channels, or what has changed since, shows it; undefined where neither was read. */
  get summary(): ChannelSummary | undefined {
    return this.#parts.summary(this.id)
  }

  /**
   * What is left to read, as of the last list of channels, and kept current while the channel is joined; undefined until
   * a list was read. One's own messages count until they are marked.
   */
  get unread(): UnreadCount | undefined {
    return this.#feed.reader.count
  }

  /** Listens; a first listener for messages, their changes, typing or what is unread joins the channel by itself. */
  on<Name extends keyof ChannelEvents>(name: Name, listener: (event: ChannelEvents[Name]) => void): Unsubscribe {
    const { events, log } = this.#feed
    const undo = events.on(name, listener)
    if (name === 'unread' && events.listenerCount(name) === 1) this.#parts.refresh()
    if (LIVE.has(name) && !log.wanted) void log.join().catch((error) => events.emit('stalled', error))
    return undo
  }

  /** Starts live traffic, now and after every reconnect; resolves when it flows. */
  join(): Promise<void> {
    return this.#feed.log.join()
  }

  /** Ends live traffic. */
  leave(): Promise<void> {
    return this.#feed.leave()
  }

  /** Resolves with the stored message; waits through reconnects for as long as `signal` allows. */
  send(message: string | Draft, { signal }: CallOptions = {}): Promise<Message> {
    const draft = typeof message === 'string' ? { text: message } : message
    this.#feed.typist.ended()
    const attachments = draft.attachments?.map(fileId)
    const entry = { ...draft, attachments, channel: this.id, clientId: this.#parts.createId() }
    return this.#parts.sender.send(entry, signal)
  }

  /** Gives one of one's own messages another text, and these mentions instead of those it had. */
  edit(seq: number, message: string | Omit<Draft, 'replyTo' | 'attachments'>, options?: CallOptions): Promise<Message> {
    const { text, mentions } = typeof message === 'string' ? { text: message } : message
    return this.#write('message.edit', { channel: this.id, seq, text, mentions: mentions && [...mentions] }, options)
  }

  /** Takes away everything of a message but its place; resolves with the tombstone. */
  deleteMessage(seq: number, options?: CallOptions): Promise<Message> {
    return this.#write('message.delete', { channel: this.id, seq }, options)
  }

  /** Puts an emoji, or a word such as `:ship:`, under a message. */
  react(seq: number, emoji: string, options?: CallOptions): Promise<Message> {
    return this.#write('message.react', { channel: this.id, seq, emoji, on: true }, options)
  }

  /** Takes one's emoji away again. */
  unreact(seq: number, emoji: string, options?: CallOptions): Promise<Message> {
    return this.#write('message.react', { channel: this.id, seq, emoji, on: false }, options)
  }

  /** Pages of everybody who put an emoji under a message, the earliest first: a message names the first ten. */
  reactors(
    seq: number,
    emoji: string,
    { limit, signal }: CallOptions & { readonly limit?: number | undefined } = {},
  ): AsyncGenerator<ReplyData<'message.reactors'>, void, undefined> {
    return pages(
      this.#parts.connection,
      'message.reactors',
      { channel: this.id, seq, emoji, limit },
      {
        next: ({ users, hasMore }) => (hasMore ? { after: users.at(-1)?.id } : undefined),
        signal,
      },
    )
  }

  /** Pins a message for everybody. */
  pin(seq: number, options?: CallOptions): Promise<Message> {
    return this.#write('message.pin', { channel: this.id, seq, on: true }, options)
  }

  /** Takes the pin out. */
  unpin(seq: number, options?: CallOptions): Promise<Message> {
    return this.#write('message.pin', { channel: this.id, seq, on: false }, options)
  }

  /** The pinned messages, the one pinned last first. */
  async pins(options?: CallOptions): Promise<readonly Message[]> {
    return (await insist(this.#parts.connection, 'message.pins', { channel: this.id }, options)).messages
  }

  /**
   * Pages of messages, within a page oldest first. Back by default, newest page first, from where the live messages of
   * this handle began, so that both together have no overlap and no hole; or on, with `after`, up to where its live
   * messages are. A page has what was told while it was on its way, and what was in a page is not told again in an
   * older form. To begin around a message, take its `page` and walk on from both ends. Ends where the log becomes
   * another one, which `reset` tells.
   */
  history(options: HistoryOptions = {}): AsyncGenerator<HistoryPage, void, undefined> {
    return this.#feed.history.walk(options)
  }

  /**
   * One page: around a message, say, from whose ends `history({ before })` and `history({ after })` go on. Without more
   * after it, the live messages follow.
   */
  page(options: PageOptions = {}): Promise<HistoryPage> {
    return this.#feed.history.page(options)
  }

  /** Call it at each key press: others are told at most every 3 s. `false` says that the user has stopped. */
  typing(typing = true): void {
    this.#feed.typist.say(typing)
  }

  /**
   * The user has read up to `seq`, or up to the newest that this handle has given out. Resolves when that is stored; of
   * marks that are made while one is on its way only the newest leaves. A marker never goes back.
   */
  async markRead(seq = this.#feed.newest): Promise<void> {
    if (seq > 0) await this.#feed.reader.mark(seq)
  }

  /** Changes what is given and leaves the rest: the owner's; of a group its members' too. */
  async update(
    changes: Omit<RequestData<'channel.update'>, 'channel'>,
    options?: CallOptions,
  ): Promise<ChannelSummary> {
    const data = { ...changes, channel: this.id }
    return (await insist(this.#parts.connection, 'channel.update', data, options)).channel
  }

  /** Removes the channel with everything in it, for ever: the owner's. */
  async delete(options?: CallOptions): Promise<void> {
    await this.#parts.connection.request('channel.delete', { channel: this.id }, options)
  }

  /** Pages of the members of a private or a direct channel, in the order of their ids. */
  members({
    limit,
    signal,
  }: CallOptions & { readonly limit?: number | undefined } = {}): AsyncGenerator<
    ReplyData<'member.list'>,
    void,
    undefined
  > {
    return pages(
      this.#parts.connection,
      'member.list',
      { channel: this.id, limit },
      {
        next: ({ members, hasMore }) => (hasMore ? { after: members.at(-1)?.id } : undefined),
        signal,
      },
    )
  }

  /** Lets a user in; succeeds where they are in already. */
  async addMember(user: string, options?: CallOptions): Promise<void> {
    await insist(this.#parts.connection, 'member.add', { channel: this.id, user }, options)
  }

  /** Takes a user out, or oneself. */
  async removeMember(user: string, options?: CallOptions): Promise<void> {
    await insist(this.#parts.connection, 'member.remove', { channel: this.id, user }, options)
  }

  async #write<Type extends 'message.edit' | 'message.delete' | 'message.react' | 'message.pin'>(
    type: Type,
    data: RequestData<Type>,
    options?: CallOptions,
  ): Promise<Message> {
    const { message } = await insist(this.#parts.connection, type, data, options)
    this.#feed.gave([message])
    return message
  }
}
