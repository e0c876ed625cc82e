import { storageSuite } from '@arclight/conformance/storage'
import { postgresStorage } from '@arclight/server/storage/postgres'
import { describe } from 'vitest'
import { POSTGRES, testDatabase, WITH_POSTGRES } from './test-database.ts'

describe.skipIf(POSTGRES === undefined)(WITH_POSTGRES, () => {
  const database = testDatabase()
  storageSuite({ name: 'postgres', create: (name) => postgresStorage({ url: database.url, schema: name }) })
})
