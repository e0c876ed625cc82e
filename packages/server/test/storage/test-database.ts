import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll } from 'vitest'

/** Where tests make databases; undefined where there is no Postgres. */
export const POSTGRES = process.env.ARCLIGHT_TEST_POSTGRES_URL || undefined

/** The title of what needs one. */
export const WITH_POSTGRES = 'with Postgres (skipped where ARCLIGHT_TEST_POSTGRES_URL is not set)'

/** A database of the test file's own, made before its tests and dropped after them. Its order is not that of code points. */
export function testDatabase(): { readonly url: string } {
  const name = `arclight_test_${randomBytes(6).toString('hex')}`
  const url = new URL(POSTGRES ?? 'postgres://nowhere')
  url.pathname = `/${name}`
  const locale = `template template0 encoding 'UTF8' locale_provider icu icu_locale 'en-US' locale 'C'`
  beforeAll(() => asAdministrator((client) => client.query(`create database ${name} ${locale}`)))
  afterAll(() => asAdministrator((client) => client.query(`drop database ${name} with (force)`)))
  return { url: url.href }
}

/** Runs `use` on a connection to the database that the tests are given, or to another. */
export async function asAdministrator<Result>(
  use: (client: pg.Client) => Promise<Result>,
  url: string | undefined = POSTGRES,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}
