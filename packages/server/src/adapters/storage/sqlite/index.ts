import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Storage } from '@arclight/core/contracts'
import { WorkerHandle } from './worker-handle.ts'
import type { RepositoryName } from './worker-messages.ts'

const MEMORY = ':memory:'
/** Messages and password hashes are for the server's own user. */
const PRIVATE_FOLDER = 0o700

type Workers =
  | { readonly name: 'closed' }
  /** `reader` is `writer` itself where the database is in memory. */
  | { readonly name: 'open'; readonly writer: WorkerHandle; readonly reader: WorkerHandle }

/**
 * SQLite in worker threads: one that writes, and one that reads, so that a slow search never delays a commit. The
 * file and its folder are made where there are none.
 */
export function sqliteStorage({ file }: { file: string }): Storage {
  let workers: Workers = { name: 'closed' }
  const call = (repository: RepositoryName, method: string, kind: 'reader' | 'writer') => {
    return (...parameters: readonly unknown[]): Promise<never> => {
      if (workers.name === 'closed') return Promise.reject(new Error('storage is not open'))
      return workers[kind].call(repository, method, parameters) as Promise<never>
    }
  }
  return {
    open: async () => {
      if (file !== MEMORY) await mkdir(dirname(file), { recursive: true, mode: PRIVATE_FOLDER })
      const writer = await WorkerHandle.open({ file, role: 'writer' })
      const reader = file === MEMORY ? writer : await WorkerHandle.open({ file, role: 'reader' })
      workers = { name: 'open', writer, reader }
    },
    accounts: {
      create: call('accounts', 'create', 'writer'),
      byNameKey: call('accounts', 'byNameKey', 'reader'),
      hasOwner: call('accounts', 'hasOwner', 'reader'),
    },
    sessions: {
      create: call('sessions', 'create', 'writer'),
      find: call('sessions', 'find', 'reader'),
      touch: call('sessions', 'touch', 'writer'),
      rotate: call('sessions', 'rotate', 'writer'),
      byUser: call('sessions', 'byUser', 'reader'),
      prune: call('sessions', 'prune', 'writer'),
      remove: call('sessions', 'remove', 'writer'),
    },
    channels: {
      list: call('channels', 'list', 'reader'),
      get: call('channels', 'get', 'reader'),
      renewEpochs: call('channels', 'renewEpochs', 'writer'),
    },
    recordings: {
      create: call('recordings', 'create', 'writer'),
      update: call('recordings', 'update', 'writer'),
      get: call('recordings', 'get', 'reader'),
      byOwner: call('recordings', 'byOwner', 'reader'),
      unfinished: call('recordings', 'unfinished', 'reader'),
    },
    log: {
      append: call('log', 'append', 'writer'),
      read: call('log', 'read', 'reader'),
      page: call('log', 'page', 'reader'),
    },
    close: async () => {
      if (workers.name === 'closed') return
      const { writer, reader } = workers
      workers = { name: 'closed' }
      if (reader !== writer) await reader.close()
      await writer.close()
    },
  }
}

/** The same store in memory: complete, and gone with the process. */
export function memoryStorage(): Storage {
  return sqliteStorage({ file: MEMORY })
}
