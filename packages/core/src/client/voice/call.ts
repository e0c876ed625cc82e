import type { MediaHeader } from '../../codec/media-header.ts'
import type { AudioSource } from '../../contracts/audio-source.ts'
import type { EventData } from '../../protocol/events.ts'
import type { ReplyData, RequestData } from '../../protocol/requests.ts'
import type { TrackSummary } from '../../protocol/track.ts'
import type { VoiceMember } from '../../protocol/voice.ts'
import { AsyncQueue } from '../async-queue.ts'
import type { Connection } from '../connection.ts'
import { Emitter, type Listenable, type Unsubscribe } from '../emitter.ts'
import type { ClientRuntime } from '../options.ts'
import { LocalTrack } from './local-track.ts'
import { Member } from './member.ts'
import { Speaker } from './speaker.ts'

/** What a call tells. */
export interface CallEvents {
  joined: { member: Member }
  left: { member: Member }
  /** Mute or deafen changed, or whether the member is reconnecting. */
  changed: { member: Member }
  speaking: { member: Member; speaking: boolean }
  /** A member started a track. */
  speaker: Speaker
  /** The place in the channel is lost for good; `moved` to another connection of this user and device. */
  ended: { reason: CallEnd }
  /** A device, file or codec gave up; the rest of the call goes on. */
  failed: unknown
}

/** Why a call is over. */
export type CallEnd = 'left' | 'gone' | 'moved'

/** What a call needs of the client. */
export interface CallParts {
  readonly channel: string
  readonly connection: Connection
  readonly runtime: ClientRuntime
  readonly closed: () => void
}

type Resumed = NonNullable<ReplyData<'session.resume'>['voice']>
type Declaration = NonNullable<RequestData<'session.resume'>['voice']>

/** A place in a voice channel: who is there, what they say, and what we say. */
export class Call implements Listenable<CallEvents> {
  readonly channel: string
  readonly #parts: CallParts
  readonly #emitter = new Emitter<CallEvents>()
  readonly #members = new Map<string, Member>()
  readonly #speakers = new Map<number, Speaker>()
  readonly #queues = new Set<AsyncQueue<Speaker>>()
  readonly #tracks = new Map<string, LocalTrack>()
  #own = ''
  #muted: boolean
  #deafened: boolean
  #open = true

  constructor(parts: CallParts, state: { muted: boolean; deafened: boolean }) {
    this.channel = parts.channel
    this.#parts = parts
    this.#muted = state.muted
    this.#deafened = state.deafened
  }

  /** Everybody in the channel, this client too, by the id of their place. */
  get members(): ReadonlyMap<string, Member> {
    return this.#members
  }

  /** This client's own place. */
  get self(): Member | undefined {
    return this.#members.get(this.#own)
  }

  get muted(): boolean {
    return this.#muted
  }

  get deafened(): boolean {
    return this.#deafened
  }

  on<Name extends keyof CallEvents>(name: Name, listener: (event: CallEvents[Name]) => void): Unsubscribe {
    return this.#emitter.on(name, listener)
  }

  /** No frame of the microphone leaves until `unmute()`. */
  mute(): void {
    this.#set({ muted: true })
  }

  unmute(): void {
    this.#set({ muted: false })
  }

  /** Nobody is heard here until `undeafen()`; others see it. */
  deafen(): void {
    this.#set({ deafened: true })
  }

  undeafen(): void {
    this.#set({ deafened: false })
  }

