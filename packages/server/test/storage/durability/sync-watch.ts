import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, readFileSync } from 'node:fs'
import { copyFile, mkdir, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SOURCE = fileURLToPath(new URL('watch-syncs.c', import.meta.url))
const NORMAL_SYNC = new URL('normal-sync.mjs', import.meta.url).href

/** Whether what watches a process can be made here. */
export const CAN_WATCH = process.platform === 'linux' && spawnSync('cc', ['--version']).status === 0

type Line = { readonly what: 'sync'; readonly bytes: number; readonly file: string } | { readonly what: 'sent' | 'ack' }

/** Everything that a process synced and sent, and what it was heard to acknowledge, in one order. */
export class SyncWatch {
  readonly #library: string
  readonly #log: string

  /** Compiles what is preloaded, into `folder`. */
  constructor(folder: string) {
    this.#library = join(folder, 'watch-syncs.so')
    this.#log = join(folder, 'syncs.log')
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', this.#library, SOURCE, '-ldl'])
  }

  /** What a process is started with so that it is watched. */
  environment({ synchronous }: { synchronous: 'full' | 'normal' }): Record<string, string> {
    return {
      LD_PRELOAD: this.#library,
      ARCLIGHT_SYNC_LOG: this.#log,
      ...(synchronous === 'normal' ? { NODE_OPTIONS: `--import ${NORMAL_SYNC}` } : {}),
    }
  }

  /** A reply has come. */
  acknowledged(): void {
    appendFileSync(this.#log, 'ack\n')
  }

  lines(): Line[] {
    const lines = readFileSync(this.#log, 'utf8').split('\n').filter(Boolean)
    return lines.map((line) => {
      const [what, bytes, ...file] = line.split(' ')
      if (what === 'sync') return { what, bytes: Number(bytes), file: file.join(' ') }
      if (what === 'sent' || what === 'ack') return { what }
      throw new Error(`expected a line of the log, not ${line}`)
    })
  }

  /** The sizes that a file had at its syncs, before the last reply was sent, in their order. */
  syncsBeforeLastReply(file: string): number[] {
    const lines = this.lines()
    const ack = lines.findLastIndex(({ what }) => what === 'ack')
    const sent = lines.slice(0, ack).findLastIndex(({ what }) => what === 'sent')
    return this.#sizes(lines.slice(0, sent), file)
  }

  /** The sizes that a file had at all its syncs. */
  syncs(file: string): number[] {
    return this.#sizes(this.lines(), file)
  }

  #sizes(lines: readonly Line[], file: string): number[] {
    return lines.flatMap((line) => (line.what === 'sync' && line.file === file ? [line.bytes] : []))
  }
}

/** What a power cut leaves of a database whose log had `bytes` on the disk; the copy's path. */
export async function cutCopy(database: string, { bytes, to }: { bytes: number; to: string }): Promise<string> {
  await mkdir(to, { recursive: true })
  const copy = join(to, 'arclight.db')
  await copyFile(database, copy)
  await copyFile(`${database}-wal`, `${copy}-wal`)
  await truncate(`${copy}-wal`, bytes)
  return copy
}
