import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock, Milliseconds, RecordingSummary, UserSummary } from '@arclight/core'
import type { BlobStore, FinishedFile, Muxer, RecordingChange, Storage } from '@arclight/core/contracts'
import { LIMITS } from '@arclight/core/protocol'
import { createId } from '../accounts/token.ts'
import type { Logger } from '../log.ts'
import { MediaHosts } from '../media-host/media-hosts.ts'
import { mayHave } from '../permissions/may.ts'
import { Refusal } from '../refusal.ts'
import { systemClock } from '../system-clock.ts'
import type { Publisher, Track } from '../tracks/track-table.ts'
import type { Tracks } from '../tracks/tracks.ts'
import { type Attached, Recorder, type RecorderParts } from './recorder.ts'
import { repairFile } from './repair.ts'

/** What the recordings are made of. */
export interface RecordingsParts {
  readonly storage: Storage
  readonly clock: Clock
  readonly log: Logger
  readonly tracks: Tracks
  /** Undefined where nobody asked for recording. */
  readonly muxer: Muxer | undefined
  readonly blobs: BlobStore | undefined
}

type Availability =
  | { readonly name: 'unavailable'; readonly why: string }
  | { readonly name: 'available'; readonly muxer: Muxer; readonly blobs: BlobStore; readonly hosts: MediaHosts }

interface Running {
  readonly recorder: Recorder
  readonly finished: Promise<RecordingSummary>
}

const PRIVATE_FOLDER = 0o700

/** Where a recording's finished file is kept. */
export function blobKey(id: string): string {
  return `videos/${id}.mp4`
}

/** The recordings under way, and the catalogue of all. */
export class Recordings {
  readonly #parts: RecordingsParts
  readonly #running = new Map<string, Running>()
  /** Whose recordings are about to run: they count before they are in storage. */
  readonly #starting = new Set<{ readonly owner: string }>()
  #availability: Availability = { name: 'unavailable', why: 'this server does not record' }

  constructor(parts: RecordingsParts) {
    this.#parts = parts
  }

  /** Why nothing is recorded here; undefined where it is. */
  get unavailable(): string | undefined {
    return this.#availability.name === 'unavailable' ? this.#availability.why : undefined
  }

  /** The process ids of the media hosts that run. */
  get hostPids(): number[] {
    return this.#availability.name === 'available' ? this.#availability.hosts.pids : []
  }

  /** Sees whether recording works here; then makes playable what a crash cut off. Resolves when that is done. */
  async open(): Promise<void> {
    const { muxer, blobs, log } = this.#parts
    if (!muxer || !blobs) return
    try {
      await muxer.check()
      await mkdir(blobs.scratch, { recursive: true, mode: PRIVATE_FOLDER })
    } catch (error) {
      const why = (error as Error).message
      this.#availability = { name: 'unavailable', why }
      log.warn({ muxer: muxer.name, why }, 'this server does not record')
      return
    }
    // Processes live in real time, whatever clock the server was given.
    const hosts = new MediaHosts({ clock: systemClock, log, directory: blobs.scratch })
    this.#availability = { name: 'available', muxer, blobs, hosts }
    await this.#repairAll()
  }