  /** Starts sending a microphone; the call owns it from here on. */
  async speak(microphone: AudioSource): Promise<void> {
    await this.#publish('microphone', microphone, (error) => {
      if (error) this.#emitter.emit('failed', error)
    })
  }

  /** Plays a source into the call; resolves when its last frame was sent. `signal` stops it. */
  async play(source: AudioSource, options: { signal?: AbortSignal } = {}): Promise<{ frames: number }> {
    options.signal?.throwIfAborted()
    const key = `playback-${this.#parts.runtime.createId()}`
    let end: (error?: Error) => void = () => {}
    const ended = new Promise<void>((resolve, reject) => {
      end = (error) => (error ? reject(error) : resolve())
      options.signal?.addEventListener('abort', () => reject(options.signal?.reason), { once: true })
    })
    ended.catch(() => {})
    const over = this.on('ended', () => end(new Error('the call is over')))
    try {
      const track = await this.#publish(key, source, end)
      try {
        await ended
      } finally {
        await this.#unpublish(track)
      }
      return { frames: track.sent }
    } finally {
      over()
    }
  }

  /** The tracks of others, those there now and those to come, until the call ends. */
  speakers(): AsyncIterable<Speaker> {
    const queue = new AsyncQueue<Speaker>()
    for (const speaker of this.#speakers.values()) queue.push(speaker)
    if (this.#open) this.#queues.add(queue)
    else queue.close()
    return queue
  }

  /** Leaves the channel and releases what was sending. */
  async leave(): Promise<void> {
    if (!this.#open) return
    const { connection } = this.#parts
    await this.end('left')
    if (connection.state.name === 'live') await connection.request('voice.leave', { channel: this.channel })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.leave()
  }

  /** For the resume: what this client wants to have again. */
  declaration(): Declaration {
    const tracks = [...this.#tracks.values()].map(({ key, format }) => ({ key, format }))
    const { device } = this.#parts.runtime
    return { channel: this.channel, device, muted: this.#muted, deafened: this.#deafened, tracks }
  }

  /** The connection dropped: nobody can be heard, nothing leaves. */
  suspend(): void {
    for (const track of this.#tracks.values()) track.number = undefined
    for (const speaker of this.#speakers.values()) void speaker.close()
    this.#speakers.clear()
  }

  /** The server's word on who is there, after a join or a resume. */
  enter(state: { member: string; members: readonly VoiceMember[] }): void {
    this.#own = state.member
    const present = new Set(state.members.map(({ member }) => member))
    for (const id of [...this.#members.keys()]) if (!present.has(id)) this.memberLeft(id)
    for (const member of state.members) this.memberChanged(member)
  }

  resumed(resumed: Resumed): void {
    if (resumed === 'gone') return void this.end('gone')
    this.enter(resumed)
    for (const track of this.#tracks.values()) track.number = resumed.tracks[track.key]
  }

  async end(reason: CallEnd): Promise<void> {
    if (!this.#open) return
    this.#open = false
    this.#parts.closed()
    for (const id of [...this.#members.keys()]) this.memberLeft(id)
    for (const queue of this.#queues) queue.close()
    const tracks = [...this.#tracks.values()]
    this.#tracks.clear()
    await Promise.all(tracks.map((track) => track.stop()))
    this.#emitter.emit('ended', { reason })
  }

  /** Another connection took a place; if it is this one, the call is over here. */
  moved(member: string): void {
    if (member === this.#own) void this.end('moved')
  }

  memberChanged(state: VoiceMember): void {
    const known = this.#members.get(state.member)
    if (known) {
      known.update(state)
      this.#emitter.emit('changed', { member: known })
    } else {
      const member: Member = new Member(state, this.#parts.runtime.clock, {
        speaking: (speaking) => this.#emitter.emit('speaking', { member, speaking }),
        volume: (volume) => this.#setVolume(member, volume),
      })
      this.#members.set(member.id, member)
      this.#emitter.emit('joined', { member })
    }
    for (const track of state.tracks) this.trackPublished({ member: state.member, track })
  }

  /** A member has left; where it is this one, the server has taken the place away. */
  left(member: string): void {
    if (member === this.#own) void this.end('gone')
    else this.memberLeft(member)
  }

  memberLeft(id: string): void {
    const member = this.#members.get(id)
    if (!member) return
    this.#members.delete(id)
    member.left()
    for (const speaker of [...this.#speakers.values()]) if (speaker.member === member) this.#silence(speaker)
    this.#emitter.emit('left', { member })
  }

  trackPublished({ member: id, track }: { member: string; track: TrackSummary }): void {
    const member = this.#members.get(id)
    if (!member || id === this.#own || this.#speakers.has(track.track)) return
    const { audioCodec, output } = this.#parts.runtime
    const failed = (error: unknown): void => this.#emitter.emit('failed', error)
    const speaker = new Speaker({ member, track, codec: audioCodec, failed })
    this.#speakers.set(track.track, speaker)
    if (output) void speaker.pipe(output(speaker)).catch(failed)
    this.#emitter.emit('speaker', speaker)
    for (const queue of this.#queues) queue.push(speaker)
  }

  trackUnpublished({ track }: Pick<EventData<'track.unpublished'>, 'track'>): void {
    const speaker = this.#speakers.get(track)
    if (speaker) this.#silence(speaker)
  }

  media(header: MediaHeader, frame: Uint8Array): void {
    if (!this.#deafened) this.#speakers.get(header.track)?.receive(header, frame)
  }

  #silence(speaker: Speaker): void {
    this.#speakers.delete(speaker.track.track)
    void speaker.close()
  }

  #setVolume(member: Member, volume: number): void {
    for (const speaker of this.#speakers.values()) if (speaker.member === member) speaker.setVolume(volume)
  }

  #set(change: { muted?: boolean; deafened?: boolean }): void {
    this.#muted = change.muted ?? this.#muted
    this.#deafened = change.deafened ?? this.#deafened
    this.#tracks.get('microphone')?.setMuted(this.#muted)
    const { connection } = this.#parts
    const microphone = this.#tracks.get('microphone')?.number
    if (this.#muted && microphone !== undefined) connection.media.forget(microphone)
    const { name } = connection.state
    if (name !== 'live' && name !== 'greeted') return
    const state = { channel: this.channel, muted: this.#muted, deafened: this.#deafened }
    connection.request('voice.update', state).catch((error) => this.#emitter.emit('failed', error))
  }

  async #publish(key: string, source: AudioSource, ended: (error?: Error) => void): Promise<LocalTrack> {
    const { connection, runtime } = this.#parts
    const codec = await runtime.audioCodec()
    const send = (frame: Uint8Array, level: number): void => {
      this.self?.heard(level, false)
      connection.media.send(frame)
    }
    const track = new LocalTrack({ key, source, codec, send, ended })
    const to = { channel: this.channel }
    const reply = await connection.request('track.publish', { key, format: track.format, to })
    if (!this.#open) throw new Error('the call is over')
    track.number = reply.track
    if (key === 'microphone') track.setMuted(this.#muted)
    const before = this.#tracks.get(key)
    this.#tracks.set(key, track)
    await before?.stop()
    try {
      await track.start()
    } catch (error) {
      await this.#unpublish(track)
      throw error
    }
    return track
  }

  async #unpublish(track: LocalTrack): Promise<void> {
    const { number } = track
    this.#tracks.delete(track.key)
    await track.stop()
    const { connection } = this.#parts
    if (number === undefined || !this.#open || connection.state.name !== 'live') return
    await connection.request('track.unpublish', { track: number })
  }
}
