import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

const ARCLIGHT = fileURLToPath(new URL('../bin/arclight.js', import.meta.url))

/** Makes a process believe that its standard output is a terminal. */
const AS_TERMINAL = ['--import', 'data:text/javascript,Object.defineProperty(process.stdout,"isTTY",{value:true})']

/** The command `arclight` in a process of its own, in a folder of its own. */
export class Program {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>
  readonly #ended: Promise<unknown>
  stdout = ''
  stderr = ''

  constructor(
    parameters: readonly string[],
    options: { cwd: string; environment?: Readonly<Record<string, string>>; terminal?: boolean },
  ) {
    const { cwd, environment = {}, terminal = false } = options
    const { PATH = '' } = process.env
    this.#child = spawn(process.execPath, [...(terminal ? AS_TERMINAL : []), ARCLIGHT, ...parameters], {
      cwd,
      env: { PATH, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child.stdout.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString()
    })
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString()
    })
    this.#ended = once(this.#child, 'close')
  }

  /** Resolves with what was found when standard output has it; rejects where the process ends before. */
  async prints(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.stdout)
      if (found) return found[1] ?? found[0]
      const more = once(this.#child.stdout, 'data').then(() => true)
      if (!(await Promise.race([more, this.#ended.then(() => false)])) && !pattern.test(this.stdout)) {
        throw new Error(`the program ended without printing ${pattern}: ${this.stdout}${this.stderr}`)
      }
    }
  }

  /** Resolves with the exit code. */
  async ended(): Promise<number | null> {
    await this.#ended
    return this.#child.exitCode
  }

  stop(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null) this.#child.kill('SIGKILL')
    await this.#ended
  }
}
