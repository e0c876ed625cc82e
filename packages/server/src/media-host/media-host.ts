import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Clock, Milliseconds } from '@arclight/core'
import type { Logger } from '../log.ts'
import type { HostReply, HostRequest } from './messages.ts'
import { messageRecord, RecordReader } from './pipe-records.ts'

/** Past this the pipe is full: frames wait where they are kept anyway. */
const MOST_WAITING_BYTES = 8 * 1_048_576
/** A host that does not answer for this long is stuck in native code. */
const SILENCE_MS: Milliseconds = 10_000
const PING_MS: Milliseconds = 1_000
/** What of a host's last words goes into the log. */
const LAST_WORDS = 2_000
/** The recorder number of messages about the host itself. */
const HOST_ITSELF = 0

/** What a host tells the recorder that it works for. */
export interface HostClient {
  replied(reply: HostReply): void
  /** The host died and another has taken its place: open again and feed what is not stored. */
  restarted(): void
  /** The pipe has room again. */
  drained(): void
}

interface Child {
  readonly process: ChildProcess
  readonly input: Writable
}

/** One child process where muxers run. It may die at any moment; then it is replaced, and its recorders are told. */
export class MediaHost {
  readonly #clock: Clock
  readonly #log: Logger
  readonly #directory: string
  readonly #clients = new Map<number, HostClient>()
  #child: Child | undefined
  #answeredAt: Milliseconds = 0
  #pingedAt: Milliseconds = 0
  #closed = false

  constructor(parts: { clock: Clock; log: Logger; directory: string }) {
    this.#clock = parts.clock
    this.#log = parts.log
    this.#directory = parts.directory
  }

  get size(): number {
    return this.#clients.size
  }

  /** The process id, while one runs. */
  get pid(): number | undefined {
    return this.#child?.process.pid
  }

  /** Whether frames may be handed over; else `drained` follows. */
  get hasRoom(): boolean {
    return (this.#child?.input.writableLength ?? 0) < MOST_WAITING_BYTES
  }

  add(recorder: number, client: HostClient): void {
    // An idle host is not asked: its silence counts from here on.
    if (this.#clients.size === 0) this.#answeredAt = this.#clock.now()
    this.#clients.set(recorder, client)
  }

  remove(recorder: number): void {
    this.#clients.delete(recorder)
  }

  request(recorder: number, request: HostRequest): void {
    this.#ensure().input.write(messageRecord(recorder, request))
  }

  /** A record made by `frameRecord`; its bytes must not change afterwards. */
  frame(record: Buffer): void {
    this.#ensure().input.write(record)
  }

  /** Called ten times a second: a host that answers nothing is killed, and so replaced. */
  tick(): void {
    const now = this.#clock.now()
    const child = this.#child
    if (!child || this.#clients.size === 0) return
    if (now - this.#answeredAt > SILENCE_MS) {
      this.#log.error({ pid: child.process.pid }, 'a media host does not answer and is killed')
      child.process.kill('SIGKILL')
    } else if (now - this.#pingedAt >= PING_MS) {
      this.#pingedAt = now
      child.input.write(messageRecord(HOST_ITSELF, { type: 'ping' }))
    }
  }

  /** Ends the process; resolves when it is gone. */
  async close(): Promise<void> {
    this.#closed = true
    const child = this.#child
    if (!child || child.process.pid === undefined) return
    const gone = new Promise((resolve) => child.process.once('close', resolve))
    child.input.end()
    const cancel = this.#clock.after(SILENCE_MS, () => child.process.kill('SIGKILL'))
    await gone
    cancel()
  }

  #ensure(): Child {
    this.#child ??= this.#spawn()
    return this.#child
  }

  /** An empty environment: native code that reads hostile media finds no secret there. */
  #spawn(): Child {
    const program = fileURLToPath(import.meta.resolve('@arclight/server/media-host'))
    const child = spawn(process.execPath, [program], {
      cwd: this.#directory,
      env: {},
      stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    })
    const [input, , errors, replies] = child.stdio as unknown as [Writable, null, Readable, Readable]
    const reader = new RecordReader()
    let lastWords = ''
    errors.on('data', (chunk) => {
      lastWords = (lastWords + chunk).slice(-LAST_WORDS)
    })
    replies.on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk, ({ recorder, body }) => this.#take(recorder, JSON.parse(body.toString()) as HostReply))
      } catch (error) {
        // Whatever decodes hostile media may itself turn hostile: it is not believed, it is replaced.
        this.#log.error({ pid: child.pid, error }, 'a media host said what no media host says and is killed')
        child.kill('SIGKILL')
      }
    })
    input.on('error', () => {})
    input.on('drain', () => {
      for (const client of this.#clients.values()) client.drained()
    })
    child.on('error', (error) => {
      this.#log.error({ error }, 'a media host could not be started')
      // Without a process there is no exit to tell of.
      if (child.pid === undefined) this.#exited(child, { code: null, signal: null, lastWords })
    })
    // Not 'exit': what it still said is read first.
    child.on('close', (code, signal) => this.#exited(child, { code, signal, lastWords }))
    this.#answeredAt = this.#clock.now()
    return { process: child, input }
  }

  #take(recorder: number, reply: HostReply): void {
    this.#answeredAt = this.#clock.now()
    if (recorder !== HOST_ITSELF) this.#clients.get(recorder)?.replied(reply)
  }

  #exited(child: ChildProcess, how: { code: number | null; signal: string | null; lastWords: string }): void {
    if (this.#child?.process !== child) return
    this.#child = undefined
    if (this.#closed) return
    this.#log.warn({ pid: child.pid, ...how, recorders: this.#clients.size }, 'a media host ended')
    for (const client of [...this.#clients.values()]) client.restarted()
  }
}
