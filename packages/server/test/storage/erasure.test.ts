import type { LogWrite, Storage } from '@arclight/core/contracts'
import { seededRandom } from '@arclight/core/testing'
import { sqliteStorage } from '@arclight/server/storage/sqlite'
import Database from 'libsql'
import { expect, test } from 'vitest'
import { RunningServer } from '../running-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { bytesOnDisk, wordsIn } from './bytes-on-disk.ts'

const PLACE = { channel: 'general', actor: 'mei', at: 1 }
/** Past it a storage would empty its log by itself. */
const NEVER_MS = 3_600_000

async function storeOf(file: string, eraseAfterMs: number): Promise<Storage> {
  const storage = sqliteStorage({ file, eraseAfterMs })
  await storage.open()
  const account = { id: 'mei', name: 'mei', nameKey: 'mei', role: 'owner', passwordHash: '', createdAt: 1 } as const
  await storage.accounts.create(account)
  return storage
}

function message(clientId: string, text: string, channel = 'general'): LogWrite {
  return { write: 'message', channel, author: 'mei', clientId, text, at: 1 }
}

function deletion(seq: number): LogWrite {
  return { write: 'deletion', ...PLACE, seq, anyAuthor: false }
}

test('[EDIT-2] when the server is closed, no byte of what was edited and deleted is in its files', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  const deleted = ['Xylophonquartett', '龘靐齉爩', 'Ωμέγα']
  const edited = ['Quetschkommode', '鱻麤灪']
  const kept = ['Bandoneon', '天气很好']
  {
    await using running = await RunningServer.start({ storage: sqliteStorage({ file, eraseAfterMs: NEVER_MS }) })
    const mei = await running.signIn('mei')
    for (const [at, word] of [...deleted, ...edited, ...kept].entries()) {
      await mei.ask('message.send', { channel: 'general', clientId: `${at}`, text: `the word is ${word}, ${word}!` })
    }
    expect(wordsIn(await bytesOnDisk(file), [...deleted, ...edited, ...kept])).toHaveLength(7)
    for (let seq = 1; seq <= 3; seq++) await mei.ask('message.delete', { channel: 'general', seq })
    for (let seq = 4; seq <= 5; seq++) await mei.ask('message.edit', { channel: 'general', seq, text: 'another' })
  }
  const bytes = await bytesOnDisk(file)
  expect(wordsIn(bytes, kept)).toEqual(kept)
  // In the index a word is in lower case, without its beginning where the one before it has that too, and a run in pairs.
  const words = [...deleted, ...edited].flatMap((word) => [word, word.toLowerCase().slice(-6), ...pairs(word)])
  expect(wordsIn(bytes, words)).toEqual([])
})

test('[EDIT-2] while the server runs, what was deleted leaves its files by itself', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  const storage = await storeOf(file, 1)
  try {
    await storage.log.append([message('a', 'Xylophonquartett'), message('b', 'Bandoneon')])
    await storage.log.append([deletion(1)])
    const there = async (): Promise<string[]> => wordsIn(await bytesOnDisk(file), ['Xylophonquartett', 'Bandoneon'])
    await expect.poll(there).toEqual(['Bandoneon'])
    await storage.log.append([{ write: 'edit', ...PLACE, seq: 2, text: 'another' }])
    await expect.poll(there).toEqual([])
  } finally {
    await storage.close()
  }
})

test('[EDIT-2] what somebody still reads stays for so long, and goes when they have read', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  const storage = await storeOf(file, 1)
  const reader = new Database(file)
  try {
    await storage.log.append([message('a', 'Xylophonquartett')])
    reader.exec('begin')
    const read = (): unknown => reader.prepare('select text from message').all()
    expect(read()).toEqual([{ text: 'Xylophonquartett' }])
    await storage.log.append([deletion(1)])
    // More than fits: the log is not emptied while somebody reads, and nobody who writes waits for them.
    const long = 'tea '.repeat(900)
    for (let round = 0; round < 30; round++) {
      const batch = Array.from({ length: 50 }, (_, at) => message(`${round} ${at}`, long))
      await storage.log.append(batch)
    }
    expect(read()).toEqual([{ text: 'Xylophonquartett' }])
    reader.exec('commit')
    const there = async (): Promise<string[]> => wordsIn(await bytesOnDisk(file), ['Xylophonquartett'])
    await expect.poll(there, { timeout: 10_000 }).toEqual([])
  } finally {
    reader.close()
    await storage.close()
  }
})

