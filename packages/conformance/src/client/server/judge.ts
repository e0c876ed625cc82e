import { checkHeader, HEADER_BYTES, MediaKind, readKind, readTrack } from '@arclight/core/codec'
import { LIMITS, parseRequest, requests } from '@arclight/core/protocol'
import * as z from 'zod/mini'

/** A request as it came. */
export interface Received {
  readonly id: number
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
  /** When it came, on the server's monotonic clock in milliseconds. */
  readonly at: number
}

const AUTHENTICATING = new Set(['auth.register', 'auth.login', 'auth.token', 'session.resume'])

/**
 * Judges what a client sends by the rules that hold for every frame of every client, whatever the case is about. What
 * is wrong is written down with its rule.
 */
export class Judge {
  readonly faults: string[] = []
  readonly #pending = new Set<number>()
  readonly #tracks = new Set<number>()
  isSignedIn = false
  isLeaving = false

  /** A text frame; undefined where it is no request. */
  text(text: string): Received | undefined {
    if (Buffer.byteLength(text) > LIMITS.controlBytes)
      this.#fault('BAD-2', `a text frame of ${Buffer.byteLength(text)} bytes`)
    try {
      const { id, type, data } = parseRequest(text)
      this.#request(id, type, data)
      return { id, type, data: data as Received['data'], at: performance.now() }
    } catch (error) {
      this.#fault('BAD-1', `a text frame that is no request: ${(error as Error).message}`)
      return undefined
    }
  }

  /** Whether a binary frame has a header that can be read. */
  binary(bytes: Uint8Array): boolean {
    if (bytes.length > LIMITS.mediaBytes) this.#fault('BAD-2', `a binary frame of ${bytes.length} bytes`)
    try {
      checkHeader(bytes)
    } catch (error) {
      this.#fault('MEDIA-1', `a binary frame whose header is malformed: ${(error as Error).message}`)
      return false
    }
    if (readKind(bytes) === MediaKind.probe) {
      if (bytes.length !== HEADER_BYTES) this.#fault('PROBE-1', `a probe of ${bytes.length} bytes`)
    } else if (!this.#tracks.has(readTrack(bytes))) {
      this.#fault('TRACK-1', `a frame for track ${readTrack(bytes)}, which was not given to this connection`)
    }
    return true
  }

  /** A reply leaves. */
  replied(id: number): void {
    this.#pending.delete(id)
  }

  /** The connection was given this track. */
  published(track: number): void {
    this.#tracks.add(track)
  }

  #request(id: number, type: string, data: unknown): void {
    if (this.#pending.has(id)) this.#fault('MSG-1', `the id ${id} of a request that still waits for its reply`)
    this.#pending.add(id)
    if (this.#pending.size > LIMITS.pendingRequests) this.#fault('MSG-8', `${this.#pending.size} requests that wait`)
    if (this.isSignedIn === AUTHENTICATING.has(type)) {
      this.#fault('MSG-6', this.isSignedIn ? `${type} when signed in` : `${type} before signing in`)
    }
    if (this.isLeaving) this.#fault('DRAIN-2', `${type} after session.goaway`)
    const schema = Object.hasOwn(requests, type) ? requests[type as keyof typeof requests].request : undefined
    if (!schema) return this.#fault('MSG-2', `a request of the type ${type}`)
    const result = z.safeParse(schema, data, { error: z.locales.en().localeError })
    if (!result.success) this.#fault('MSG-4', `${type}: ${z.prettifyError(result.error)}`)
  }

  #fault(rule: string, what: string): void {
    this.faults.push(`[${rule}] the client sent ${what}`)
  }
}
