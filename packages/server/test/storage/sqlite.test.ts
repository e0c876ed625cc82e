import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storageSuite } from '@arclight/conformance/storage'
import { memoryStorage } from '@arclight/server'
import { sqliteStorage } from '@arclight/server/storage/sqlite'
import { afterAll } from 'vitest'

const directory = mkdtempSync(join(tmpdir(), 'arclight-sqlite-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

storageSuite({ name: 'sqlite', create: (name) => sqliteStorage({ file: join(directory, `${name}.db`) }) })
storageSuite({ name: 'memory', create: memoryStorage, supports: { reopen: false, concurrent: false } })
