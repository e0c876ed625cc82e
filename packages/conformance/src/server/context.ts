import type { Authenticated, ChannelSummary, Message, SessionHello } from '@arclight/core/protocol'
import { CaseFailure, CaseSkip, shown } from '../check.ts'
import { FrameLog } from '../frame-log.ts'
import { ask, askUpgrade, type HttpAnswer, type HttpAsk } from './http.ts'
import { Peer, type PeerOptions } from './peer.ts'
import { type KitAccount, newLogin, type Target, uniqueName } from './target.ts'

/** An account or a session that a case made for itself, with the connection that made it. */
export interface Registered {
  readonly peer: Peer
  readonly account: KitAccount
  readonly granted: Authenticated
}

const WHICH = { 1: 'an', 2: 'a second', 3: 'a third' } as const

/** What a case works with: connections, accounts and channels of a server that is not the kit's. */
export class ServerContext {
  readonly target: Target
  readonly log = new FrameLog()
  readonly #accounts: readonly KitAccount[]
  readonly #peers: Peer[] = []

  constructor(target: Target, pace: 'quick' | 'slow' | 'alone' | 'last') {
    this.target = target
    const { quick, slow } = target.accounts
    this.#accounts = [...new Set(pace === 'slow' ? [...slow, ...quick] : [...quick, ...slow])]
  }

  /** Whether a limit that does not show is a failure. */
  get strict(): boolean {
    return this.target.options.limits === 'default'
  }

  /** A WebSocket that is open; nothing of it was read. */
  async open(options: PeerOptions & { readonly url?: string } = {}): Promise<Peer> {
    const { url, options: given, timeoutMs, rates, granted } = this.target
    const surroundings = { url: options.url ?? url.href, ca: given.ca, log: this.log, timeoutMs, rates, granted }
    try {
      const peer = await Peer.connect(surroundings, options)
      this.#peers.push(peer)
      return peer
    } catch (error) {
      throw new CaseFailure(`expected a WebSocket to ${surroundings.url}; ${(error as Error).message}`)
    }
  }

  /** A stranger whose greeting is taken. */
  async connect(options: PeerOptions = {}): Promise<Peer> {
    const peer = await this.open(options)
    await peer.event('session.hello')
    return peer
  }

  /** As `connect`, with the greeting. */
  async greeted(options: PeerOptions = {}): Promise<{ peer: Peer; hello: SessionHello }> {
    const peer = await this.open(options)
    return { peer, hello: await peer.event('session.hello') }
  }

  /** The first, second or third account of the run. */
  account(number: 1 | 2 | 3 = 1): KitAccount {
    const found = this.#accounts[number - 1]
    if (!found) throw new CaseSkip(`needs ${WHICH[number]} account: ${this.#lacking}`)
    return found
  }

  /** The account of the server's owner. */
  get owner(): KitAccount {
    const found = this.#accounts.find(({ role }) => role === 'owner')
    if (!found) throw new CaseSkip('needs the account of the server’s owner: --claim makes it, --user names it')
    return found
  }

  /** The first or second account that is not the owner's. */
  member(number: 1 | 2 = 1): KitAccount {
    const found = this.#accounts.filter(({ role }) => role !== 'owner')[number - 1]
    if (!found) throw new CaseSkip(`needs ${WHICH[number]} account that is not the owner’s: ${this.#lacking}`)
    return found
  }

  /** A connection of the first, second or third account. */
  async signIn(number: 1 | 2 | 3 = 1, options: PeerOptions = {}): Promise<Peer> {
    const { token } = this.account(number)
    return this.withToken(token, { name: `user ${number}, ${this.#peers.length}`, ...options })
  }

  /** A connection of the server's owner. */
  async signInOwner(): Promise<Peer> {
    return this.withToken(this.owner.token, { name: `owner, ${this.#peers.length}` })
  }

  /** A connection of the first or second account that is not the owner's. */
  async signInMember(number: 1 | 2 = 1): Promise<Peer> {
    return this.withToken(this.member(number).token, { name: `member ${number}, ${this.#peers.length}` })
  }

  /** An account of the case's own. */
  async register(options: PeerOptions = {}): Promise<Registered> {
    const { accounts, hello, lacking } = this.target
    if (hello.registration === 'closed') throw new CaseSkip('needs an account of its own, none can be made')
    if (hello.registration === 'claim' && accounts.quick.length === 0)
      throw new CaseSkip(`needs an account: ${lacking}`)
    const login = newLogin()
    const peer = await this.connect({ name: `new user, ${this.#peers.length}`, ...options })
    const reply = await peer.request('auth.register', login)
    if ('error' in reply) {
      if (reply.error.code === 'registration_closed')
        throw new CaseSkip('needs an account of its own, none can be made')
      throw CaseFailure.unlike('auth.register to succeed', reply)
    }
    const granted = reply.data as Authenticated
    const { user, token } = granted
    return { peer, granted, account: { ...login, id: user.id, role: user.role, token } }
  }

