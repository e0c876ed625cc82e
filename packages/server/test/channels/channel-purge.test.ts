import { readFile } from 'node:fs/promises'
import type { Storage } from '@arclight/core/contracts'
import { ManualClock } from '@arclight/core/testing'
import { memoryStorage } from '@arclight/server'
import { sqliteStorage } from '@arclight/server/storage/sqlite'
import Database from 'libsql'
import { expect, test } from 'vitest'
import { ChannelPurge } from '../../src/channels/channel-purge.ts'
import { numbered, say } from '../chat.ts'
import { signInOwner, startOwned } from '../owned-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { nextTurn } from '../turns.ts'

const TABLES = ['message', 'entry', 'member', 'mention', 'reaction', 'search_place', 'channel'] as const

interface Slice {
  readonly most: number
  readonly more: boolean
}

/** A store that says what was purged; `next` resolves with each slice, oldest first. */
function watched(inner: Storage): { storage: Storage; next: () => Promise<Slice> } {
  const done: Slice[] = []
  const waiting: ((slice: Slice) => void)[] = []
  const purge = async (most: number): Promise<boolean> => {
    const more = await inner.channels.purge(most)
    const waiter = waiting.shift()
    if (waiter) waiter({ most, more })
    else done.push({ most, more })
    return more
  }
  return {
    storage: { ...inner, channels: { ...inner.channels, purge } },
    next: () => {
      const known = done.shift()
      return known ? Promise.resolve(known) : new Promise((resolve) => waiting.push(resolve))
    },
  }
}

/** Moves the clock to the next slice. */
async function purgeOne(clock: ManualClock, next: () => Promise<Slice>): Promise<Slice> {
  const slice = next()
  clock.advance(100)
  const done = await slice
  await nextTurn()
  return done
}

/** Moves the clock until nothing is left; how many slices it took. */
async function purgeAll(clock: ManualClock, next: () => Promise<Slice>): Promise<number> {
  let slices = 1
  while ((await purgeOne(clock, next)).more) slices++
  return slices
}

test('[CHAN-5] what a deleted channel held goes in slices, between which messages are stored', async () => {
  const clock = new ManualClock()
  const { storage, next } = watched(memoryStorage())
  await using running = await startOwned({ storage, clock, rateLimits: 'off' })
  const owner = await signInOwner(running)
  await purgeAll(clock, next)
  const { channel } = await owner.ask('channel.create', { kind: 'text', name: 'garden' })
  await Promise.all(
    numbered(120).map((text) => owner.ask('message.send', { channel: channel.id, clientId: text, text })),
  )
  await owner.ask('channel.delete', { channel: channel.id })
  expect(await purgeOne(clock, next)).toEqual({ most: 50, more: true })
  await say(owner, ['between two slices'])
  // The rest of the messages, the channel itself, and that there is nothing more.
  expect(await purgeAll(clock, next)).toBe(4)
  expect((await owner.ask('history.page', { channel: 'general' })).messages).toHaveLength(1)
})

test('[CHAN-5] a restart goes on with it, and in the end nothing of the channel is in the store', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  const clock = new ManualClock()
  const secret = 'xylophonesecret'
  {
    await using running = await startOwned({ storage: sqliteStorage({ file }), clock })
    const owner = await signInOwner(running)
    const { channel } = await owner.ask('channel.create', { kind: 'text', name: 'garden', private: true })
    await say(owner, [`${secret} one`, `${secret} two`], channel.id)
    await say(owner, ['kept'])
    await owner.ask('channel.delete', { channel: channel.id })
  }
  const { storage, next } = watched(sqliteStorage({ file }))
  {
    await using _running = await startOwned({ storage, clock })
    await purgeAll(clock, next)
  }
  const database = new Database(file)
  const counts = TABLES.map((table) => [table, database.prepare(`select count(*) as n from ${table}`).all()])
  expect(counts).toEqual(
    TABLES.map((table) => [table, [{ n: { message: 1, search_place: 1, channel: 2 }[table as never] ?? 0 }]]),
  )
  expect(database.prepare(`select rowid from search_words where search_words match '${secret}'`).all()).toEqual([])
  database.exec('pragma wal_checkpoint(truncate)')
  database.close()
  expect((await readFile(file)).includes(secret)).toBe(false)
})

test('[CHAN-5] a slice that fails is said, and tried again when there is reason to', async () => {
  const logged: object[] = []
  const failure = new Error('the disk is full')
  const results = [() => Promise.reject(failure), () => Promise.resolve(false)]
  const purge = async (): Promise<boolean> => (await results.shift()?.()) ?? true
  const log = { info: () => {}, warn: () => {}, error: (fields: object) => void logged.push(fields) }
  const purger = new ChannelPurge({ purge }, log)
  const tick = async (): Promise<number> => {
    purger.tick()
    await nextTurn()
    return results.length
  }
  expect([await tick(), await tick(), logged]).toEqual([1, 1, [{ error: failure }]])
  purger.due()
  expect([await tick(), await tick(), logged.length]).toEqual([0, 0, 1])
})
