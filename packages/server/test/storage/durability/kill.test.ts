import { appendFileSync } from 'node:fs'
import type { Storage } from '@arclight/core/contracts'
import { postgresStorage } from '@arclight/server/storage/postgres'
import { sqliteStorage } from '@arclight/server/storage/sqlite'
import { describe, expect, test } from 'vitest'
import { seeded } from '../../muxer/seeded.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { POSTGRES, testDatabase, WITH_POSTGRES } from '../test-database.ts'
import { runAndKill } from './killed-appender.ts'

/** The file that the long form writes its findings to; without it the form is short. */
const FINDINGS = process.env['ARCLIGHT_FINDINGS']
const KILLS = FINDINGS === undefined ? 10 : 150
/** Another one each time; ARCLIGHT_SEED repeats one that its title has told. */
const SEED = Number(process.env['ARCLIGHT_SEED'] ?? Math.floor(Math.random() * 1_000_000))
const MOST_BATCHES = 12
const PAGE = 1_000
const TIMEOUT_MS = FINDINGS === undefined ? 120_000 : 280_000

test(
  `[SEND-1] ${KILLS} SIGKILLs of a process that appends lose nothing that was acknowledged and double nothing, seed ${SEED}`,
  async () => {
    await using folder = await temporaryFolder()
    const file = folder.file('killed.db')
    await judge('sqlite', file, () => sqliteStorage({ file }))
  },
  TIMEOUT_MS,
)

describe.skipIf(POSTGRES === undefined)(WITH_POSTGRES, () => {
  const database = testDatabase()

  test(
    `[SEND-1] ${KILLS} SIGKILLs of a process that appends lose nothing that was acknowledged and double nothing, seed ${SEED}`,
    () => judge('postgres', `${database.url}#killed`, () => postgresStorage({ url: database.url, schema: 'killed' })),
    TIMEOUT_MS,
  )
})

async function judge(name: string, store: string, open: () => Storage): Promise<void> {
  const random = seeded(SEED)
  const acknowledged = new Map<string, number>()
  const problems: string[] = []
  for (let kill = 0; kill < KILLS; kill++) {
    const batches = 1 + Math.floor(random() * MOST_BATCHES)
    // Begins a little before the end of what was acknowledged: some are repeats, some were stored and not heard of.
    const from = Math.max(0, acknowledged.size - Math.floor(random() * 50))
    for (const line of await runAndKill(store, { from, batches })) {
      const [clientId = '', seq] = line.split(' ')
      const before = acknowledged.get(clientId)
      if (before !== undefined && before !== Number(seq)) problems.push(`${clientId} was ${before} and is ${seq}`)
      acknowledged.set(clientId, Number(seq))
    }
  }
  const stored = await readAll(open())
  for (const [clientId, seq] of acknowledged) {
    if (stored[seq - 1]?.clientId !== clientId) problems.push(`${clientId} was acknowledged as ${seq} and is not there`)
  }
  for (const [at, { seq, ordinal }] of stored.entries()) {
    if (seq !== at + 1 || ordinal !== at + 1) problems.push(`message ${ordinal} at ${seq} stands in place ${at + 1}`)
  }
  const doubled = stored.length - new Set(stored.map(({ clientId }) => clientId)).size
  expect([problems, doubled]).toEqual([[], 0])
  expect(acknowledged.size).toBeGreaterThan(KILLS)
  if (FINDINGS !== undefined) writeDown(name, acknowledged.size, problems.length + doubled)
}

async function readAll(storage: Storage): Promise<{ clientId: string; seq: number; ordinal: number }[]> {
  await storage.open()
  const stored: { clientId: string; seq: number; ordinal: number }[] = []
  for (;;) {
    const { entries = [] } = (await storage.log.read('general', stored.length, PAGE)) ?? {}
    stored.push(...entries.map(({ data }) => data.message))
    if (entries.length < PAGE) break
  }
  await storage.close()
  return stored
}

function writeDown(name: string, acknowledged: number, wrong: number): void {
  const finding = {
    metric: `messages lost or doubled in ${KILLS} SIGKILLs, ${name}`,
    unit: `of ${acknowledged}`,
    ours: wrong,
    ...{ peer: null, peerName: null, ratio: null, target: 0, met: wrong === 0 },
  }
  appendFileSync(FINDINGS as string, `${JSON.stringify(finding)}\n`)
}
