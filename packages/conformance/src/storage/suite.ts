import type { Storage } from '@arclight/core/contracts'
import { afterAll, beforeAll, describe } from 'vitest'
import { accountTests } from './accounts.ts'
import { atomicityTests } from './atomicity.ts'
import { changeTests } from './changes.ts'
import { channelTests } from './channels.ts'
import { closingTests } from './closing.ts'
import { concurrencyTests } from './concurrency.ts'
import { erasureTests } from './erasure.ts'
import { historyTests } from './history.ts'
import { identityTests } from './identities.ts'
import { logTests } from './log.ts'
import { memberTests } from './members.ts'
import { moderationTests } from './moderation.ts'
import { orderTests } from './order.ts'
import { pinTests } from './pins.ts'
import { randomTests } from './random.ts'
import { reactionTests } from './reactions.ts'
import { readTests } from './reads.ts'
import { recordingTests } from './recordings.ts'
import { removalTests } from './removal.ts'
import { reopenTests } from './reopen.ts'
import { roleTests } from './roles.ts'
import { Scene } from './scene.ts'
import { searchTests } from './search.ts'
import { secondFactorTests } from './second-factors.ts'
import { sessionTests } from './sessions.ts'
import { Stores } from './stores.ts'
import { twoHandleTests } from './two-handles.ts'
import { uploadTests } from './uploads.ts'
import { webhookTests } from './webhooks.ts'

/** What a store can do; all of it unless it says that it cannot. What it cannot is reported as skipped. */
export interface StorageSupport {
  /** Messages are found by their words. */
  readonly search?: boolean
  /** A store that was closed has everything when it is opened again. */
  readonly reopen?: boolean
  /** A store may be open more than once at a time, as two processes would have it. */
  readonly concurrent?: boolean
}

/** What a storage suite is told. */
export interface StorageSuiteOptions {
  /**
   * A handle on the store of that name, which is new and empty the first time that the name is given. A name is a
   * lower-case letter and digits, and says nothing to a store that supports neither `reopen` nor `concurrent`. The suite
   * opens and closes the handle.
   */
  readonly create: (name: string) => Storage | Promise<Storage>
  /** What the store is, in the titles. */
  readonly name?: string
  readonly supports?: StorageSupport
  /** Decides the random writes; another one each time unless told. It stands in the title. */
  readonly seed?: number
}

/** A store may be a slow machine's, with many of its kind open at once. */
const TIMEOUT_MS = 90_000

/** The contract of `Storage`, as vitest tests: call it in a test file. */
export function storageSuite({ create, name = 'storage', supports = {}, seed }: StorageSuiteOptions): void {
  const { search = true, reopen = true, concurrent = true } = supports
  const stores = new Stores(create)
  describe(`${name} keeps the storage contract`, { timeout: TIMEOUT_MS }, () => {
    let shared: Storage | undefined
    let scenes = 0
    beforeAll(async () => {
      shared = await stores.open()
    })
    afterAll(() => shared?.close())

    /** A test in the store that the tests share, with channels and users of its own. */
    const within = (use: (scene: Scene) => Promise<void>) => async () => {
      if (!shared) throw new Error('expected the store to be open')
      await use(await Scene.make(shared, `s${++scenes}`))
    }
    describe('accounts', () => accountTests(within, stores))
    describe('identities', () => identityTests(within))
    describe('sessions', () => sessionTests(within))
    describe('deleted accounts', () => erasureTests(within))
    describe('second factors', () => secondFactorTests(within))
    describe('channels', () => channelTests(within, stores))
    describe('roles', () => roleTests(within, stores))
    describe('moderation', () => moderationTests(within, stores))
    describe('members', () => memberTests(within))
    describe('removed channels', () => removalTests(within))
    describe('log', () => logTests(within))
    describe('order', () => orderTests(within))
    describe('changes', () => changeTests(within))
    describe('reactions', () => reactionTests(within))
    describe('pins', () => pinTests(within))
    describe('history', () => historyTests(within))
    describe('read markers', () => readTests(within))
    describe.skipIf(!search)('search', () => searchTests(within))
    describe('webhooks', () => webhookTests(within))
    describe('recordings', () => recordingTests(within))
    describe('uploads', () => uploadTests(within))
    describe('all or nothing', () => atomicityTests(within, { search }))
    describe('at once', () => concurrencyTests(within))
    describe.skipIf(!concurrent)('two handles', () => twoHandleTests(stores))
    describe('closing', () => closingTests(stores))
    describe.skipIf(!reopen)('opened again', () => reopenTests(stores, { search }))
    describe('random writes', () => randomTests(within, { search, seed }))
  })
}
