import { readHeader } from '../../codec/media-header.ts'
import type { AudioSource } from '../../contracts/audio-source.ts'
import type { EventData } from '../../protocol/events.ts'
import type { ReplyData, RequestData } from '../../protocol/requests.ts'
import type { Connection } from '../connection.ts'
import type { ClientRuntime } from '../options.ts'
import { Call } from './call.ts'

/** How to enter a voice channel. */
export interface JoinOptions {
  /** Sent from the start; the call owns it from here on. */
  readonly microphone?: AudioSource | undefined
  readonly muted?: boolean | undefined
  readonly deafened?: boolean | undefined
}

/** Voice: one call at a time. */
export class Voice {
  readonly #connection: Connection
  readonly #runtime: ClientRuntime
  #call: Call | undefined

  constructor(connection: Connection, runtime: ClientRuntime) {
    this.#connection = connection
    this.#runtime = runtime
  }

  /** The call that this client is in. */
  get call(): Call | undefined {
    return this.#call
  }

  /** Enters a voice channel, leaving the one before; survives reconnects until `leave()`. */
  async join(channel: string, options: JoinOptions = {}): Promise<Call> {
    await this.#call?.leave()
    const state = { muted: options.muted ?? false, deafened: options.deafened ?? false }
    const call: Call = new Call(
      { channel, connection: this.#connection, runtime: this.#runtime, closed: () => this.#forget(call) },
      state,
    )
    this.#call = call
    try {
      const { device } = this.#runtime
      await this.#connection.request(
        'voice.join',
        { channel, device, ...state },
        { take: (reply) => call.enter(reply) },
      )
      this.#connection.media.setVoice(true)
      if (options.microphone) await call.speak(options.microphone)
    } catch (error) {
      await call.leave().catch(() => {})
      throw error
    }
    return call
  }

  /** Hangs up without waiting for the server's word. */
  async close(): Promise<void> {
    const call = this.#call
    if (!call) return
    await call.end('left')
    if (this.#connection.state.name === 'live') {
      void this.#connection.ask('voice.leave', { channel: call.channel }).catch(() => {})
    }
  }

  declaration(): RequestData<'session.resume'>['voice'] {
    return this.#call?.declaration()
  }

  suspend(): void {
    this.#call?.suspend()
  }

  resumed(resumed: ReplyData<'session.resume'>['voice']): void {
    if (resumed) this.#call?.resumed(resumed)
  }

  changed({ channel, member }: EventData<'voice.changed'>): void {
    this.#in(channel)?.memberChanged(member)
  }

  left({ channel, member }: EventData<'voice.left'>): void {
    this.#in(channel)?.left(member)
  }

  moved({ channel, member }: EventData<'voice.moved'>): void {
    this.#in(channel)?.moved(member)
  }

  /** Somebody sent this connection to another channel; one that has hung up meanwhile leaves that, too. */
  sent(event: EventData<'voice.sent'>): void {
    const call = this.#in(event.from)
    if (call) return call.sent(event)
    if (this.#call?.channel === event.to) return
    void this.#connection.ask('voice.leave', { channel: event.to }).catch(() => {})
  }

  /** The channel is gone, and the place in it. */
  removed({ channel }: EventData<'channel.removed'>): void {
    void this.#in(channel)?.end('gone')
  }

  trackPublished(event: EventData<'track.published'>): void {
    this.#in(event.channel)?.trackPublished(event)
  }

  trackUnpublished(event: EventData<'track.unpublished'>): void {
    this.#in(event.channel)?.trackUnpublished(event)
  }

  media(frame: Uint8Array): void {
    this.#call?.media(readHeader(frame), frame)
  }

  #in(channel: string): Call | undefined {
    return this.#call?.channel === channel ? this.#call : undefined
  }

  #forget(call: Call): void {
    if (this.#call !== call) return
    this.#call = undefined
    this.#connection.media.setVoice(false)
  }
}
