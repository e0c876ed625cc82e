import type { Authenticated, ChannelSummary, Message, SessionHello } from '@arclight/core/protocol'
import { CaseFailure, CaseSkip } from '../check.ts'
import { FrameLog } from '../frame-log.ts'
import { ask, askUpgrade, type HttpAnswer } from './http.ts'
import { Peer, type PeerOptions } from './peer.ts'
import { type KitAccount, newLogin, type Target, uniqueName } from './target.ts'

/** An account or a session that a case made for itself, with the connection that made it. */
export interface Registered {
  readonly peer: Peer
  readonly account: KitAccount
  readonly granted: Authenticated
}

/** What a case works with: connections, accounts and channels of a server that is not the kit's. */
export class ServerContext {
  readonly target: Target
  readonly log = new FrameLog()
  readonly #accounts: readonly KitAccount[]
  readonly #peers: Peer[] = []

  constructor(target: Target, pace: 'quick' | 'slow' | 'alone' | 'last') {
    this.target = target
    this.#accounts = pace === 'slow' ? target.accounts.slow : target.accounts.quick
  }

  /** Whether a limit that does not show is a failure. */
  get strict(): boolean {
    return this.target.options.limits === 'default'
  }

  /** A WebSocket that is open; nothing of it was read. */
  async open(options: PeerOptions & { readonly url?: string } = {}): Promise<Peer> {
    const { url, options: given, timeoutMs, sent } = this.target
    const surroundings = { url: options.url ?? url.href, ca: given.ca, log: this.log, timeoutMs, sent }
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

  /** The first or second account of the run. */
  account(number: 1 | 2 = 1): KitAccount {
    const found = this.#accounts[number - 1]
    if (!found) throw new CaseSkip(`needs ${number === 1 ? 'an account' : 'a second account'}: ${this.target.lacking}`)
    return found
  }

  /** A connection of the first or second account. */
  async signIn(number: 1 | 2 = 1, options: PeerOptions = {}): Promise<Peer> {
    const { token } = this.account(number)
    const peer = await this.connect({ name: `user ${number}, ${this.#peers.length}`, ...options })
    await peer.ask('auth.token', { token })
    return peer
  }

  /** An account of the case's own. */
  async register(options: PeerOptions = {}): Promise<Registered> {
    if (this.target.hello.registration === 'closed') throw new CaseSkip('needs an account of its own, none can be made')
    if (this.target.accounts.quick.length === 0) throw new CaseSkip(`needs an account: ${this.target.lacking}`)
    const login = newLogin()
    const peer = await this.connect({ name: `new user, ${this.#peers.length}`, ...options })
    const reply = await peer.request('auth.register', login)
    if ('error' in reply) {
      if (reply.error.code === 'registration_closed')
        throw new CaseSkip('needs an account of its own, none can be made')
      throw CaseFailure.unlike('auth.register to succeed', reply)
    }
    const granted = reply.data as Authenticated
    return { peer, granted, account: { ...login, id: granted.user.id, token: granted.token } }
  }

  /** A session of the case's own: of a new account, or of the first one where none can be made. */
  async session(options: PeerOptions = {}): Promise<Registered> {
    if (this.target.hello.registration !== 'closed') return this.register(options)
    const known = this.account()
    const peer = await this.connect({ name: `new session, ${this.#peers.length}`, ...options })
    const granted = await peer.ask('auth.login', { name: known.name, password: known.password })
    return { peer, granted, account: { ...known, token: granted.token } }
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
    return ask(new URL(path, this.target.httpUrl), this.#http, headers)
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

  /** Fails where any peer of the case was sent what does not fit its schema. */
  check(): void {
    for (const peer of this.#peers) peer.check()
  }

  /** Lets go of every connection. */
  async dispose(): Promise<void> {
    for (const peer of this.#peers) peer.dispose()
    await Promise.all(this.#peers.map(({ closed }) => closed))
  }

  get #http(): { ca: string | Buffer | undefined; log: FrameLog; timeoutMs: number } {
    return { ca: this.target.options.ca, log: this.log, timeoutMs: this.target.timeoutMs }
  }

  #channel(kind: 'text' | 'voice'): ChannelSummary {
    const found = this.target.channels.find((one) => one.kind === kind)
    if (found) return found
    if (this.#accounts.length === 0) throw new CaseSkip(`needs an account: ${this.target.lacking}`)
    throw new CaseSkip(`needs a ${kind} channel, and channel.list has none`)
  }
}
