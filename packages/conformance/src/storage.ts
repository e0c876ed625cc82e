import type { RecordingSummary } from '@arclight/core'
import type { LogRepository, MessageAppend, Storage } from '@arclight/core/contracts'
import { describe, expect, test } from 'vitest'

/** What a storage suite is told. */
export interface StorageSuiteOptions {
  /** A new, empty store each time; the suite opens and closes it. */
  readonly create: () => Storage | Promise<Storage>
  /** What the store is, in the titles. */
  readonly name?: string
}

const AT = 1_700_000_000_000

/** The contract of `Storage`, as vitest tests: call it in a test file. */
export function storageSuite({ create, name = 'storage' }: StorageSuiteOptions): void {
  /** Runs `use` on an open store with one account, whose id is `mei`. */
  async function withStore(use: (storage: Storage) => Promise<void>): Promise<void> {
    const storage = await create()
    await storage.open()
    try {
      await storage.accounts.create(accountOf('mei', 'owner'))
      await use(storage)
    } finally {
      await storage.close()
    }
  }

  describe(`${name} keeps the storage contract`, () => {
    test('a new store has one text and one voice channel, both empty', () =>
      withStore(async ({ channels }) => {
        const list = await channels.list()
        expect(list.map(({ kind, head }) => ({ kind, head }))).toEqual([
          { kind: 'text', head: 0 },
          { kind: 'voice', head: 0 },
        ])
        expect(await channels.get('no such channel')).toBeUndefined()
      }))

    test('renewed epochs are other ones, of each channel its own, and the logs stay as they are', () =>
      withStore(async ({ channels, log }) => {
        await log.append([appendOf('general', 'a')])
        const before = await channels.list()
        await channels.renewEpochs()
        const after = await channels.list()
        expect(after.map(({ id, head }) => [id, head])).toEqual(before.map(({ id, head }) => [id, head]))
        expect(new Set([...before, ...after].map(({ epoch }) => epoch)).size).toBe(before.length + after.length)
        expect((await log.read('general', 0, 1))?.epoch).toBe(after.find(({ id }) => id === 'general')?.epoch)
      }))

    test('appends get seq and ordinal 1, 2, 3 … in each channel', () =>
      withStore(async ({ log }) => {
        const batch = [appendOf('general', 'a'), appendOf('lounge', 'b'), appendOf('general', 'c')]
        const stored = (await log.append(batch)).map((result) => ('message' in result ? result.message : undefined))
        expect(stored.map((message) => [message?.channel, message?.seq, message?.ordinal])).toEqual([
          ['general', 1, 1],
          ['lounge', 1, 1],
          ['general', 2, 2],
        ])
      }))

    test('concurrent appends leave no gap and no duplicate', () =>
      withStore(async ({ log }) => {
        const batches = Array.from({ length: 40 }, (_, at) => [
          appendOf('general', `x${at}`),
          appendOf('general', `y${at}`),
        ])
        await Promise.all(batches.map((batch) => log.append(batch)))
        const read = await log.read('general', 0, 100)
        expect(read?.entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 80 }, (_, at) => at + 1))
        expect(read?.head).toBe(80)
      }))

    test('a repeat gets the first message and adds nothing, in the same batch and later', () =>
      withStore(async ({ log }) => {
        const first = appendOf('general', 'once', 'first')
        const again = { ...first, text: 'second' }
        const [one, two] = await log.append([first, again])
        const [three] = await log.append([again])
        expect([one, two, three].map((result) => result?.outcome)).toEqual(['stored', 'repeated', 'repeated'])
        expect([two, three].map((result) => (result && 'message' in result ? result.message.text : ''))).toEqual([
          'first',
          'first',
        ])
        expect((await log.read('general', 0, 100))?.head).toBe(1)
      }))

    test('a client id is unique only within its channel and author', () =>
      withStore(async ({ accounts, log }) => {
        await accounts.create(accountOf('li', 'member'))
        const same = appendOf('general', 'same')
        const results = await log.append([same, { ...same, channel: 'lounge' }, { ...same, author: 'li' }])
        expect(results.map(({ outcome }) => outcome)).toEqual(['stored', 'stored', 'stored'])
      }))

    test('[SEND-6] a message is stored only behind the one that it names, of its batch or of an earlier one', () =>
      withStore(async ({ log }) => {
        const batch = [appendOf('general', 'a'), { ...appendOf('general', 'b'), after: 'a' }]
        expect((await log.append(batch)).map(({ outcome }) => outcome)).toEqual(['stored', 'stored'])
        const [later] = await log.append([{ ...appendOf('general', 'c'), after: 'a' }])
        expect(later?.outcome).toBe('stored')
        const early = ['e', 'f', 'd'].map((id, at, ids) => ({ ...appendOf('general', id), after: ids[at - 1] ?? 'd' }))
        const results = await log.append([...early, appendOf('general', 'g')])
        expect(results.map(({ outcome }) => outcome)).toEqual([
          'out-of-order',
          'out-of-order',
          'out-of-order',
          'stored',
        ])
        expect(await textsIn(log)).toEqual(['a', 'b', 'c', 'g'])
      }))

    test('[SEND-6] what is named is of the same channel and author', () =>
      withStore(async ({ accounts, log }) => {
        await accounts.create(accountOf('li', 'member'))
        const batch = [appendOf('lounge', 'a'), { ...appendOf('general', 'b'), author: 'li' }]
        await log.append(batch)
        const results = await log.append([
          { ...appendOf('general', 'c'), after: 'a' },
          { ...appendOf('general', 'd'), after: 'b' },
        ])
        expect(results.map(({ outcome }) => outcome)).toEqual(['out-of-order', 'out-of-order'])
        expect(await textsIn(log)).toEqual(['b'])
      }))

    test('[SEND-6] a repeat gets its message back, whatever it names', () =>
      withStore(async ({ log }) => {
        await log.append([appendOf('general', 'a')])
        const [again, next] = await log.append([
          { ...appendOf('general', 'a'), after: 'never stored' },
          { ...appendOf('general', 'b'), after: 'a' },
        ])
        expect([again?.outcome, next?.outcome]).toEqual(['repeated', 'stored'])
      }))

    test('an unknown channel costs the rest of its batch nothing', () =>
      withStore(async ({ log }) => {
        const results = await log.append([appendOf('nowhere', 'a'), appendOf('general', 'b')])
        expect(results.map(({ outcome }) => outcome)).toEqual(['no-channel', 'stored'])
        expect(await log.read('nowhere', 0, 10)).toBeUndefined()
        expect(await log.page('nowhere', { at: 'newest' }, 10)).toBeUndefined()
      }))

    test('pages lie before, after and around a seq and know what is beyond', () =>
      withStore(async ({ log }) => {
        await log.append(Array.from({ length: 10 }, (_, at) => appendOf('general', `m${at}`)))
        const page = async (...[anchor, limit]: [Parameters<typeof log.page>[1], number]) => {
          const { messages = [], hasMoreBefore, hasMoreAfter } = (await log.page('general', anchor, limit)) ?? {}
          return [messages.map(({ seq }) => seq), hasMoreBefore, hasMoreAfter]
        }
        expect(await page({ at: 'newest' }, 3)).toEqual([[8, 9, 10], true, false])
        expect(await page({ at: 'before', seq: 4 }, 3)).toEqual([[1, 2, 3], false, true])
        expect(await page({ at: 'after', seq: 7 }, 2)).toEqual([[8, 9], true, true])
        expect(await page({ at: 'around', seq: 5 }, 4)).toEqual([[3, 4, 5, 6], true, true])
        expect(await page({ at: 'before', seq: 1 }, 3)).toEqual([[], false, true])
        expect(await page({ at: 'after', seq: 10 }, 3)).toEqual([[], true, false])
      }))

    test('accounts: a name is taken once, and there is one owner', () =>
      withStore(async ({ accounts }) => {
        expect(await accounts.hasOwner()).toBe(true)
        expect(await accounts.create({ ...accountOf('li', 'member'), nameKey: 'mei' })).toBe(false)
        expect(await accounts.create(accountOf('wang', 'owner'))).toBe(false)
        expect(await accounts.create(accountOf('zhao', 'member'))).toBe(true)
        expect(await accounts.byNameKey('zhao')).toEqual({
          id: 'zhao',
          name: 'zhao',
          role: 'member',
          passwordHash: 'hash',
        })
        expect(await accounts.byNameKey('nobody')).toBeUndefined()
      }))

    test('sessions: a token is found until its session is removed, by its own user', () =>
      withStore(async ({ accounts, sessions }) => {
        await accounts.create(accountOf('li', 'member'))
        await sessions.create(sessionOf('s1', 'mei', { label: 'Firefox on Linux' }))
        await sessions.create(sessionOf('s2', 'li'))
        expect(await sessions.find('hash of s1')).toEqual({
          id: 's1',
          label: 'Firefox on Linux',
          createdAt: AT,
          usedAt: AT,
          expiresAt: AT + 1_000,
          account: { id: 'mei', name: 'mei', role: 'owner' },
          newest: true,
          rotating: false,
        })
        expect(await sessions.find('nobody’s hash')).toBeUndefined()
        expect(await sessions.remove('li', 's1')).toBe(false)
        expect(await sessions.remove('mei', 's1')).toBe(true)
        expect(await sessions.remove('mei', 's1')).toBe(false)
        expect(await sessions.find('hash of s1')).toBeUndefined()
        expect(await sessions.find('hash of s2')).toMatchObject({ id: 's2', account: { id: 'li' } })
      }))

    test('sessions: a replaced token works until the new one is settled, and no longer after the next', () =>
      withStore(async ({ sessions }) => {
        await sessions.create(sessionOf('s1', 'mei'))
        await sessions.rotate('s1', 'second')
        expect(await sessions.find('hash of s1')).toMatchObject({ id: 's1', newest: false, rotating: true })
        expect(await sessions.find('second')).toMatchObject({ id: 's1', newest: true, rotating: true })
        await sessions.touch('s1', { usedAt: AT + 5, expiresAt: AT + 2_000, settled: false })
        expect(await sessions.find('hash of s1')).toMatchObject({ usedAt: AT + 5, expiresAt: AT + 2_000 })
        await sessions.touch('s1', { usedAt: AT + 6, expiresAt: AT + 2_000, settled: true })
        expect(await sessions.find('hash of s1')).toBeUndefined()
        expect(await sessions.find('second')).toMatchObject({ newest: true, rotating: false })
        await sessions.rotate('s1', 'third')
        await sessions.rotate('s1', 'fourth')
        expect(await sessions.find('second')).toBeUndefined()
        expect(await sessions.find('third')).toMatchObject({ newest: false })
      }))

    test('sessions: a user’s are listed while they last, the one used last first', () =>
      withStore(async ({ accounts, sessions }) => {
        await accounts.create(accountOf('li', 'member'))
        for (const id of ['s1', 's2', 's3']) await sessions.create(sessionOf(id, 'mei'))
        await sessions.create(sessionOf('other', 'li'))
        await sessions.touch('s2', { usedAt: AT + 9, expiresAt: AT + 5_000, settled: false })
        await sessions.touch('s3', { usedAt: AT + 3, expiresAt: AT + 10, settled: false })
        expect((await sessions.byUser('mei', AT + 9)).map(({ id }) => id)).toEqual(['s2', 's3', 's1'])
        expect((await sessions.byUser('mei', AT + 10)).map(({ id }) => id)).toEqual(['s2', 's1'])
        expect(await sessions.byUser('mei', AT + 5_000)).toEqual([])
      }))

    test('sessions: those that have expired are forgotten, and no others', () =>
      withStore(async ({ sessions }) => {
        await sessions.create(sessionOf('s1', 'mei'))
        await sessions.create(sessionOf('s2', 'mei'))
        await sessions.touch('s2', { usedAt: AT, expiresAt: AT + 2_000, settled: false })
        await sessions.prune(AT + 1_000)
        expect(await sessions.find('hash of s1')).toBeUndefined()
        expect(await sessions.find('hash of s2')).toMatchObject({ id: 's2' })
      }))

    test('recordings: a row is kept as it was made, and changes only in what is changed', () =>
      withStore(async ({ recordings }) => {
        await recordings.create(recordingOf('r1', 'mei'))
        await recordings.create({ ...recordingOf('r2', 'mei'), title: 'a title: "弧光", 50 % \\ done' })
        expect(await recordings.get('r1')).toEqual(recordingOf('r1', 'mei'))
        expect((await recordings.get('r2'))?.title).toBe('a title: "弧光", 50 % \\ done')
        expect(await recordings.get('no such recording')).toBeUndefined()
        const change = { state: 'finished', durationMs: 1_234.5, bytes: 5_000_000_000, videoFrames: 37 } as const
        await recordings.update('r1', { ...change, width: 640, height: 480 })
        expect(await recordings.get('r1')).toEqual({ ...recordingOf('r1', 'mei'), ...change, width: 640, height: 480 })
        expect((await recordings.get('r2'))?.state).toBe('recording')
        await expect(recordings.update('no such recording', change)).resolves.toBeUndefined()
      }))

    test('recordings: a user’s are listed, newest first, and nobody else’s', () =>
      withStore(async ({ accounts, recordings }) => {
        await accounts.create(accountOf('li', 'member'))
        for (const [id, user, startedAt] of [
          ['r1', 'mei', AT + 2],
          ['r2', 'li', AT + 3],
          ['r3', 'mei', AT + 1],
          ['r4', 'mei', AT + 4],
        ] as const) {
          await recordings.create({ ...recordingOf(id, user), startedAt })
        }
        expect((await recordings.byOwner('mei', 10)).map(({ id }) => id)).toEqual(['r4', 'r1', 'r3'])
        expect((await recordings.byOwner('li', 10)).map(({ id }) => id)).toEqual(['r2'])
        expect(await recordings.byOwner('nobody', 10)).toEqual([])
      }))

    test('recordings: those that a crash cut off are the ones that still say that they record', () =>
      withStore(async ({ recordings }) => {
        for (const id of ['r1', 'r2', 'r3', 'r4']) await recordings.create(recordingOf(id, 'mei'))
        const change = { durationMs: 1, bytes: 1, videoFrames: 1 }
        await recordings.update('r1', { ...change, state: 'finished' })
        await recordings.update('r2', { ...change, state: 'recovered' })
        await recordings.update('r4', { ...change, state: 'failed' })
        expect((await recordings.unfinished()).map(({ id }) => id)).toEqual(['r3'])
      }))

    test('what was acknowledged is read whole: texts of any kind, and entries past a limit', () =>
      withStore(async ({ log }) => {
        const texts = ['line\nbreak\r\n\u2028', '弧光 🎙️', '"; DROP TABLE message; --', '\u0001', 'x'.repeat(4_000)]
        await log.append(texts.map((text, at) => appendOf('general', `t${at}`, text)))
        expect(await textsIn(log)).toEqual(texts)
        const read = await log.read('general', 1, 2)
        expect([read?.entries.map(({ seq }) => seq), read?.head]).toEqual([[2, 3], 5])
        expect((await log.read('general', 5, 10))?.entries).toEqual([])
        expect((await log.read('general', 99, 10))?.entries).toEqual([])
      }))

    test('a call after close is refused, not lost', () =>
      withStore(async (storage) => {
        await storage.close()
        await expect(storage.channels.list()).rejects.toThrow()
      }))
  })
}

function accountOf(id: string, role: 'owner' | 'member'): Parameters<Storage['accounts']['create']>[0] {
  return { id, name: id, role, passwordHash: 'hash', nameKey: id, createdAt: AT }
}

function sessionOf(
  id: string,
  user: string,
  more: { label?: string } = {},
): Parameters<Storage['sessions']['create']>[0] {
  return { id, user, tokenHash: `hash of ${id}`, createdAt: AT, usedAt: AT, expiresAt: AT + 1_000, ...more }
}

function recordingOf(id: string, user: string): RecordingSummary {
  const owner = { id: user, name: user }
  return { id, title: id, state: 'recording', owner, startedAt: AT, durationMs: 0, bytes: 0, videoFrames: 0 }
}

async function textsIn(log: LogRepository): Promise<string[]> {
  const { entries = [] } = (await log.read('general', 0, 100)) ?? {}
  return entries.map(({ data }) => data.message.text)
}

function appendOf(channel: string, clientId: string, text = clientId): MessageAppend {
  return { channel, author: 'mei', clientId, text, at: AT }
}
