import { MediaKind, readHeader } from '@arclight/core/codec'
import type { Direction, FrameKind } from './rule.ts'

/** A frame on its way, as the rules see it. */
export interface Frame {
  readonly direction: Direction
  readonly kind: FrameKind
  readonly bytes: Buffer
  readonly isBinary: boolean
  /** A message's type; of a reply, its request's. */
  readonly type?: string | undefined
  readonly isReply: boolean
  readonly channel?: string | undefined
}

const KINDS: Readonly<Record<MediaKind, FrameKind>> = {
  [MediaKind.audio]: 'audio',
  [MediaKind.video]: 'video',
  [MediaKind.probe]: 'probe',
}

type Json = Readonly<Record<string, unknown>>

interface Asked {
  readonly type: string
  readonly data: Json
}

/** Reads the frames of one connection: remembers its requests, so that a reply has a type, and where its tracks go. */
export class FrameReader {
  readonly #asked = new Map<unknown, Asked>()
  readonly #channels = new Map<unknown, string>()

  read(direction: Direction, bytes: Buffer, isBinary: boolean): Frame {
    if (isBinary) return { direction, bytes, isBinary, isReply: false, ...this.#media(bytes) }
    return { direction, bytes, isBinary, kind: 'text', ...this.#message(direction, objectIn(bytes.toString())) }
  }

  #media(bytes: Buffer): Pick<Frame, 'kind' | 'channel'> {
    try {
      const { kind, track } = readHeader(bytes)
      return { kind: KINDS[kind], channel: this.#channels.get(track) }
    } catch {
      return { kind: 'other' }
    }
  }

  #message(direction: Direction, message: Json): Pick<Frame, 'type' | 'isReply' | 'channel'> {
    const data = asObject(message.data)
    if (direction === 'to-client' && 're' in message) {
      const asked = this.#asked.get(message.re)
      this.#asked.delete(message.re)
      if (asked) this.#learn(asked, data)
      return { isReply: true, type: asked?.type, channel: asked && channelOf(asked.data) }
    }
    const type = asText(message.type)
    if (direction === 'to-server' && type !== undefined) this.#asked.set(message.id, { type, data })
    if (type === 'track.published') this.#learnTracks(channelOf(data), [data.track])
    return { isReply: false, type, channel: asText(message.channel) ?? channelOf(data) }
  }

  /** Replies say which numbers the tracks of a channel have. */
  #learn({ type, data }: Asked, reply: Json): void {
    if (type === 'track.publish') this.#learnTracks(channelOf(asObject(data.to)), [reply])
    const voice = type === 'voice.join' ? reply : type === 'session.resume' ? asObject(reply.voice) : undefined
    if (!voice) return
    for (const track of Object.values(asObject(voice.tracks))) this.#learnTracks(channelOf(voice), [{ track }])
    for (const member of asArray(voice.members)) this.#learnTracks(channelOf(voice), asArray(asObject(member).tracks))
  }

  #learnTracks(channel: string | undefined, tracks: readonly unknown[]): void {
    if (channel === undefined) return
    for (const track of tracks) this.#channels.set(asObject(track).track, channel)
  }
}

function objectIn(text: string): Json {
  try {
    return asObject(JSON.parse(text))
  } catch {
    return {}
  }
}

function channelOf(data: Json): string | undefined {
  return asText(data.channel)
}

function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {}
}

function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
