import type { Microseconds, Milliseconds, RecordingSummary } from '@arclight/core'
import type { FinishedFile, Muxer } from '@arclight/core/contracts'
import { LIMITS, type MediaFormat } from '@arclight/core/protocol'
import type { Outgoing } from '../delivery/outgoing.ts'
import type { HostClient, MediaHost } from '../media-host/media-host.ts'
import type { HostReply } from '../media-host/messages.ts'
import { Refusal } from '../refusal.ts'
import type { MediaSink, Publisher, Track } from '../tracks/track-table.ts'
import type { Tracks } from '../tracks/tracks.ts'
import { RecorderTrack } from './recorder-track.ts'

/** A host that dies this often without getting further is killed by this very recording. */
const MOST_CRASHES = 3

/** The connection that records. */
export interface Attached {
  readonly publisher: Publisher
  readonly outgoing: Outgoing
}

type RecorderState =
  | { readonly name: 'recording'; readonly attached: Attached }
  /** Nobody records; at `until` the recording ends by itself. */
  | { readonly name: 'absent'; readonly until: Milliseconds }
  /** Everything that came is on its way into the file. */
  | { readonly name: 'closing'; readonly attached: Attached | undefined }
  | { readonly name: 'ended' }

/** What a recorder is made of. */
export interface RecorderParts {
  readonly summary: RecordingSummary
  readonly host: MediaHost
  readonly recorder: number
  readonly muxer: Muxer
  readonly file: string
  readonly tracks: Tracks
  readonly now: () => Milliseconds
  readonly wall: () => number
  /** The file is finished, or `failed` says why it is not; called once. */
  readonly ended: (file: FinishedFile | undefined, failed?: string) => void
}

/** A member of the conversation that writes: takes frames, keeps each until it is on disk, feeds a media host. */
export class Recorder implements MediaSink, HostClient {
  readonly summary: RecordingSummary
  readonly #parts: RecorderParts
  readonly #tracks = new Map<string, RecorderTrack>()
  /** The tracks as they are numbered on the present connection. */
  readonly #published = new Map<Track, RecorderTrack>()
  #state: RecorderState
  #opened = false
  #origin: Microseconds | undefined
  #crashes = 0
  #ackedAt: Milliseconds = 0

  constructor(parts: RecorderParts, attached: Attached) {
    this.#parts = parts
    this.summary = parts.summary
    this.#state = { name: 'recording', attached }
    parts.host.add(parts.recorder, this)
  }

  /** Whether it still takes frames, or would if its recorder came back. */
  get open(): boolean {
    return this.#state.name === 'recording' || this.#state.name === 'absent'
  }

  get publisher(): Publisher | undefined {
    return this.#state.name === 'recording' ? this.#state.attached.publisher : undefined
  }

