import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { events } from '../src/protocol/events.ts'
import { requests } from '../src/protocol/requests.ts'
import { type JsonSchema, schemaFields } from './schema-fields.ts'
import { shapeNames } from './shapes.ts'

type Descriptions = Readonly<Record<string, string>>

/** What the vectors say of types and shapes; the rest of them is examples. */
interface Described {
  readonly requests: Readonly<
    Record<string, { summary: string; fields: { request: Descriptions; reply: Descriptions } }>
  >
  readonly events: Readonly<Record<string, { summary: string; fields: Descriptions }>>
  readonly shapes: Readonly<Record<string, { summary: string; fields: Descriptions }>>
}

/**
 * Every schema of the protocol as a JSON Schema (2020-12) that stands alone, by its file name without `.json`. Unknown
 * fields are allowed in all of them.
 */
export function jsonSchemas(vectorFolder: string): Record<string, JsonSchema> {
  const described = readDescriptions(vectorFolder)
  const schemas: Record<string, JsonSchema> = {}
  const add = (name: string, schema: z.ZodMiniType, summary = '', fields: Descriptions = {}): void => {
    const { $schema, ...rest } = toJson(schema)
    describeFields(rest, fields)
    for (const [shape, definition] of Object.entries(rest.$defs ?? {})) {
      definition.description = described.shapes[shape]?.summary ?? ''
      describeFields(definition, described.shapes[shape]?.fields ?? {})
    }
    schemas[name] = { $schema, $id: `urn:arclight:v1:${name}`, title: name, description: summary, ...rest }
  }
  for (const [type, { request, reply }] of Object.entries(requests)) {
    const { summary, fields } = described.requests[type] ?? {}
    add(`${type}.request`, request, summary, fields?.request)
    add(`${type}.reply`, reply, `The reply to ${type}.`, fields?.reply)
  }
  for (const [type, schema] of Object.entries(events)) {
    const { summary, fields } = described.events[type] ?? {}
    add(`${type}.event`, schema, summary, fields)
  }
  return schemas
}

function toJson(schema: z.ZodMiniType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'throw', metadata: shapeNames }) as JsonSchema
}

function describeFields(schema: JsonSchema, descriptions: Descriptions): void {
  for (const field of schemaFields(schema)) {
    const description = descriptions[field.path]
    if (description !== undefined) field.schema.description = description
  }
}

function readDescriptions(folder: string): Described {
  const read = (file: string): Described => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Described
  const files = readdirSync(join(folder, 'messages')).map((file) => read(`messages/${file}`))
  return {
    requests: Object.assign({}, ...files.map((file) => file.requests)) as Described['requests'],
    events: Object.assign({}, ...files.map((file) => file.events)) as Described['events'],
    shapes: read('shapes.json').shapes,
  }
}
