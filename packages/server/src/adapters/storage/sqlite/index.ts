import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Milliseconds } from '@arclight/core'
import type { Storage } from '@arclight/core/contracts'
import { WorkerHandle } from './worker-handle.ts'
import type { RepositoryName } from './worker-messages.ts'

const MEMORY = ':memory:'
const ERASE_AFTER_MS = 30_000
/** Messages and password hashes are for the server's own user. */
const PRIVATE_FOLDER = 0o700

type Workers =
  | { readonly name: 'closed' }
  /** `reader` is `writer` itself where the database is in memory. */
  | { readonly name: 'open'; readonly writer: WorkerHandle; readonly reader: WorkerHandle }

/** What `sqliteStorage` is told. */
export interface SqliteStorageOptions {
  /** The database's path, or `:memory:`. */
  readonly file: string
  /**
   * How long the text of a message that was edited or deleted may stay in the write-ahead log, milliseconds; 30,000
   * unless told. Longer only where something reads the database all that time. Closing does not wait.
   */
  readonly eraseAfterMs?: Milliseconds | undefined
}

/**
 * SQLite in worker threads: one that writes, and one that reads, so that a slow search never delays a commit. The
 * file and its folder are made where there are none.
 */
export function sqliteStorage({ file, eraseAfterMs = ERASE_AFTER_MS }: SqliteStorageOptions): Storage {
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
      const writer = await WorkerHandle.open({ file, role: 'writer', eraseAfterMs })
      const reader = file === MEMORY ? writer : await WorkerHandle.open({ file, role: 'reader', eraseAfterMs })
      workers = { name: 'open', writer, reader }
    },
    accounts: {
      create: call('accounts', 'create', 'writer'),
      byNameKey: call('accounts', 'byNameKey', 'reader'),
      hasOwner: call('accounts', 'hasOwner', 'reader'),
      owner: call('accounts', 'owner', 'reader'),
      get: call('accounts', 'get', 'reader'),
      list: call('accounts', 'list', 'reader'),
      roles: call('accounts', 'roles', 'reader'),
      giveRole: call('accounts', 'giveRole', 'writer'),
      credentials: call('accounts', 'credentials', 'reader'),
      setDisplayName: call('accounts', 'setDisplayName', 'writer'),
      setPassword: call('accounts', 'setPassword', 'writer'),
      setReset: call('accounts', 'setReset', 'writer'),
      findReset: call('accounts', 'findReset', 'reader'),
      takeReset: call('accounts', 'takeReset', 'writer'),
      erase: call('accounts', 'erase', 'writer'),
      erasing: call('accounts', 'erasing', 'reader'),
      erased: call('accounts', 'erased', 'writer'),
      claim: call('accounts', 'claim', 'writer'),
      endGuests: call('accounts', 'endGuests', 'writer'),
      blocks: call('accounts', 'blocks', 'reader'),
      block: call('accounts', 'block', 'writer'),
      unblock: call('accounts', 'unblock', 'writer'),
      bots: call('accounts', 'bots', 'reader'),
      endBot: call('accounts', 'endBot', 'writer'),
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
    identities: {
      find: call('identities', 'find', 'reader'),
      create: call('identities', 'create', 'writer'),
    },
    secondFactors: {
      get: call('secondFactors', 'get', 'reader'),
      begin: call('secondFactors', 'begin', 'writer'),
      confirm: call('secondFactors', 'confirm', 'writer'),
      accept: call('secondFactors', 'accept', 'writer'),
      redeem: call('secondFactors', 'redeem', 'writer'),
      setCodes: call('secondFactors', 'setCodes', 'writer'),
      remove: call('secondFactors', 'remove', 'writer'),
    },
    invites: {
      create: call('invites', 'create', 'writer'),
      list: call('invites', 'list', 'reader'),
      remove: call('invites', 'remove', 'writer'),
      redeem: call('invites', 'redeem', 'writer'),
      restore: call('invites', 'restore', 'writer'),
    },
    roles: {
      list: call('roles', 'list', 'reader'),
      create: call('roles', 'create', 'writer'),
      update: call('roles', 'update', 'writer'),
      remove: call('roles', 'remove', 'writer'),
      permits: call('roles', 'permits', 'reader'),
      setPermit: call('roles', 'setPermit', 'writer'),
    },
    moderation: {
      bans: call('moderation', 'bans', 'reader'),
      ban: call('moderation', 'ban', 'writer'),
      unban: call('moderation', 'unban', 'writer'),
      silences: call('moderation', 'silences', 'reader'),
      silence: call('moderation', 'silence', 'writer'),
      record: call('moderation', 'record', 'writer'),
      audit: call('moderation', 'audit', 'reader'),
    },
    channels: {
      list: call('channels', 'list', 'reader'),
      get: call('channels', 'get', 'reader'),
      create: call('channels', 'create', 'writer'),
      update: call('channels', 'update', 'writer'),
      remove: call('channels', 'remove', 'writer'),
      purge: call('channels', 'purge', 'writer'),
      addMember: call('channels', 'addMember', 'writer'),
      removeMember: call('channels', 'removeMember', 'writer'),
      renewEpochs: call('channels', 'renewEpochs', 'writer'),
    },
    reads: { mark: call('reads', 'mark', 'writer'), markers: call('reads', 'markers', 'reader') },
    webhooks: {
      create: call('webhooks', 'create', 'writer'),
      list: call('webhooks', 'list', 'reader'),
      renew: call('webhooks', 'renew', 'writer'),
      progress: call('webhooks', 'progress', 'writer'),
      remove: call('webhooks', 'remove', 'writer'),
    },
    uploads: {
      create: call('uploads', 'create', 'writer'),
      get: call('uploads', 'get', 'reader'),
      byOwner: call('uploads', 'byOwner', 'reader'),
      finish: call('uploads', 'finish', 'writer'),
      remove: call('uploads', 'remove', 'writer'),
      setAvatar: call('uploads', 'setAvatar', 'writer'),
      expire: call('uploads', 'expire', 'writer'),
      removed: call('uploads', 'removed', 'reader'),
      forget: call('uploads', 'forget', 'writer'),
    },
    recordings: {
      create: call('recordings', 'create', 'writer'),
      update: call('recordings', 'update', 'writer'),
      get: call('recordings', 'get', 'reader'),
      byOwner: call('recordings', 'byOwner', 'reader'),
      remove: call('recordings', 'remove', 'writer'),
      unfinished: call('recordings', 'unfinished', 'reader'),
    },
    log: {
      append: call('log', 'append', 'writer'),
      read: call('log', 'read', 'reader'),
      page: call('log', 'page', 'reader'),
      byAuthor: call('log', 'byAuthor', 'reader'),
      pins: call('log', 'pins', 'reader'),
      reactors: call('log', 'reactors', 'reader'),
      search: call('log', 'search', 'reader'),
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
