import { DecodeError, type ErrorBody, toMicroseconds } from '@arclight/core'
import { checkHeader, HEADER_BYTES, MediaFlag, MediaKind, readFlags, readKind, readSeq } from '@arclight/core/codec'
import {
  CAPABILITIES,
  type Capability,
  CLOSE,
  LIMITS,
  mayReconnect,
  parseRequest,
  type RequestEnvelope,
  type SessionGoaway,
} from '@arclight/core/protocol'
import type { Identity } from './accounts/sessions.ts'
import { Outgoing } from './delivery/outgoing.ts'
import type { Turn } from './delivery/turn.ts'
import { answer } from './dispatch.ts'
import type { Caller, Services, Stranger } from './handlers/handler.ts'
import type { MediaMeter } from './limits/media-meter.ts'
import type { Goodbye } from './live-sessions.ts'
import type { Logger } from './log.ts'
import { Refusal } from './refusal.ts'
import type { Socket, SocketHandler } from './socket.ts'
import { VoiceConnection } from './voice/voice-connection.ts'

/** The message was too big (RFC 6455). */
const TOO_BIG = 1009

type SessionState =
  | { readonly name: 'greeted'; readonly deadline: number }
  | { readonly name: 'live'; readonly caller: Caller }
  | { readonly name: 'closed' }

/** What a session is made of. */
export interface SessionParts {
  readonly id: string
  readonly server: string
  readonly socket: Socket
  readonly local: boolean
  readonly addressKey: string
  readonly services: Services
  readonly turn: Turn
  readonly log: Logger
  /** Counts the connection as the user's; false where that user has too many. */
  readonly admits: (user: string) => boolean
  readonly ended: () => void
}

/** One connection's life: greeted, authenticated, closed. */
export class Session implements SocketHandler {
  readonly outgoing: Outgoing
  readonly #parts: SessionParts
  #state: SessionState
  #malformed = 0
  #pending = 0
  readonly #meter: MediaMeter | undefined
  /** Set where the connection ends as soon as the request under way is answered. */
  #goodbye: Goodbye | undefined
  /** Set once no more requests are taken; called when the last one under way is answered. */
  #drained: (() => void) | undefined

  constructor(parts: SessionParts) {
    const { socket, turn, services } = parts
    const { clock } = services
    this.#parts = parts
    this.#meter = services.rates.meter('connection')
    this.outgoing = new Outgoing({ socket, turn, clock, tooSlow: () => this.close(CLOSE.slow, 'slow') })
    this.#state = { name: 'greeted', deadline: clock.now() + LIMITS.authenticationMs }
    this.#greet()
  }

