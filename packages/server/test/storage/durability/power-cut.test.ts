import { stat } from 'node:fs/promises'
import { fileClaim } from '@arclight/server/cli'
import { sqliteStorage } from '@arclight/server/storage/sqlite'
import { describe, expect, test } from 'vitest'
import { Program } from '../../program.ts'
import { RawClient } from '../../raw-client.ts'
import { PASSWORD } from '../../running-server.ts'
import { type TemporaryFolder, temporaryFolder } from '../../temporary-folder.ts'
import { CAN_WATCH, cutCopy, SyncWatch } from './sync-watch.ts'

/** Messages that wait for each other, then some at a time: each reply has a commit of its own, then several share one. */
const ALONE = 12
const TOGETHER = 3
const IN_EACH = 8
/** Past so much SQLite writes its log from the start again, and its size says nothing any more. */
const LOG_BYTES = 4_000_000

describe.skipIf(!CAN_WATCH)('a power cut (skipped where there is no C compiler or no Linux)', () => {
  test('[SEND-1] leaves every message that was acknowledged', async () => {
    await using folder = await temporaryFolder()
    const { acknowledged, syncs, kept } = await cut(folder, 'full')
    expect(acknowledged).toHaveLength(ALONE + TOGETHER * IN_EACH)
    expect(syncs).toBeGreaterThan(ALONE)
    expect(kept).toEqual(acknowledged)
  })

  test('would lose messages that were acknowledged if the storage did not sync each commit', async () => {
    await using folder = await temporaryFolder()
    const { acknowledged, kept } = await cut(folder, 'normal')
    expect(acknowledged).toHaveLength(ALONE + TOGETHER * IN_EACH)
    expect(acknowledged.filter((id) => !kept.includes(id))).not.toEqual([])
  })
})

/** Runs a server that is watched, kills it, and opens what a power cut at the last reply would have left. */
async function cut(folder: TemporaryFolder, synchronous: 'full' | 'normal') {
  const watch = new SyncWatch(folder.path)
  const acknowledged: string[] = []
  await serve(folder, watch, synchronous, async (client) => {
    const send = async (clientId: string): Promise<void> => {
      await client.ask('message.send', { channel: 'general', clientId, text: `this is ${clientId}` })
      watch.acknowledged()
      acknowledged.push(clientId)
    }
    for (let at = 0; at < ALONE; at++) await send(`alone ${at}`)
    for (let round = 0; round < TOGETHER; round++) {
      await Promise.all(Array.from({ length: IN_EACH }, (_, at) => send(`together ${round} ${at}`)))
    }
  })
  const database = folder.file('store/arclight.db')
  const syncs = watch.syncsBeforeLastReply(`${database}-wal`)
  expect((await stat(`${database}-wal`)).size).toBeLessThan(LOG_BYTES)
  const bytes = syncs.at(-1) ?? 0
  const storage = sqliteStorage({ file: await cutCopy(database, { bytes, to: folder.file('cut') }) })
  await storage.open()
  const { entries = [] } = (await storage.log.read('general', 0, 1_000)) ?? {}
  await storage.close()
  const kept = entries.map(({ data }) => data.message.clientId)
  return { acknowledged: acknowledged.sort(), kept: kept.sort(), syncs: syncs.length }
}

/** A server in a process of its own, killed in the end. */
async function serve(
  folder: TemporaryFolder,
  watch: SyncWatch,
  synchronous: 'full' | 'normal',
  use: (client: RawClient) => Promise<void>,
): Promise<void> {
  const store = { DATA_DIR: folder.file('store'), RATE_LIMITS: 'off' }
  const environment = { ...store, ...watch.environment({ synchronous }) }
  await using program = new Program(['serve', '--port', '0', '--log-level', 'silent'], {
    cwd: folder.path,
    environment,
  })
  const url = await program.prints(/http:\/\/\S+/)
  const claim = await fileClaim(folder.file('store')).current()
  await using client = await RawClient.connect(`${url.replace('http', 'ws')}/arclight`)
  await client.ask('auth.register', { name: 'mei', password: PASSWORD, claim })
  await use(client)
  program.stop('SIGKILL')
  await program.ended()
}
