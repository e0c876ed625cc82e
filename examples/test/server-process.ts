import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { fileClaim } from '@arclight/server/cli'

const PROGRAM = fileURLToPath(new URL('../dist/reference-server/main.js', import.meta.url))

/** The reference server as its operator runs it: a process of its own, over one data folder, on one port. */
export class ServerProcess {
  readonly #directory: string
  #child: ChildProcess | undefined
  #url = ''

  constructor(directory: string) {
    this.#directory = directory
  }

  get url(): string {
    return this.#url
  }

  /** Starts it, on the same port as before; resolves when it listens. */
  async start(): Promise<void> {
    const port = this.#url === '' ? '0' : new URL(this.#url).port
    const child = spawn(process.execPath, [PROGRAM, '--port', port, '--log-level', 'warn'], {
      cwd: this.#directory,
      env: { ...process.env, DATA_DIR: this.#directory },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.#child = child
    this.#url = await new Promise((resolve, reject) => {
      child.stdout.on('data', (chunk) => {
        const found = /listens on (\S+)/.exec(String(chunk))
        if (found?.[1] !== undefined) resolve(found[1])
      })
      child.once('exit', () => reject(new Error('the server ended before it listened')))
    })
  }

  /** Ends it as an operator would; resolves when it is gone. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (!child || child.exitCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }

  /** The code with which the first account is made. */
  claim(): Promise<string> {
    return fileClaim(this.#directory).current()
  }
}