  text(text: string): void {
    if (this.#state.name === 'closed') return
    if (text.length > LIMITS.controlBytes || Buffer.byteLength(text) > LIMITS.controlBytes) {
      return this.close(TOO_BIG, `a text frame may have ${LIMITS.controlBytes} bytes`)
    }
    try {
      void this.#answer(parseRequest(text))
    } catch (error) {
      this.#reject(error)
    }
  }

  binary(bytes: Uint8Array): void {
    if (this.#state.name === 'closed') return
    const { clock, tracks } = this.#parts.services
    if (this.#meter?.passes(bytes.length, clock.now()) === false) return tracks.countExcess()
    try {
      checkHeader(bytes)
      if (readKind(bytes) === MediaKind.probe) return this.#probe(bytes)
      const publisher = this.#state.name === 'live' ? this.#state.caller.voice : undefined
      tracks.relay(publisher, bytes)
    } catch (error) {
      this.#reject(error)
    }
  }

  drained(): void {
    this.outgoing.drained()
  }

  closed(): void {
    if (this.#state.name !== 'closed') this.#end({ mayReturn: true })
  }

  /** Takes no more requests and says so; resolves when those under way are answered. */
  drain(goaway: SessionGoaway): Promise<void> {
    this.outgoing.control({ type: 'session.goaway', data: goaway })
    return new Promise((resolve) => {
      this.#drained = resolve
      this.#tellDrained()
    })
  }

  /** Says goodbye with a close code. */
  close(code: number, reason: string): void {
    if (this.#state.name === 'closed') return
    this.outgoing.flush()
    this.#end({ mayReturn: mayReconnect(code) })
    this.#parts.socket.close(code, reason)
  }

  /** Called ten times a second: deadlines and heartbeats. */
  tick(now: number): void {
    if (this.#state.name === 'closed') return
    if (this.#state.name === 'greeted' && now >= this.#state.deadline) {
      return this.close(CLOSE.authenticationTimeout, 'not authenticated in time')
    }
    if (this.#state.name === 'live' && this.#parts.services.clock.wall() >= this.#state.caller.identity.expiresAt) {
      return this.close(CLOSE.expired, 'the session has expired')
    }
    const inVoice = this.#state.name === 'live' && this.#state.caller.voice.place !== undefined
    const interval = inVoice ? LIMITS.probeVoiceMs : LIMITS.probeIdleMs
    const { probes } = this.outgoing
    if (probes.waiting(now) >= 2 * interval) return this.close(CLOSE.silent, 'two probes got no answer')
    if (probes.isDue(now, interval)) this.outgoing.probe()
  }

  #greet(): void {
    const { server, services } = this.#parts
    const { controlBytes, mediaBytes, messageText, page, joinedChannels, tracks, pendingRequests } = LIMITS
    const limits = { controlBytes, mediaBytes, messageText, page, joinedChannels, tracks, pendingRequests }
    const { guests, recordings, uploads, identities, signInProvider } = services
    const absent = new Set<Capability>()
    if (recordings.unavailable) absent.add('recording')
    if (uploads.unavailable) absent.add('uploads')
    if (!identities.takesTokens) absent.add('jwt')
    if (!signInProvider) absent.add('oidc')
    if (!guests.allowed) absent.add('guests')
    const capabilities = CAPABILITIES.filter((one) => !absent.has(one))
    const files = uploads.unavailable
      ? {}
      : { attachments: LIMITS.attachments, uploadBytes: uploads.settings.mostBytes }
    const clock = { session: toMicroseconds(services.clock.now()), wall: Math.round(services.clock.wall()) }
    const data = {
      server,
      capabilities,
      registration: services.accounts.registration,
      limits: { ...limits, ...files },
      clock,
    }
    this.outgoing.control({ type: 'session.hello', data })
  }

  #probe(bytes: Uint8Array): void {
    if (bytes.length !== HEADER_BYTES) throw DecodeError.envelope(`a probe of ${HEADER_BYTES} bytes`)
    if (readFlags(bytes) & MediaFlag.echo) this.outgoing.probeAnswered(readSeq(bytes))
    else this.outgoing.answerProbe(readSeq(bytes))
  }

  async #answer(request: RequestEnvelope): Promise<void> {
    const { services, log, id } = this.#parts
    if (this.#drained) {
      const error: ErrorBody = { code: 'unavailable', message: 'the server is restarting', retryable: true }
      return this.outgoing.control({ re: request.id, error })
    }
    if (this.#pending >= LIMITS.pendingRequests) {
      const message = `at most ${LIMITS.pendingRequests} requests may wait for their reply`
      const error: ErrorBody = { code: 'rate_limited', message, retryable: true, retryAfterMs: 1_000 }
      return this.outgoing.control({ re: request.id, error })
    }
    this.#pending++
    const who = this.#state.name === 'live' ? this.#state.caller : this.#stranger()
    const reply = await answer(request, who, services, (error) => {
      log.error({ session: id, type: request.type, error }, 'a request failed')
    })
    this.#pending--
    if (this.#state.name !== 'closed') this.outgoing.control({ re: request.id, ...reply })
    if (this.#goodbye) this.close(this.#goodbye.code, this.#goodbye.reason)
    this.#tellDrained()
  }

  #tellDrained(): void {
    if (this.#pending === 0) this.#drained?.()
  }

  #stranger(): Stranger {
    const { local, addressKey } = this.#parts
    return { outgoing: this.outgoing, local, addressKey, authenticate: (identity) => this.#authenticate(identity) }
  }

  #authenticate(identity: Identity): Caller {
    if (this.#state.name !== 'greeted') throw new Refusal('conflict', 'this connection has authenticated or closed')
    const { id, name } = identity.account
    this.#parts.services.deletion.check(id)
    this.#parts.services.bans.check(id)
    if (!this.#parts.admits(id)) {
      this.#goodbye = { code: CLOSE.crowded, reason: 'too many connections of one user' }
      throw new Refusal('rate_limited', 'this user has too many connections')
    }
    let current = identity
    const caller: Caller = {
      outgoing: this.outgoing,
      local: this.#parts.local,
      get identity() {
        return current
      },
      voice: new VoiceConnection({ id, name }, this.outgoing),
      refreshed: (refreshed) => {
        current = refreshed
      },
      end: ({ code, reason }) => this.close(code, reason),
      endAfterReply: (goodbye) => {
        this.#goodbye = goodbye
      },
    }
    this.#state = { name: 'live', caller }
    this.#parts.services.live.add(identity.session, caller)
    return caller
  }

  #reject(error: unknown): void {
    if (!(error instanceof DecodeError)) throw error
    this.#malformed++
    const left = LIMITS.malformedFrames - this.#malformed
    this.outgoing.control({ type: 'session.rejected', data: { reason: error.reason, message: error.message, left } })
    if (left <= 0) this.close(CLOSE.malformed, 'too many malformed frames')
  }

  /** `mayReturn`: the client is free to come back, so that its place is kept for it. */
  #end({ mayReturn }: { mayReturn: boolean }): void {
    const { services, ended } = this.#parts
    if (this.#state.name === 'live') {
      const { identity, voice } = this.#state.caller
      services.live.remove(identity.session, this.#state.caller)
      services.typing.gone(this.outgoing)
      if (voice.place && mayReturn) services.rooms.keep(voice.place)
      else if (voice.place) services.rooms.leave(voice.place)
      services.recordings.detach(voice)
    }
    services.channels.leaveAll(this.outgoing)
    this.#state = { name: 'closed' }
    this.outgoing.close()
    ended()
  }
}