  /** Publishes a track, or a known key anew: its seq goes on. Returns the number and the seq that is lacking first. */
  publish(declared: { key: string; format: MediaFormat }): { track: number; next: number } {
    if (this.#state.name !== 'recording') throw new Error('expected a recording that somebody records')
    const { key, format } = declared
    const { recorder, tracks } = this.#parts
    // What is stored is counted by kind: two of a kind would be taken for each other.
    if ([...this.#tracks.values()].some((one) => (one.key === key) !== (one.format.kind === format.kind))) {
      throw new Refusal('forbidden', 'a recording has one track of pictures and one of sound at most')
    }
    const recorderTrack = this.#tracks.get(key) ?? new RecorderTrack(recorder, declared)
    this.#tracks.set(key, recorderTrack)
    for (const [track, of] of this.#published) if (of === recorderTrack) this.unpublish(track)
    const { publisher } = this.#state.attached
    const track = tracks.add({ key, format, publisher, sink: this })
    this.#published.set(track, recorderTrack)
    return { track: track.track, next: recorderTrack.next }
  }

  unpublish(track: Track): void {
    this.#parts.tracks.remove(track)
    this.#published.delete(track)
  }

  take(track: Track, frame: Uint8Array): void {
    const recorderTrack = this.#published.get(track)
    if (!recorderTrack || this.#state.name !== 'recording') return
    recorderTrack.push(frame)
    if (recorderTrack.overflows) return this.#giveUp('the disk does not keep up with the recording')
    this.#feed()
  }

  /** Another connection of the same user goes on with it. */
  attach(attached: Attached): void {
    this.#withdraw()
    if (this.#state.name === 'recording' || this.#state.name === 'absent') {
      this.#state = { name: 'recording', attached }
    }
  }

  /** The connection is gone; somebody may come back for the recording. */
  detach(publisher: Publisher): void {
    if (this.#state.name !== 'recording' || this.#state.attached.publisher !== publisher) return
    this.#withdraw()
    this.#state = { name: 'absent', until: this.#parts.now() + LIMITS.recordingAbsenceMs }
  }

  /** Finishes the file; `ended` follows. */
  close(): void {
    if (this.#state.name === 'closing' || this.#state.name === 'ended') return
    this.#state = { name: 'closing', attached: this.#attached }
    this.#feed()
  }

  /** Nothing more is taken; what came goes into the file, which the host still has open. */
  #giveUp(message: string): void {
    this.#attached?.outgoing.control({ type: 'recording.failed', data: { recording: this.summary.id, message } })
    this.close()
  }

  /** Called ten times a second. */
  tick(now: Milliseconds): void {
    if (this.#state.name === 'absent' && now >= this.#state.until) this.close()
    if (this.#state.name !== 'recording' || now - this.#ackedAt < LIMITS.ackMs) return
    this.#ackedAt = now
    const { outgoing } = this.#state.attached
    for (const [{ track }, recorderTrack] of this.#published) {
      outgoing.state(`ack:${track}`, () => this.#ack(track, recorderTrack))
    }
  }

  replied(reply: HostReply): void {
    if (reply.type === 'origin') this.#origin = reply.origin
    if (reply.type === 'stored') this.#stored(reply)
    if (reply.type === 'closed') this.#end(reply.file)
    if (reply.type === 'failed') this.#end(undefined, reply.message)
  }

  restarted(): void {
    if (this.#state.name === 'ended' || !this.#opened) return
    this.#crashes++
    if (this.#crashes > MOST_CRASHES) return this.#end(undefined, 'the media host died too often on this recording')
    for (const track of this.#tracks.values()) track.handAgain()
    this.#open({ origin: this.#origin })
    this.#feed()
  }

  drained(): void {
    this.#feed()
  }

  /** Hands over what the pipe takes, the tracks in turn, so that neither runs ahead of the other. */
  #feed(): void {
    if (this.#state.name === 'ended') return
    const { host, recorder } = this.#parts
    const tracks = [...this.#tracks.values()]
    if (!this.#opened && tracks.some((track) => !track.handedOver)) this.#open(undefined)
    let handed = true
    while (handed && host.hasRoom) {
      handed = false
      for (const track of tracks) {
        const record = track.handNext()
        if (!record) continue
        handed = true
        host.frame(record)
      }
    }
    const complete = tracks.every((track) => track.handedOver)
    if (this.#state.name !== 'closing' || !complete) return
    if (this.#opened) host.request(recorder, { type: 'close' })
    else this.#end(undefined)
  }

  #open(resume: { origin: Microseconds | undefined } | undefined): void {
    this.#opened = true
    const { host, muxer, recorder, file } = this.#parts
    const formats = [...this.#tracks.values()].map(({ format }) => format)
    const video = formats.find((format) => format.kind === 'video')
    const audio = formats.find((format) => format.kind === 'audio')
    const tracks = { ...(video ? { video } : {}), ...(audio ? { audio } : {}) }
    host.request(recorder, { type: 'open', module: muxer.module, file, tracks, ...(resume ? { resume } : {}) })
  }

  #stored({ video, audio, durationMs, bytes }: Extract<HostReply, { type: 'stored' }>): void {
    this.#crashes = 0
    for (const track of this.#tracks.values()) track.storedUpTo(track.format.kind === 'video' ? video : audio)
    const outgoing = this.#attached?.outgoing
    const data = { recording: this.summary.id, durationMs, bytes }
    outgoing?.state(`progress:${this.summary.id}`, () => ({ type: 'recording.progress', data }))
  }

  get #attached(): Attached | undefined {
    return 'attached' in this.#state ? this.#state.attached : undefined
  }

  #ack(track: number, recorderTrack: RecorderTrack): object {
    return { type: 'track.ack', data: recorderTrack.ack(track, this.#parts.wall()) }
  }

  /** Takes the tracks of the present connection back. */
  #withdraw(): void {
    for (const track of [...this.#published.keys()]) this.unpublish(track)
  }

  #end(file: FinishedFile | undefined, failed?: string): void {
    if (this.#state.name === 'ended') return
    const outgoing = this.#attached?.outgoing
    for (const [{ track }, recorderTrack] of this.#published) outgoing?.control(this.#ack(track, recorderTrack))
    if (failed !== undefined) {
      outgoing?.control({ type: 'recording.failed', data: { recording: this.summary.id, message: failed } })
    }
    this.#withdraw()
    this.#state = { name: 'ended' }
    this.#parts.host.remove(this.#parts.recorder)
    this.#parts.ended(file, failed)
  }
}