  /** A session of the case's own, of the first account. */
  async session(options: PeerOptions = {}): Promise<Registered> {
    const known = this.account()
    const peer = await this.connect({ name: `new session, ${this.#peers.length}`, ...options })
    const granted = await peer.ask('auth.login', { name: known.name, password: known.password })
    return { peer, granted, account: { ...known, token: granted.token } }
  }

  /** For what uses up a user's rates: an account of the case's own where one can be made, else a session of the first. */
  async newcomer(options: PeerOptions = {}): Promise<Registered> {
    return this.target.hello.registration === 'closed' ? this.session(options) : this.register(options)
  }

  /** A connection with a token. */
  async withToken(token: string, options: PeerOptions = {}): Promise<Peer> {
    const peer = await this.connect({ name: `token, ${this.#peers.length}`, ...options })
    await peer.ask('auth.token', { token })
    return peer
  }

  get text(): ChannelSummary {
    return this.#channel('text')
  }

  get voice(): ChannelSummary {
    return this.#channel('voice')
  }

  /** An id, or a text, that nobody used before. */
  unique(prefix = 'kit'): string {
    return uniqueName(prefix)
  }

  /** Sends texts one after the other, each with an id of its own; returns what was stored. */
  async say(peer: Peer, count: number, channel = this.text.id): Promise<Message[]> {
    const said: Message[] = []
    for (let at = 1; at <= count; at++) {
      const data = { channel, clientId: this.unique(), text: `conformance ${at} of ${count}` }
      said.push((await peer.ask('message.send', data)).message)
    }
    return said
  }

  /** An HTTP request to the server's routes. */
  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<HttpAnswer> {
    return this.http(path, { headers })
  }

  /** Any request to the server's routes. */
  http(path: string, asked: HttpAsk): Promise<HttpAnswer> {
    return ask(new URL(path, this.target.httpUrl), this.#http, asked)
  }

  /** Posts to the server's routes. */
  post(path: string, headers: Readonly<Record<string, string>>, body: string): Promise<HttpAnswer> {
    return this.http(path, { headers, body })
  }

  /** A WebSocket upgrade, with headers beside the usual; an empty one is left out. */
  upgrade(headers: Readonly<Record<string, string>> = {}, path?: string): Promise<HttpAnswer> {
    const { url } = this.target
    return askUpgrade(path === undefined ? url : new URL(path, url), this.#http, headers)
  }

  skip(reason: string): never {
    throw new CaseSkip(reason)
  }

  /** The operator may have switched a limit off: then nothing can be said, unless the run is told that it has not. */
  limitDidNotShow(expected: string): never {
    if (this.strict) throw new CaseFailure(`expected ${expected}; it did not show`)
    throw new CaseSkip(`${expected}: it did not show, and an operator may switch it off (--limits default demands it)`)
  }

  /** As `limitDidNotShow`, for one that showed too early. */
  limitIsAnother(expected: string, came: unknown): never {
    if (this.strict) throw CaseFailure.unlike(expected, came)
    throw new CaseSkip(`${expected}: came ${shown(came)}, and an operator may limit more (--limits default demands it)`)
  }

  /** Fails where any peer of the case was sent what does not fit its schema. */
  check(): void {
    for (const peer of this.#peers) peer.check()
  }

  /** Lets go of every connection. */
  async dispose(): Promise<void> {
    for (const peer of this.#peers) peer.dispose()
    await Promise.all(this.#peers.map(({ closed }) => closed))
  }

  get #lacking(): string {
    return this.target.lacking || 'there are no more'
  }

  get #http(): { ca: string | Buffer | undefined; log: FrameLog; timeoutMs: number } {
    return { ca: this.target.options.ca, log: this.log, timeoutMs: this.target.timeoutMs }
  }

  #channel(kind: 'text' | 'voice'): ChannelSummary {
    const found = this.target.channels.find(
      (one) => one.kind === kind && !one.private && !one.archived && !one.slowModeMs,
    )
    if (found) return found
    if (this.#accounts.length === 0) throw new CaseSkip(`needs an account: ${this.target.lacking}`)
    throw new CaseSkip(`needs a ${kind} channel, and channel.list has none`)
  }
}
