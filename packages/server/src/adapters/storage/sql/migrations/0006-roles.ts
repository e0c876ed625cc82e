import type { Kysely, Migration } from 'kysely'
import type { Tables } from '../tables.ts'

/** Bits of the permissions, in the order that they had then. */
const [READ, SEND, ATTACH, REACT, PIN, MODERATE, TALK, RECORD] = [1, 2, 4, 8, 16, 32, 64, 128]
const [ADMIT, DIRECT, INVITE, KICK, BAN, MUTE, MOVE, AUDIT] = [
  512, 2_048, 4_096, 8_192, 16_384, 32_768, 65_536, 524_288,
]
const ALL = 1_048_575
const OF_GUESTS = READ | SEND | REACT | TALK
const OF_MEMBERS = OF_GUESTS | ATTACH | RECORD | DIRECT
const OF_MODERATORS = OF_MEMBERS | PIN | MODERATE | ADMIT | INVITE | KICK | BAN | MUTE | MOVE | AUDIT

/** The roles that every server has. Being part of a migration, they are never made again. */
const ROLES = [
  { id: 'owner', name: 'owner', rank: 1_000, permissions: ALL },
  { id: 'admin', name: 'admin', rank: 900, permissions: ALL },
  { id: 'moderator', name: 'moderator', rank: 500, permissions: OF_MODERATORS },
  { id: 'member', name: 'member', rank: 100, permissions: OF_MEMBERS },
  { id: 'guest', name: 'guest', rank: 1, permissions: OF_GUESTS },
] as const

/** Roles, what channels say of them, bans, who did what, invites, and codes that reset a password. */
export const roles: Migration = {
  up: async (db: Kysely<Tables>) => {
    await db.schema
      .createTable('role')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('rank', 'integer', (column) => column.notNull())
      .addColumn('permissions', 'integer', (column) => column.notNull())
      .addColumn('built_in', 'integer', (column) => column.notNull())
      .execute()
    await db
      .insertInto('role')
      .values(ROLES.map((role) => ({ ...role, built_in: 1 })))
      .execute()
    await db.schema.createIndex('account_role').on('account').column('role').execute()
    await db.schema
      .createTable('permit')
      .addColumn('channel', 'text', (column) => column.notNull().references('channel.id'))
      .addColumn('subject', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('allow', 'integer', (column) => column.notNull())
      .addColumn('deny', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('permit_place', ['channel', 'kind', 'subject'])
      .execute()
    await db.schema
      .createTable('ban')
      .addColumn('user', 'text', (column) => column.primaryKey().references('account.id'))
      .addColumn('by', 'text', (column) => column.notNull().references('account.id'))
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('reason', 'text')
      .addColumn('until', 'bigint')
      .execute()
    await db.schema
      .createTable('audit')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('by', 'text', (column) => column.notNull().references('account.id'))
      .addColumn('action', 'text', (column) => column.notNull())
      .addColumn('target', 'text')
      .addColumn('detail', 'text')
      .execute()
    await db.schema
      .createTable('invite')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('code_hash', 'text', (column) => column.notNull().unique())
      .addColumn('role', 'text', (column) => column.notNull())
      .addColumn('by', 'text', (column) => column.notNull().references('account.id'))
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .addColumn('uses', 'integer', (column) => column.notNull())
      .execute()
    await db.schema
      .createTable('reset')
      .addColumn('user', 'text', (column) => column.primaryKey().references('account.id'))
      .addColumn('code_hash', 'text', (column) => column.notNull().unique())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema.createIndex('audit_order').on('audit').columns(['at', 'id']).execute()
  },
}
