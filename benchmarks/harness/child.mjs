import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** See server-process.mjs. */
export const SERVER_PROCESS = new URL('./server-process.mjs', import.meta.url)

const ENDING_MS = 10_000

/** @type {Set<Child>} */
const running = new Set()

/**
 * A process of this bench that answers commands; pinned to `cores` where the machine can. One in the `background` gives
 * way at once to whatever else wants its core.
 */
export class Child {
  #next = 0
  /** @type {Map<number, { resolve: (result: any) => void, reject: (error: Error) => void }>} */
  #pending = new Map()
  #process

  /**
   * @param {URL} file
   * @param {{ cores?: string | undefined, args?: string[], background?: boolean, env?: Record<string, string>, nodeArgs?: string[] }} [options]
   *   `env`: beside this process's own. `nodeArgs`: to Node, not to the file.
   */
  constructor(file, { cores, args = [], background = false, env = {}, nodeArgs = [] } = {}) {
    const path = fileURLToPath(file)
    const command = [process.execPath, ...nodeArgs, path, ...args]
    if (cores !== undefined) command.unshift('taskset', '-c', cores, ...(background ? ['chrt', '--idle', '0'] : []))
    // stdout is for results alone.
    this.#process = spawn(command[0], command.slice(1), {
      stdio: ['ignore', 2, 2, 'ipc'],
      env: { ...process.env, ...env },
    })
    running.add(this)
    this.exited = new Promise((resolve) => this.#process.once('exit', resolve))
    this.#process.on('error', (error) => this.#fail(error))
    this.#process.once('exit', (code, signal) => {
      running.delete(this)
      this.#fail(new Error(`${path} ended with ${signal ?? code}`))
    })
    this.#process.on('message', (/** @type {any} */ { id, result, error }) => {
      const pending = this.#pending.get(id)
      this.#pending.delete(id)
      if (error) pending?.reject(new Error(error))
      else pending?.resolve(result)
    })
  }

  /** Rejects when the child fails, ends, or says nothing for `timeout` ms.
   * @param {string} name @param {unknown} [args] @param {number} [timeout]
   * @returns {Promise<any>} */
  call(name, args, timeout = 20_000) {
    const id = this.#next++
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer to ${name} in ${timeout} ms`)), timeout)
      const settled = (/** @type {(value: any) => void} */ settle) => (/** @type {any} */ value) => {
        clearTimeout(timer)
        settle(value)
      }
      this.#pending.set(id, { resolve: settled(resolve), reject: settled(reject) })
      this.#process.send({ id, name, args }, (error) => error && this.#fail(error))
    })
  }

  /** Lets it end by itself, so that it writes what it writes at its end. */
  async end() {
    if (this.#process.connected) this.#process.disconnect()
    const timer = setTimeout(() => this.kill(), ENDING_MS)
    await this.exited
    clearTimeout(timer)
  }

  async kill() {
    if (this.#process.pid === undefined || this.#process.exitCode !== null) return
    this.#process.kill('SIGKILL')
    await this.exited
  }

  /** @param {Error} error */
  #fail(error) {
    for (const { reject } of this.#pending.values()) reject(error)
    this.#pending.clear()
  }
}

/** Does `work`; whatever comes of it, or of a signal meanwhile, no child outlives it. @param {() => Promise<void>} work */
export async function withChildren(work) {
  const interrupted = () => void killAll().then(() => process.exit(130))
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
  try {
    await work()
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted)
    await killAll()
  }
}

async function killAll() {
  await Promise.all([...running].map((child) => child.kill()))
}