test('[EDIT-2] whatever the order of sending, editing and deleting, no word is left and the database is whole', async () => {
  await using folder = await temporaryFolder()
  // Of the first two it is known that messages move between pages and leave copies of themselves behind.
  for (const seed of [3, 4, Date.now() % 2 ** 31]) {
    const file = folder.file(`${seed}.db`)
    const storage = await storeOf(file, NEVER_MS)
    const { dead, alive } = await churn(storage, seededRandom(seed))
    await storage.close()
    const bytes = await bytesOnDisk(file)
    expect(wordsIn(bytes, alive), `seed ${seed}: words that are there`).toEqual(alive)
    expect(wordsIn(bytes, dead), `seed ${seed}: words that are not`).toEqual([])
    const database = new Database(file)
    expect(database.pragma('integrity_check'), `seed ${seed}`).toEqual([{ integrity_check: 'ok' }])
    expect(() => database.exec("insert into search_words (search_words) values ('integrity-check')")).not.toThrow()
    database.close()
  }
})

test('[EDIT-2] of a channel that was deleted no word is left either', async () => {
  await using folder = await temporaryFolder()
  const file = folder.file('a.db')
  const storage = await storeOf(file, NEVER_MS)
  const words = Array.from({ length: 300 }, (_, at) => `Xylophon${at}quartett`)
  for (const [at, word] of words.entries()) {
    await storage.log.append([
      message(`${at}`, `${word} ${'tea '.repeat(at)}`),
      message(`${at}`, `tea ${at}`, 'lounge'),
    ])
  }
  await storage.channels.remove('general')
  while (await storage.channels.purge(20));
  await storage.close()
  expect(
    wordsIn(
      await bytesOnDisk(file),
      words.flatMap((word) => [word, word.slice(4)]),
    ),
  ).toEqual([])
})

/** Sends, edits and deletes at random; every text has a word of its own, and any length. */
async function churn(storage: Storage, random: () => number): Promise<{ dead: string[]; alive: string[] }> {
  const alive = new Map<number, string>()
  const dead: string[] = []
  let clientId = 0
  const upTo = (count: number): number => Math.floor(random() * count)
  for (let round = 0; round < 150; round++) {
    const batch: { write: LogWrite; word: string }[] = []
    const chosen = new Set<number>()
    for (let writes = 1 + upTo(8); writes > 0; writes--) {
      const word = Array.from({ length: 16 }, () => 'bcdfghjklmnpqrstvwxz'[upTo(20)]).join('')
      const text = `${word} ${'lorem ipsum '.repeat(upTo(80))}${word}`
      const seq = [...alive.keys()][upTo(alive.size)]
      const kind = random()
      if (kind < 0.5 || seq === undefined || alive.size < 20)
        batch.push({ write: message(`${clientId++}`, text), word })
      else if (chosen.has(seq)) continue
      else if (kind < 0.75) batch.push({ write: { write: 'edit', ...PLACE, seq, text }, word })
      else batch.push({ write: deletion(seq), word: '' })
      if (seq !== undefined && kind >= 0.5) chosen.add(seq)
    }
    const results = await storage.log.append(batch.map(({ write }) => write))
    for (const [at, result] of results.entries()) {
      if (result.outcome !== 'stored') throw new Error(`expected it to be stored; it is ${result.outcome}`)
      const { seq } = result.entry.data.message
      const word = batch[at]?.word ?? ''
      if (alive.has(seq)) dead.push(alive.get(seq) as string)
      if (word === '') alive.delete(seq)
      else alive.set(seq, word)
    }
  }
  return { dead, alive: [...alive.values()] }
}

/** The pairs that a run without spaces is indexed under; none of a word. */
function pairs(word: string): string[] {
  if (!/^\p{Script=Han}+$/u.test(word)) return []
  return [...word].slice(1).map((character, at) => `${[...word][at]}${character}`)
}
