import { HEADER_BYTES, MediaKind, readHeader } from '@arclight/core/codec'
import { masked } from './check.ts'

const MOST_LINES = 400
const MOST_CHARACTERS = 300
const KINDS: Readonly<Record<number, string>> = {
  [MediaKind.audio]: 'audio',
  [MediaKind.video]: 'video',
  [MediaKind.probe]: 'probe',
}

/** What a case sent and what came, a line each: `+0.012 mei 1 → {"id":1,…}`. The newest lines are kept. */
export class FrameLog {
  readonly #startedAt = performance.now()
  readonly #lines: string[] = []
  #dropped = 0

  sent(who: string, frame: string | Uint8Array): void {
    this.note(`${who} → ${described(frame)}`)
  }

  came(who: string, frame: string | Uint8Array): void {
    this.note(`${who} ← ${described(frame)}`)
  }

  note(line: string): void {
    this.#lines.push(`+${((performance.now() - this.#startedAt) / 1_000).toFixed(3)} ${line}`)
    if (this.#lines.length <= MOST_LINES) return
    this.#lines.shift()
    this.#dropped++
  }

  /** Oldest first. */
  get lines(): readonly string[] {
    return this.#dropped === 0 ? this.#lines : [`(${this.#dropped} lines before)`, ...this.#lines]
  }
}

function described(frame: string | Uint8Array): string {
  if (typeof frame === 'string') {
    const text = masked(frame)
    return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}… (${frame.length} characters)` : text
  }
  try {
    const { kind, flags, track, seq, timestamp } = readHeader(frame)
    const size = kind === MediaKind.probe ? '' : `, ${frame.length - HEADER_BYTES} bytes`
    return `[${KINDS[kind]} track ${track} seq ${seq} flags 0x${flags.toString(16)} at ${timestamp}${size}]`
  } catch {
    return `[${frame.length} bytes ${Buffer.from(frame.subarray(0, 24)).toString('hex')}]`
  }
}
