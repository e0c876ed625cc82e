import { type Kysely, sql } from 'kysely'
import { isDuplicate } from './errors.ts'

/** Makes the schema where there is none; a user who may not make one can be given it. */
export async function makeSchema<Tables>(db: Kysely<Tables>, schema: string): Promise<void> {
  const { rows } = await sql`select 1 from pg_namespace where nspname = ${schema}`.execute(db)
  if (rows.length > 0) return
  try {
    await db.schema.createSchema(schema).ifNotExists().execute()
  } catch (error) {
    // Another start made it at the same instant: `if not exists` does not look so closely.
    if (!isDuplicate(error)) throw error
  }
}
