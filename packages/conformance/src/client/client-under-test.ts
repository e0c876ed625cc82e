/** How a request ended for the application: MSG-7. */
export type Outcome =
  | { readonly is: 'done' }
  /** The server refused it. */
  | { readonly is: 'failed'; readonly code: string }
  /** It was sent and not answered. */
  | { readonly is: 'unknown' }
  /** It never left. */
  | { readonly is: 'unsent' }

/** What a client tells while it runs. */
export type Told =
  /** `live`: requests flow; `waiting`: it will come back; `closed`: it will not. Other names are not looked at. */
  | { readonly is: 'state'; readonly name: string }
  /** The application gets a message of a channel that it joined; `rev` where the client has `edits`. */
  | (ToldMessage & { readonly is: 'message' })
  /** With `edits`: it gets a message that has changed, or its tombstone. */
  | (ToldMessage & { readonly is: 'changed' | 'deleted' })
  /** With `history`: it gets a message of the past, from a page. */
  | (ToldMessage & { readonly is: 'past' })
  /** The log is another one: the application is to forget what it showed. */
  | { readonly is: 'reset'; readonly channel: string }
  /** With `channels`: the channel is no longer there for this user. */
  | { readonly is: 'gone'; readonly channel: string }
  /** With `reads`, once `count` was asked for: what is left to read. */
  | { readonly is: 'unread'; readonly channel: string; readonly unread: number; readonly mentions: number }
  /** With `presence`: the ids of those who type, and how a user is shown. */
  | { readonly is: 'typing'; readonly channel: string; readonly users: readonly string[] }
  | { readonly is: 'presence'; readonly user: string; readonly status: string }

/** A message as the application gets it. */
export interface ToldMessage {
  readonly channel: string
  readonly seq: number
  readonly text: string
  readonly rev?: number
}

/** What else a client is asked to do, each by its capability. */
export type Action =
  /** `edits`: sends an answer to a message, which mentions users; done when it is stored. */
  | {
      readonly do: 'answer'
      readonly channel: string
      readonly text: string
      readonly replyTo: number
      readonly mentions: readonly string[]
    }
  /** `history`: gives out the whole past of a joined channel, from where its live messages began back to the first. */
  | { readonly do: 'walk'; readonly channel: string }
  /** `reads`: counts what is unread in a joined channel, and tells it from now on. */
  | { readonly do: 'count'; readonly channel: string }
  /** `presence`: a key was pressed in a channel. */
  | { readonly do: 'type'; readonly channel: string }
  /** `presence`: watches who is there, and tells what changes from now on. */
  | { readonly do: 'watch' }

/** What a client may be able to do beyond chat. A case that needs what is missing is skipped. */
export type Capability =
  /** `create` heeds `requestMs`. */
  | 'requestMs'
  /** There is `ask`. */
  | 'ask'
  /** There is `wake`. */
  | 'wake'
  /** There is `voice`. */
  | 'voice'
  /** There is `voice.speak`. */
  | 'speak'
  /** There is `perform`, for the actions and what is told under these names. */
  | 'edits'
  | 'channels'
  | 'reads'
  | 'presence'
  | 'history'

/** One client of yours, signed in or not yet. */
export interface DrivenClient {
  login(account: { readonly name: string; readonly password: string }): Promise<void>
  /** Resolves when the channel's messages flow. */
  join(channel: string): Promise<void>
  /** Resolves when it is known what became of the message; it never rejects. */
  send(channel: string, text: string): Promise<Outcome>
  /** Any request of the protocol, given up after the client's deadline; it never rejects. */
  ask?(type: string, data: object): Promise<Outcome>
  /** Does one of the actions that the client is capable of; it never rejects. */
  perform?(action: Action): Promise<Outcome>
  /** The network is back, or somebody looks at the page. */
  wake?(): void | Promise<void>
  readonly voice?: {
    join(channel: string): Promise<void>
    mute(muted: boolean): Promise<void>
    /** Sends sound of any kind, one frame every 20 ms, until the client is closed. */
    speak?(): Promise<void>
  }
  /** Ends it; nothing is heard of it afterwards. */
  close(): Promise<void>
}

/** What a client is made with. */
export interface ClientSettings {
  readonly url: string
  /** How long a request waits for its reply; LIMITS.requestMs unless given. */
  readonly requestMs?: number | undefined
  readonly told: (what: Told) => void
}

/** A client implementation, as the kit drives it: implement this for yours. */
export interface ClientUnderTest {
  readonly name: string
  readonly supports: readonly Capability[]
  create(settings: ClientSettings): DrivenClient | Promise<DrivenClient>
}
