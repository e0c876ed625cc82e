import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fileOutbox, memoryOutbox } from '@arclight/client-node'
import { outboxSuite } from '@arclight/conformance/outbox'
import type { OutboxEntry, OutboxLane } from '@arclight/core/contracts'
import { seededRandom } from '@arclight/core/testing'
import { afterAll, expect, test } from 'vitest'

const WRITER = fileURLToPath(new URL('outbox-writer.mjs', import.meta.url))
const SCOPE = { server: 'wss://talk.example.org/arclight', user: 'mei' }
const root = mkdtempSync(join(tmpdir(), 'arclight-outbox-'))
let folders = 0
afterAll(() => rmSync(root, { recursive: true, force: true }))

const folder = (): string => join(root, `${++folders}`)

outboxSuite({ name: 'memory', create: memoryOutbox })
outboxSuite({ name: 'files', create: () => fileOutbox({ directory: folder() }) })

const entry = (text: string): OutboxEntry => ({ clientId: `id ${text}`, channel: 'general', text, at: 1 })

async function openIn(directory: string): Promise<{ lane: OutboxLane; texts: string[] }> {
  const texts: string[] = []
  const lane = await fileOutbox({ directory }).open(SCOPE, {
    adopted: (entries) => texts.push(...entries.map(({ text }) => text)),
  })
  return { lane, texts }
}

/** A process that writes; `lines` is what it said. */
class Writer {
  readonly lines: string[] = []
  readonly #child: ChildProcess
  readonly #exit: Promise<unknown>
  #watch = (): void => {}

  constructor(...parameters: string[]) {
    this.#child = spawn(process.execPath, [WRITER, ...parameters], { stdio: ['ignore', 'pipe', 'inherit'] })
    this.#exit = once(this.#child, 'exit')
    let rest = ''
    this.#child.stdout?.on('data', (chunk) => {
      const parts = `${rest}${chunk}`.split('\n')
      rest = parts.pop() ?? ''
      this.lines.push(...parts)
      this.#watch()
    })
  }

  /** Resolves when it has said so many lines, or one that is `line`. */
  said(what: number | string): Promise<void> {
    return new Promise((resolve) => {
      this.#watch = () => {
        if (typeof what === 'number' ? this.lines.length >= what : this.lines.includes(what)) resolve()
      }
      this.#watch()
    })
  }

  /** SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#exit
  }

  get kept(): string[] {
    return this.lines.filter((line) => line.startsWith('kept ')).map((line) => line.slice('kept '.length))
  }
}

test.each([1, 2, 3, 4])(
  '[SEND-8] seed %i: what was kept survives SIGKILL at any moment, in its order',
  async (seed) => {
    const random = seededRandom(seed)
    const directory = folder()
    const writer = new Writer(directory)
    await writer.said(50 + Math.floor(random() * 400))
    await writer.kill()
    const { lane, texts } = await openIn(directory)
    expect(texts).toEqual(Array.from({ length: texts.length }, (_, at) => `${at + 1}`))
    expect(texts.length).toBeGreaterThanOrEqual(writer.kept.length)
    await lane.close()
  },
)

test('[SEND-8] a line that a crash cut off, or that is no line of ours, costs no other', async () => {
  const directory = folder()
  const writer = new Writer(directory, '1', '10')
  await writer.said('done')
  await writer.kill()
  const [name = ''] = readdirSync(directory)
  const path = join(directory, name)
  truncateSync(path, statSync(path).size - 20)
  writeFileSync(path, '\nnull\n{"put":7}\n{"put":{"clientId":3}}\n[]\n', { flag: 'a' })
  const { lane, texts } = await openIn(directory)
  expect(texts).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9'])
  await lane.close()
})

test('[SEND-8] two processes share a directory: neither takes what the other owns while it lives', async () => {
  const directory = folder()
  const writer = new Writer(directory, '1', '3')
  await writer.said('done')
  const first = await openIn(directory)
  expect(first.texts).toEqual([])
  await first.lane.put(entry('ours'))
  const second = new Writer(directory, '4', '0')
  await second.said('done')
  expect(second.lines).toEqual(['done'])
  await writer.kill()
  await second.kill()
  const third = await openIn(directory)
  expect(third.texts).toEqual(['1', '2', '3'])
  await third.lane.close()
  await first.lane.close()
})

test('a long-lived outbox does not grow, and an empty one leaves no file', async () => {
  const directory = folder()
  const { lane } = await openIn(directory)
  const text = 'x'.repeat(4_000)
  await lane.put(entry('stays'))
  for (let count = 0; count < 300; count++) {
    await lane.put({ ...entry(`${count}`), text })
    await lane.remove(`id ${count}`)
  }
  const size = (): number => Math.max(...readdirSync(directory).map((name) => statSync(join(directory, name)).size))
  expect(size()).toBeLessThan(300_000)
  await lane.close()
  const again = await openIn(directory)
  expect(again.texts).toEqual(['stays'])
  await again.lane.remove('id stays')
  await again.lane.close()
  expect(readdirSync(directory)).toEqual([])
})

test('a directory that cannot be had is said when the outbox opens', async () => {
  const path = folder()
  writeFileSync(path, 'a file')
  await expect(openIn(path)).rejects.toThrow(/EEXIST|ENOTDIR/)
})
