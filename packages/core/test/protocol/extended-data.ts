import type { JsonSchema } from '../../build/schema-fields.ts'

/** A field that no schema has. */
const FROM_THE_FUTURE = { fromTheFuture: { is: ['here'] } }

/** The data with a field that nobody knows in every object in it; `isMap` tells objects whose keys are data. */
export function withUnknownFields(value: unknown, isMap: (path: string) => boolean, path = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => withUnknownFields(item, isMap, `${path}[]`))
  if (typeof value !== 'object' || value === null) return value
  const map = isMap(path)
  const fields = Object.entries(value).map(([name, field]) => {
    const under = map ? `${path}.*` : path === '' ? name : `${path}.${name}`
    return [name, withUnknownFields(field, isMap, under)]
  })
  return map ? Object.fromEntries(fields) : { ...Object.fromEntries(fields), ...FROM_THE_FUTURE }
}

/** The paths of a JSON Schema's maps, its named shapes followed. */
export function mapPaths(schema: JsonSchema, defs: Record<string, JsonSchema> = schema.$defs ?? {}, at = ''): string[] {
  const { $ref, properties = {}, items, additionalProperties, anyOf = [], oneOf = [] } = schema
  const shape = $ref === undefined ? undefined : defs[$ref.slice('#/$defs/'.length)]
  const follow = (under: JsonSchema, path: string): string[] => mapPaths(under, defs, path)
  return [
    ...(shape ? follow(shape, at) : []),
    ...Object.entries(properties).flatMap(([name, field]) => follow(field, at === '' ? name : `${at}.${name}`)),
    ...[...anyOf, ...oneOf].flatMap((alternative) => follow(alternative, at)),
    ...(items ? follow(items, `${at}[]`) : []),
    ...(additionalProperties ? [at, ...follow(additionalProperties, `${at}.*`)] : []),
  ]
}
