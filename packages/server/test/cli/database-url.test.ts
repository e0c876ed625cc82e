import { readdir } from 'node:fs/promises'
import { createClient } from '@arclight/client-node'
import { type RunningServer, readSettings, runServer } from '@arclight/server/cli'
import { describe, expect, test } from 'vitest'
import { Program } from '../program.ts'
import { PASSWORD } from '../running-server.ts'
import { POSTGRES, testDatabase, WITH_POSTGRES } from '../storage/test-database.ts'
import { type TemporaryFolder, temporaryFolder } from '../temporary-folder.ts'

describe.skipIf(POSTGRES === undefined)(WITH_POSTGRES, () => {
  const database = testDatabase()

  async function start(folder: TemporaryFolder, url = database.url): Promise<RunningServer & AsyncDisposable> {
    const flags = ['--data-dir', folder.path, '--port', '0', '--log-level', 'silent']
    const running = await runServer(readSettings({ flags, environment: { DATABASE_URL: url } }))
    return { ...running, [Symbol.asyncDispose]: () => running.close() }
  }

  test('with a DATABASE_URL everything is in that database, and the next server goes on from there', async () => {
    await using folder = await temporaryFolder()
    const account = { name: 'mei', password: PASSWORD }
    {
      await using running = await start(folder)
      await using client = createClient({ url: socketUrl(running) })
      await client.register({ ...account, claim: running.claim ?? '' })
      expect(await client.channels.get('general').send('hello')).toMatchObject({ seq: 1 })
    }
    expect((await readdir(folder.path)).filter((name) => name.includes('.db'))).toEqual([])
    await using other = await temporaryFolder()
    await using running = await start(other)
    expect(running.claim).toBeUndefined()
    await using client = createClient({ url: socketUrl(running) })
    await client.login(account)
    const general = client.channels.get('general')
    expect(await general.send('again')).toMatchObject({ seq: 2 })
    for await (const { messages } of general.history())
      expect(messages.map(({ text }) => text)).toEqual(['hello', 'again'])
  })

  test('arclight admin works on that database', async () => {
    await using folder = await temporaryFolder()
    const options = { cwd: folder.path, environment: { DATABASE_URL: database.url, DATA_DIR: 'store' } }
    await using claim = new Program(['admin', 'claim'], options)
    expect([await claim.ended(), claim.stdout]).toEqual([0, 'This server has its owner; there is nothing to claim.\n'])
    await using restored = new Program(['admin', 'restored'], options)
    expect([await restored.ended(), restored.stderr]).toEqual([0, ''])
  })

  test('a database that cannot be used stops the start with a sentence, without its password', async () => {
    await using folder = await temporaryFolder()
    const url = new URL(database.url)
    Object.assign(url, { pathname: '/none', password: 'hunter2' })
    const starting = start(folder, url.href)
    await expect(starting).rejects.toThrow(
      'the database of DATABASE_URL cannot be used: there is no such database (database "none" does not exist)',
    )
  })
})

function socketUrl({ url }: RunningServer): string {
  return `${url.replace('http', 'ws')}/arclight`
}
