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
  /** The application gets a message of a channel that it joined. */
  | { readonly is: 'message'; readonly channel: string; readonly seq: number; readonly text: string }
  /** The log is another one: the application is to forget what it showed. */
  | { readonly is: 'reset'; readonly channel: string }

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

/** One client of yours, signed in or not yet. */
export interface DrivenClient {
  login(account: { readonly name: string; readonly password: string }): Promise<void>
  /** Resolves when the channel's messages flow. */
  join(channel: string): Promise<void>
  /** Resolves when it is known what became of the message; it never rejects. */
  send(channel: string, text: string): Promise<Outcome>
  /** Any request of the protocol, given up after the client's deadline; it never rejects. */
  ask?(type: string, data: object): Promise<Outcome>
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
