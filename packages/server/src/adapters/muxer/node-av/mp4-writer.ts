import type { Microseconds } from '@arclight/core'
import type { FinishedFile, MuxerFile, MuxerFrame, MuxerTracks, StoredUpTo } from '@arclight/core/contracts'
import { type AccessUnit, type ParameterSets, readAccessUnit } from './access-unit.ts'
import { AudioTrack } from './audio-track.ts'
import { move, remove, sizeOf } from './disk.ts'
import { finishedFile } from './finished-file.ts'
import { partOf } from './leftover.ts'
import type { Mp4Output } from './mp4-output.ts'
import type { Tracks } from './tracks.ts'
import { addVideo, VideoTrack } from './video-track.ts'

/** How long sound waits for the first key frame before the file becomes one of sound only. */
const GRACE: Microseconds = 5_000_000
/** However little sound they hold, no more packets wait than 5 s of the shortest, 2.5 ms, are. */
const MOST_WAITING = 2000
/** So far behind the pictures a silent microphone's silence is written: without it no fragment would end. */
const SILENCE_LAG: Microseconds = 2_000_000
/** A longer jump is a mistake, and MP4 could not hold the frame's duration. */
const LONGEST_GAP: Microseconds = 6 * 3_600_000_000

interface WaitingPacket {
  readonly payload: Uint8Array
  readonly timestamp: Microseconds
}

/** What a writer is doing. */
export type WriterState =
  | { readonly name: 'waiting'; readonly packets: WaitingPacket[]; readonly origin: Microseconds | undefined }
  | ({ readonly name: 'writing' } & Tracks)
  | { readonly name: 'closed'; readonly result: FinishedFile | undefined }

/** A file as frames come: it waits until its tracks are known, is written, and is closed. */
export class Mp4Writer implements MuxerFile {
  readonly #file: string
  readonly #wanted: MuxerTracks
  readonly #output: Mp4Output
  readonly #told: (origin: Microseconds) => void
  #state: WriterState
  /** The timestamps of the newest frame, and of the picture at which sound last came. */
  #newest: Microseconds | undefined
  #heard: Microseconds | undefined

  constructor(parts: {
    file: string
    wanted: MuxerTracks
    output: Mp4Output
    told: (origin: Microseconds) => void
    state: WriterState
  }) {
    this.#file = parts.file
    this.#wanted = parts.wanted
    this.#output = parts.output
    this.#told = parts.told
    this.#state = parts.state
  }

  video({ payload, timestamp }: MuxerFrame): boolean {
    this.#output.assertSound()
    if (!this.#wanted.video || !this.#isNear(timestamp)) return false
    const unit = readAccessUnit(payload)
    if (!unit) return false
    if (this.#state.name === 'waiting') {
      if (!unit.keyFrame || !unit.parameters) return false
      this.#begin(timestamp, unit.parameters)
    }
    return this.#pushVideo(unit, timestamp)
  }

  audio({ payload, timestamp }: MuxerFrame): boolean {
    this.#output.assertSound()
    if (!this.#wanted.audio || !this.#isNear(timestamp)) return false
    const state = this.#state
    if (state.name === 'waiting') {
      state.packets.push({ payload: payload.slice(), timestamp })
      const first = state.packets[0]?.timestamp ?? timestamp
      const isEnough = timestamp - first >= GRACE || state.packets.length >= MOST_WAITING
      if (!this.#wanted.video || isEnough) this.#begin(first)
      return true
    }
    return this.#pushAudio(payload, timestamp)
  }

  async sync(): Promise<StoredUpTo> {
    const state = this.#state
    const writing = state.name === 'writing' ? state : undefined
    const isPlayable = writing !== undefined && this.#hasPackets(writing)
    if (isPlayable) this.#output.endFragment()
    // What is durable is what was written before the disk was asked.
    const video = isPlayable ? writing.video?.storedUpTo() : undefined
    const audio = isPlayable ? writing.audio?.storedUpTo() : undefined
    const bytes = await this.#output.sync()
    return { video, audio, bytes }
  }

  async close(): Promise<FinishedFile | undefined> {
    if (this.#state.name === 'closed') return this.#state.result
    try {
      const tracks = this.#end()
      const isEmpty = !tracks || (!tracks.video?.frames && !tracks.audio?.packets)
      if (!isEmpty) {
        this.#output.endFragment()
        // The fragments are safe before the trailer makes something else of them.
        await this.#output.sync()
        this.#output.finish()
        await this.#output.sync()
      }
      await this.#free()
      const result = isEmpty ? undefined : await this.#publish(tracks)
      if (isEmpty) await remove(partOf(this.#file))
      this.#state = { name: 'closed', result }
      return result
    } finally {
      await this.#free()
    }
  }

  /** No frame comes any more: each track gets its last packet. */
  #end(): Tracks | undefined {
    this.#output.assertSound()
    const first = this.#state.name === 'waiting' ? this.#state.packets[0] : undefined
    if (first) this.#begin(first.timestamp)
    const state = this.#state
    if (state.name !== 'writing') return undefined
    state.video?.finish()
    if (state.video) state.audio?.silence(state.video.end)
    state.audio?.finish()
    return state
  }

  async #publish({ video, audio }: Tracks): Promise<FinishedFile> {
    await move(partOf(this.#file), this.#file)
    const seconds = Math.max(video?.end ?? 0, audio?.end ?? 0) / 1e6
    return finishedFile({ seconds, bytes: await sizeOf(this.#file), video })
  }

  async #free(): Promise<void> {
    if (this.#state.name === 'writing') this.#state.audio?.free()
    await this.#output.free()
  }

  /** The streams are known now: with the pictures that came, or without any. */
  #begin(timestamp: Microseconds, parameters?: ParameterSets): void {
    if (this.#state.name !== 'waiting') return
    const { packets, origin: known } = this.#state
    const origin = known ?? Math.min(timestamp, packets[0]?.timestamp ?? timestamp)
    const written = parameters && addVideo(this.#output, parameters)
    const audio = this.#wanted.audio && AudioTrack.add(this.#output, origin)
    const video = written && new VideoTrack(this.#output, origin, written)
    this.#state = { name: 'writing', origin, video, audio }
    this.#output.begin()
    if (known === undefined) this.#told(origin)
    for (const { payload, timestamp: at } of packets) this.#pushAudio(payload, at)
  }

  #pushVideo(unit: AccessUnit, timestamp: Microseconds): boolean {
    if (this.#state.name !== 'writing') return false
    const { video, audio, origin } = this.#state
    if (!video?.push(unit, timestamp)) return false
    this.#newest = Math.max(this.#newest ?? timestamp, timestamp)
    this.#heard ??= timestamp
    const until = timestamp - SILENCE_LAG
    if (audio && this.#heard < until && audio.taken < until - origin) audio.silence(until - origin)
    return true
  }

  #pushAudio(payload: Uint8Array, timestamp: Microseconds): boolean {
    if (this.#state.name !== 'writing') return false
    if (!this.#state.audio?.push(payload, timestamp)) return false
    this.#heard = this.#newest
    if (!this.#state.video) this.#newest = timestamp
    return true
  }

  /** A track's beginning is known from its first packet, and the index is written once. */
  #hasPackets({ video, audio }: Tracks): boolean {
    return (!video || video.frames > 0) && (!audio || audio.packets > 0)
  }

  #isNear(timestamp: Microseconds): boolean {
    if (!Number.isFinite(timestamp)) return false
    const state = this.#state
    const from = this.#newest ?? (state.name === 'closed' ? undefined : state.origin)
    return from === undefined || Math.abs(timestamp - from) <= LONGEST_GAP
  }
}
