import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import { jsonSchemas } from '../../build/json-schemas.ts'
import { type JsonSchema, schemaFields } from '../../build/schema-fields.ts'
import { everySchema } from './every-schema.ts'
import { mapPaths, withUnknownFields } from './extended-data.ts'
import { VECTORS } from './vector-folder.ts'

const json = jsonSchemas(VECTORS)

function extended(file: string, data: unknown): unknown {
  const maps = new Set(mapPaths(json[file] as JsonSchema))
  return withUnknownFields(data, (path) => maps.has(path))
}

/** The data's own fields, by the paths of the schema; shapes are looked into too. */
function without(data: unknown, field: string): unknown {
  const { [field]: _left, ...rest } = data as Record<string, unknown>
  return rest
}

/** The fields at the top of a schema, a shape's where it is one. */
function topFields(file: string): { path: string; required: boolean }[] {
  const schema = json[file] as JsonSchema
  const shape = schema.$ref && schema.$defs?.[schema.$ref.slice('#/$defs/'.length)]
  return schemaFields(shape || schema).filter(({ path }) => !/[.[]/.test(path))
}

test('every good example fits its schema and comes through unchanged', () => {
  for (const { name, schema, good } of everySchema) {
    for (const data of good) expect(z.parse(schema, data), name).toEqual(data)
  }
})

test('[MSG-4] every bad example is refused, at the field that is at fault', () => {
  for (const { name, schema, bad } of everySchema) {
    for (const { meaning, data, path, beyondSchema } of bad) {
      const { success, error } = z.safeParse(schema, data)
      expect(success, `${name}: ${meaning}`).toBe(beyondSchema !== undefined)
      const paths = error?.issues.map((issue) => issue.path.join('.')) ?? [path]
      expect(paths, `${name}: ${meaning}`).toContain(path)
    }
  }
})

test('[MSG-3] a field that no schema knows passes every schema, at every depth', () => {
  for (const { name, file, schema, good } of everySchema) {
    for (const data of good) {
      expect(extended(file, data), name).not.toEqual(data)
      expect(z.safeParse(schema, extended(file, data)), name).toMatchObject({ success: true })
    }
  }
})

test('[MSG-3] what is known is read the same with unknown fields around it', () => {
  for (const { name, file, schema, good } of everySchema) {
    for (const data of good) expect(z.parse(schema, extended(file, data)), name).toEqual(data)
  }
})

test('no schema takes data with a required field missing, and every optional field may be left out', () => {
  for (const { name, file, schema, good } of everySchema) {
    for (const { path, required } of topFields(file)) {
      for (const data of good) {
        if (!(path in (data as object))) continue
        const accepted = z.safeParse(schema, without(data, path)).success
        expect(accepted, `${name} without ${path}`).toBe(!required)
      }
    }
  }
})

test('[RES-1][RES-4] a resume answers "gone" for a channel, and for voice', () => {
  const replies = everySchema.find(({ file }) => file === 'session.resume.reply')?.good ?? []
  expect(replies).toContainEqual(expect.objectContaining({ channels: expect.objectContaining({ old: 'gone' }) }))
  expect(replies).toContainEqual(expect.objectContaining({ voice: 'gone' }))
})
