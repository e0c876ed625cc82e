import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { MessageAppend, Storage } from '@arclight/core/contracts'
import { createServer as createArclight } from '@arclight/server'
import { postgresStorage } from '@arclight/server/storage/postgres'
import type pg from 'pg'
import { describe, expect, test } from 'vitest'
import { asAdministrator, POSTGRES, testDatabase, WITH_POSTGRES } from './test-database.ts'
import { startWire } from './wire.ts'

describe.skipIf(POSTGRES === undefined)(WITH_POSTGRES, () => {
  const database = testDatabase()
  let schemas = 0
  const ours = <Result>(use: (client: pg.Client) => Promise<Result>) => asAdministrator(use, database.url)

  async function withStorage(
    use: (storage: Storage, schema: string) => Promise<void>,
    options: Parameters<typeof postgresStorage>[0] = {},
  ): Promise<void> {
    const schema = `own${++schemas}`
    const storage = postgresStorage({ url: database.url, schema, ...options })
    await storage.open()
    try {
      const account = { id: 'mei', name: 'mei', role: 'owner', passwordHash: '', nameKey: 'mei', createdAt: 0 } as const
      await storage.accounts.create(account)
      await use(storage, schema)
    } finally {
      await storage.close()
    }
  }

  test('a database that cannot be used is refused with a sentence, without the password', async () => {
    const refused = async (change: (url: URL) => void): Promise<string> => {
      const url = new URL(database.url)
      change(url)
      const storage = postgresStorage({ url: url.href })
      const { message } = await storage.open().then(
        () => new Error('it opened'),
        (error: Error) => error,
      )
      await storage.close()
      expect(message).not.toContain('hunter2')
      return message
    }
    const closed = createServer().listen(0, '127.0.0.1')
    await once(closed, 'listening')
    const { port } = closed.address() as AddressInfo
    closed.close()
    await once(closed, 'close')
    const nobody = await refused((url) => Object.assign(url, { port, password: 'hunter2' }))
    expect(nobody).toMatch(/^the database cannot be reached: nothing listens there \(.*ECONNREFUSED/)
    expect(await refused((url) => Object.assign(url, { pathname: '/none' }))).toBe(
      'there is no such database (database "none" does not exist)',
    )
    expect(await refused((url) => Object.assign(url, { username: 'nobody', password: 'hunter2' }))).toMatch(
      /^the database refuses the user/,
    )
    const server = createArclight({ storage: postgresStorage({ url: `postgres://127.0.0.1:${port}/none` }) })
    await expect(server.open()).rejects.toThrow(/^the database cannot be reached/)
    await server.close()
  })

  test('a schema is a word', () => {
    for (const schema of ['', 'Upper', 'a b', 'a;b', 'a"b', '1a', "a'b"]) {
      expect(() => postgresStorage({ schema })).toThrow(TypeError)
    }
  })

  test('connections that are cut while nobody uses them are replaced', () =>
    withStorage(async (storage) => {
      await Promise.all(Array.from({ length: 5 }, () => storage.channels.list()))
      const cut = await ours((client) => cutAll(client))
      expect(cut).toBeGreaterThan(0)
      // A call may get a connection whose end has not been heard of yet: of each that was cut, one.
      for (let at = 0; at < cut; at++) await storage.channels.list().catch(() => {})
      for (let at = 0; at < 20; at++) expect(await storage.channels.list()).toHaveLength(2)
    }))

  test('a call whose connection is cut rejects, leaves nothing behind, and can be repeated', () =>
    withStorage(async (storage, schema) => {
      await storage.log.append([message('a')])
      await ours(async (client) => {
        await client.query('begin')
        await client.query(`select * from ${schema}.channel where id = 'general' for update`)
        const waiting = storage.log.append([message('b')])
        const rejected = expect(waiting).rejects.toThrow(/terminat/)
        await untilBlocked(client)
        await cutAll(client)
        await rejected
        await client.query('rollback')
      })
      const outcomes = (await storage.log.append([message('b'), message('a')])).map(({ outcome }) => outcome)
      expect(outcomes).toEqual(['stored', 'repeated'])
      expect((await storage.log.read('general', 0, 9))?.entries.map(({ seq }) => seq)).toEqual([1, 2])
    }))

  test('a statement that takes too long is ended, and costs the next one nothing', () =>
    withStorage(
      async (storage, schema) => {
        await ours(async (client) => {
          await client.query('begin')
          await client.query(`select * from ${schema}.channel where id = 'general' for update`)
          await expect(storage.log.append([message('a')])).rejects.toThrow(/statement timeout/)
          await client.query('rollback')
        })
        expect((await storage.log.append([message('a')]))[0]?.outcome).toBe('stored')
      },
      { statementTimeoutMs: 300 },
    ))

  test('a database that is not heard of any more rejects, and its connection is given up', async () => {
    await using wire = await startWire(database.url)
    await withStorage(
      async (storage) => {
        await storage.channels.list()
        wire.cutOff()
        await expect(storage.channels.list()).rejects.toThrow(/timeout/i)
        expect(await storage.channels.list()).toHaveLength(2)
      },
      { url: wire.url, connections: 1, statementTimeoutMs: 300 },
    )
  })

  test('two schemas of a database are two stores', () =>
    withStorage((one) =>
      withStorage(async (two) => {
        await one.log.append([message('a')])
        expect((await two.channels.get('general'))?.head).toBe(0)
        expect((await one.channels.get('general'))?.head).toBe(1)
      }),
    ))
})

function message(clientId: string): MessageAppend {
  return { write: 'message', channel: 'general', author: 'mei', clientId, text: clientId, at: 1 }
}

/** The connections of this file's storage: each test has closed its own. */
const OURS = "application_name = 'arclight' and datname = current_database()"

/** Ends every one; how many. */
async function cutAll(client: pg.Client): Promise<number> {
  const { rowCount } = await client.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${OURS}`)
  return rowCount ?? 0
}

/** Resolves when a statement waits for a lock; each look is a round trip. */
async function untilBlocked(client: pg.Client): Promise<void> {
  const blocked = `select pid from pg_stat_activity where ${OURS} and cardinality(pg_blocking_pids(pid)) > 0`
  while ((await client.query(blocked)).rows.length === 0);
}
