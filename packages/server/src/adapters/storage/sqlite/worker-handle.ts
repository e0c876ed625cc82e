import { Worker } from 'node:worker_threads'
import type { RepositoryName, WorkerOptions, WorkerReply, WorkerRequest } from './worker-messages.ts'

interface Pending {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** The main thread's end of a storage worker: calls in, promises out. */
export class WorkerHandle {
  readonly #worker: Worker
  readonly #pending = new Map<number, Pending>()
  #nextId = 1
  #ended: Error | undefined

  private constructor(options: WorkerOptions) {
    this.#worker = new Worker(new URL(import.meta.resolve('@arclight/server/storage/sqlite/worker')), {
      workerData: options,
    })
    this.#worker.on('message', (reply: WorkerReply) => this.#settle(reply))
    this.#worker.on('error', (error) => this.#fail(error))
    this.#worker.on('exit', () => this.#fail(new Error('storage is closed')))
  }

  /** Resolves when the database is open; rejects with why it is not. */
  static async open(options: WorkerOptions): Promise<WorkerHandle> {
    const handle = new WorkerHandle(options)
    await handle.#wait(0)
    return handle
  }

  call(repository: RepositoryName, method: string, parameters: readonly unknown[]): Promise<unknown> {
    return this.#post({ id: this.#nextId++, call: 'method', repository, method, parameters })
  }

  /** Calls under way finish first. */
  async close(): Promise<void> {
    if (this.#ended) return
    const exited = new Promise((resolve) => this.#worker.once('exit', resolve))
    await this.#post({ id: this.#nextId++, call: 'close' })
    await exited
  }

  #post(request: WorkerRequest): Promise<unknown> {
    if (this.#ended) return Promise.reject(this.#ended)
    const settled = this.#wait(request.id)
    this.#worker.postMessage(request)
    return settled
  }

  #wait(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }))
  }

  #settle(reply: WorkerReply): void {
    const pending = this.#pending.get(reply.id)
    this.#pending.delete(reply.id)
    if ('error' in reply) pending?.reject(reply.error)
    else pending?.resolve(reply.value)
  }

  #fail(error: Error): void {
    this.#ended ??= error
    for (const { reject } of this.#pending.values()) reject(error)
    this.#pending.clear()
  }
}
