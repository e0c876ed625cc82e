import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileClaim } from '@arclight/server/cli'

/** Which program runs, and over what. */
export interface ServerProcessOptions {
  /** The built `main.js`. */
  readonly program: string
  /** The data folder. */
  readonly directory: string
  /** Settings beside it, by their names in the environment. */
  readonly settings?: Readonly<Record<string, string>>
}

/** The reference server as its operator runs it: a process of its own, over one data folder, on one port. */
export class ServerProcess {
  readonly #options: ServerProcessOptions
  #child: ChildProcess | undefined
  #url = ''

  constructor(options: ServerProcessOptions) {
    this.#options = options
  }

  get url(): string {
    return this.#url
  }

  /** Starts it, on the same port as before; resolves when it listens. */
  async start(): Promise<void> {
    const { program, directory, settings } = this.#options
    const port = this.#url === '' ? '0' : new URL(this.#url).port
    const child = spawn(process.execPath, [program, '--port', port, '--log-level', 'warn'], {
      cwd: directory,
      env: { ...process.env, ...settings, DATA_DIR: directory },
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
    return fileClaim(this.#options.directory).current()
  }
}
