import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import type * as z from 'zod/mini'
import { jsonSchemas } from '../../build/json-schemas.ts'
import type { JsonSchema } from '../../build/schema-fields.ts'
import { everySchema } from './every-schema.ts'
import { mapPaths, withUnknownFields } from './extended-data.ts'
import { tableUnder } from './protocol-text.ts'
import { VECTORS } from './vector-folder.ts'

const json = jsonSchemas(VECTORS)
const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: true })

test('every schema of the protocol comes out as one JSON Schema with an id of its own', () => {
  expect(Object.keys(json).sort()).toEqual(everySchema.map(({ file }) => file).sort())
  for (const [name, { $id, title }] of Object.entries(json)) {
    expect([$id, title]).toEqual([`urn:arclight:v1:${name}`, name])
  }
})

test.for(everySchema)('another validator says the same of the vectors: $name', ({ file, good, bad }) => {
  const check = ajv.compile(json[file] as JsonSchema)
  for (const data of good) expect(check(data), JSON.stringify(check.errors)).toBe(true)
  for (const { meaning, data, notInJsonSchema = false, beyondSchema } of bad) {
    expect(check(data), meaning).toBe(notInJsonSchema || beyondSchema !== undefined)
  }
})

test.for(everySchema)('[MSG-3] another validator lets unknown fields pass at every depth: $name', ({ file, good }) => {
  const schema = json[file] as JsonSchema
  const maps = new Set(mapPaths(schema))
  const check = ajv.compile({ ...schema, $id: `${schema.$id}:extended` })
  for (const data of good) {
    const extended = withUnknownFields(data, (path) => maps.has(path))
    expect(check(extended), JSON.stringify(check.errors)).toBe(true)
  }
})

/** Where a schema of the sources has a check in code, as `file path`. */
function refinements(schema: z.core.$ZodType, at: string): string[] {
  const { checks = [], ...def } = schema._zod.def as z.core.$ZodTypeDef & Readonly<Record<string, unknown>>
  const own = checks.some((check) => check._zod.def.check === 'custom') ? [at] : []
  const inner = (under: unknown, path: string): string[] => refinements(under as z.core.$ZodType, path)
  const join = (name: string): string => (at.endsWith(' ') ? at + name : `${at}.${name}`)
  return [
    ...own,
    ...Object.entries((def.shape ?? {}) as object).flatMap(([name, field]) => inner(field, join(name))),
    ...((def.options ?? []) as unknown[]).flatMap((option) => inner(option, at)),
    ...(def.element ? inner(def.element, `${at}[]`) : []),
    ...(def.valueType ? inner(def.valueType, `${at}.*`) : []),
    ...(def.innerType ? inner(def.innerType, at) : []),
  ]
}

test('PROTOCOL.md lists exactly the checks that JSON Schema cannot say', () => {
  const found = everySchema.flatMap(({ schema, file }) => refinements(schema, `${file} `))
  const listed = tableUnder('### JSON Schemas').map(([schema, field]) => `${schema} ${field}`.replaceAll('`', ''))
  const what = 'the table under "JSON Schemas" in PROTOCOL.md against the checks in code'
  expect(listed.sort(), what).toEqual([...new Set(found)].sort())
})
