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
import { Member } from './member.ts'
import { OwnTracks } from './own-tracks.ts'
import { Speaker } from './speaker.ts'

/** What a call tells. */
export interface CallEvents {
  joined: { member: Member }
  left: { member: Member }
  /** Mute or deafen changed, or whether the member is reconnecting. */
  changed: { member: Member }
  speaking: { member: Member; speaking: boolean }
  /** A moderator has silenced this client here, or made it deaf, or has taken that back. */
  moderated: { serverMuted: boolean; serverDeafened: boolean }
  /** A moderator has sent this client to another voice channel, where the call goes on; its members are told as they come. */
  moved: { from: string; to: string }
  /** A member started a track. */
  speaker: Speaker
  /** The place in the channel is lost for good; `moved` to another connection of this user and device. */
  ended: { reason: CallEnd }
  /** A device, file or codec gave up; the rest of the call goes on. */
  failed: unknown
}

const MICROPHONE = 'microphone'

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
  readonly #parts: CallParts
  readonly #emitter = new Emitter<CallEvents>()
  readonly #members = new Map<string, Member>()
  readonly #speakers = new Map<number, Speaker>()
  readonly #queues = new Set<AsyncQueue<Speaker>>()
  readonly #tracks: OwnTracks
  #own = ''
  #muted: boolean
  #deafened: boolean
  #open = true
  #channel: string
  #serverMuted = false
  #serverDeafened = false

  constructor(parts: CallParts, state: { muted: boolean; deafened: boolean }) {
    this.#channel = parts.channel
    this.#parts = parts
    this.#muted = state.muted
    this.#deafened = state.deafened
    this.#tracks = new OwnTracks({
      ...parts,
      channel: () => (this.#open ? this.#channel : undefined),
      isMuted: (key) => this.#serverMuted || (key === MICROPHONE && this.#muted),
      heard: (level) => this.self?.heard(level, false),
    })
  }

  /** Where the call is: another channel once it was moved. */
  get channel(): string {
    return this.#channel
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

  /** A moderator has silenced this client here: nothing of it is heard, and nothing leaves. */
  get serverMuted(): boolean {
    return this.#serverMuted
  }

  /** A moderator has made this client deaf here: nothing comes. */
  get serverDeafened(): boolean {
    return this.#serverDeafened
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
    await this.#tracks.publish(MICROPHONE, microphone, (error) => {
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
      const track = await this.#tracks.publish(key, source, end)
      try {
        await ended
      } finally {
        await this.#tracks.unpublish(track)
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
    const tracks = this.#tracks.declarations()
    const { device } = this.#parts.runtime
    return { channel: this.channel, device, muted: this.#muted, deafened: this.#deafened, tracks }
  }

  /** The connection dropped: nobody can be heard, nothing leaves. */
  suspend(): void {
    this.#tracks.renumber({})
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

  /** A moderator has sent this client to another channel: its tracks go on there. */
  sent({ from, to, member, members }: EventData<'voice.sent'>): void {
    for (const id of [...this.#members.keys()]) this.memberLeft(id)
    this.#channel = to
    this.enter({ member, members })
    this.#emitter.emit('moved', { from, to })
    const { self } = this
    // What was changed meanwhile was said of the channel before.
    if (self && (self.muted !== this.#muted || self.deafened !== this.#deafened)) this.#set({})
  }

  resumed(resumed: Resumed): void {
    if (resumed === 'gone') return void this.end('gone')
    const { channel: to, member, members } = resumed
    if (to === this.#channel) this.enter(resumed)
    else this.sent({ from: this.#channel, to, member, members })
    this.#tracks.renumber(resumed.tracks)
  }

  async end(reason: CallEnd): Promise<void> {
    if (!this.#open) return
    this.#open = false
    this.#parts.closed()
    for (const id of [...this.#members.keys()]) this.memberLeft(id)
    for (const queue of this.#queues) queue.close()
    await this.#tracks.stop()
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
    if (state.member === this.#own) this.#moderate(state)
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

  #moderate(state: VoiceMember): void {
    const [serverMuted, serverDeafened] = [state.serverMuted === true, state.serverDeafened === true]
    if (serverMuted === this.#serverMuted && serverDeafened === this.#serverDeafened) return
    this.#serverMuted = serverMuted
    this.#serverDeafened = serverDeafened
    this.#tracks.quieten()
    this.#emitter.emit('moderated', { serverMuted, serverDeafened })
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
    const { connection } = this.#parts
    this.#tracks.quieten()
    const { name } = connection.state
    if (name !== 'live' && name !== 'greeted') return
    const state = { channel: this.channel, muted: this.#muted, deafened: this.#deafened }
    connection.request('voice.update', state).catch((error) => {
      // Of the channel before; it was said again of this one.
      if (state.channel === this.#channel) this.#emitter.emit('failed', error)
    })
  }
}