  async start(owner: UserSummary, title: string | undefined, attached: Attached): Promise<RecordingSummary> {
    this.#demand()
    const running = [...this.#running.values()].map(({ recorder }) => recorder.summary.owner.id)
    const own = [...running, ...[...this.#starting].map((one) => one.owner)].filter((one) => one === owner.id)
    if (own.length >= LIMITS.recordings) {
      throw new Refusal('rate_limited', `at most ${LIMITS.recordings} recordings of one user at a time`)
    }
    const starting = { owner: owner.id }
    this.#starting.add(starting)
    try {
      return await this.#start(owner, title, attached)
    } finally {
      this.#starting.delete(starting)
    }
  }

  async #start(owner: UserSummary, title: string | undefined, attached: Attached): Promise<RecordingSummary> {
    const { muxer, blobs, hosts } = this.#demand()
    const { clock, storage, tracks } = this.#parts
    const startedAt = clock.wall()
    const summary: RecordingSummary = {
      id: await createId(),
      title: title ?? new Date(startedAt).toISOString(),
      state: 'recording',
      owner,
      startedAt,
      durationMs: 0,
      bytes: 0,
      videoFrames: 0,
    }
    await storage.recordings.create(summary)
    const { host, recorder: number } = hosts.assign()
    const file = join(blobs.scratch, `${summary.id}.mp4`)
    const { ended, finished } = this.#ending(summary)
    const [now, wall] = [() => clock.now(), () => clock.wall()]
    const parts = { summary, host, recorder: number, muxer, file, tracks, now, wall, ended }
    const recorder = new Recorder(parts, attached)
    this.#running.set(summary.id, { recorder, finished })
    // The connection may have closed meanwhile, and told nobody of this recorder.
    if (attached.outgoing.closed) recorder.detach(attached.publisher)
    return summary
  }

  #ending(summary: RecordingSummary): Pick<RecorderParts, 'ended'> & Pick<Running, 'finished'> {
    let ended: RecorderParts['ended'] = () => {}
    const finished = new Promise<RecordingSummary>((resolve, reject) => {
      ended = (file, failed) =>
        void this.#finish(summary, file, failed)
          .finally(() => this.#running.delete(summary.id))
          .then(resolve, reject)
    })
    finished.catch((error: unknown) => this.#parts.log.error({ recording: summary.id, error }, 'a recording was lost'))
    return { ended: (file, failed) => ended(file, failed), finished }
  }

  /** Ends a recording; resolves when it can be played. One that has ended already is given as it is. */
  async stop(user: string, id: string): Promise<RecordingSummary> {
    const running = this.#running.get(id)
    if (!running || !mayHave(user, running.recorder.summary)) return this.get(user, id)
    running.recorder.close()
    return running.finished
  }

  /** Throws `not_found` for one that is not there or not the user's. */
  async get(user: string, id: string): Promise<RecordingSummary> {
    const found = await this.#parts.storage.recordings.get(id)
    if (!found || !mayHave(user, found)) throw Refusal.notFound('recording')
    return found
  }

  list(user: string): Promise<readonly RecordingSummary[]> {
    return this.#parts.storage.recordings.byOwner(user, LIMITS.recordingsListed)
  }

  /** Takes away all that a user recorded, what is under way too. */
  async erase(user: string): Promise<void> {
    const { storage, blobs } = this.#parts
    for (;;) {
      const own = await storage.recordings.byOwner(user, LIMITS.recordingsListed)
      if (own.length === 0) return
      for (const { id } of own) {
        await this.stop(user, id).catch(() => {})
        await blobs?.remove(blobKey(id))
        await storage.recordings.remove(id)
      }
    }
  }

  /** The user's recording under way; undefined where it has ended, or is somebody else's. */
  find(user: string, id: string): Recorder | undefined {
    const recorder = this.#running.get(id)?.recorder
    return recorder?.open && mayHave(user, recorder.summary) ? recorder : undefined
  }

  /** As `find`; throws `not_found`. */
  running(user: string, id: string): Recorder {
    const recorder = this.find(user, id)
    if (!recorder) throw Refusal.notFound('recording')
    return recorder
  }

  unpublish(track: Track): boolean {
    for (const { recorder } of this.#running.values()) {
      if (track.sink !== recorder) continue
      recorder.unpublish(track)
      return true
    }
    return false
  }

  /** A connection is gone: its recordings wait for it. */
  detach(publisher: Publisher): void {
    for (const { recorder } of this.#running.values()) recorder.detach(publisher)
  }

  tick(now: Milliseconds): void {
    if (this.#availability.name === 'available') this.#availability.hosts.tick()
    for (const { recorder } of this.#running.values()) recorder.tick(now)
  }

  /** Finishes every recording, then ends the hosts. */
  async close(): Promise<void> {
    const running = [...this.#running.values()]
    for (const { recorder } of running) recorder.close()
    await Promise.allSettled(running.map(({ finished }) => finished))
    if (this.#availability.name === 'available') await this.#availability.hosts.close()
  }

  #demand(): Extract<Availability, { name: 'available' }> {
    if (this.#availability.name === 'available') return this.#availability
    throw new Refusal('unavailable', this.#availability.why)
  }

  async #finish(
    summary: RecordingSummary,
    file: FinishedFile | undefined,
    failed: string | undefined,
  ): Promise<RecordingSummary> {
    if (failed !== undefined) {
      this.#parts.log.error({ recording: summary.id, why: failed }, 'a recording failed; what is on disk is kept')
      return this.#repair(summary)
    }
    if (!file) return this.#settle(summary, 'failed', undefined)
    return this.#settle(summary, 'finished', file)
  }

  async #repairAll(): Promise<void> {
    for (const summary of await this.#parts.storage.recordings.unfinished()) {
      if (this.#running.has(summary.id)) continue
      await this.#repair(summary).catch((error: unknown) => {
        this.#parts.log.error({ recording: summary.id, error }, 'a recording could not be repaired')
      })
    }
  }

  /** Makes playable what is on disk. */
  async #repair(summary: RecordingSummary): Promise<RecordingSummary> {
    const { blobs, hosts, muxer } = this.#demand()
    // A crash after the file was adopted: its figures were written before, only the state is behind.
    if (await blobs.stat(blobKey(summary.id))) return this.#update(summary, { ...summary, state: 'finished' })
    const file = join(blobs.scratch, `${summary.id}.mp4`)
    const repaired = await repairFile(hosts, muxer, file)
    if (repaired instanceof Error) {
      this.#parts.log.error({ recording: summary.id, error: repaired }, 'a recording could not be repaired')
      return this.#settle(summary, 'failed', undefined)
    }
    return this.#settle(summary, repaired ? 'recovered' : 'failed', repaired)
  }

  async #settle(
    summary: RecordingSummary,
    state: RecordingSummary['state'],
    file: FinishedFile | undefined,
  ): Promise<RecordingSummary> {
    const { blobs } = this.#demand()
    if (!file) return this.#update(summary, { state, durationMs: 0, bytes: 0, videoFrames: 0 })
    const { durationMs, bytes, videoFrames, width, height } = file
    const size = width === undefined || height === undefined ? {} : { width, height }
    const figures = { durationMs, bytes, videoFrames, ...size }
    await this.#update(summary, { ...figures, state: 'recording' })
    await blobs.adopt(blobKey(summary.id), join(blobs.scratch, `${summary.id}.mp4`))
    return this.#update(summary, { ...figures, state })
  }

  async #update(summary: RecordingSummary, change: RecordingChange): Promise<RecordingSummary> {
    const { state, durationMs, bytes, videoFrames, width, height } = change
    const size = width === undefined || height === undefined ? {} : { width, height }
    const row = { state, durationMs, bytes, videoFrames, ...size }
    await this.#parts.storage.recordings.update(summary.id, row)
    return { ...summary, ...row }
  }
}
