/** The part of JSON Schema that the protocol's schemas come out as. */
export interface JsonSchema {
  [keyword: string]: unknown
  $ref?: string
  description?: string
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  additionalProperties?: JsonSchema
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  $defs?: Record<string, JsonSchema>
}

/** A field of a schema. `path`: `a.b`, `list[].c`, `map.*.d`. Those of a named shape are the shape's own. */
export interface SchemaField {
  readonly path: string
  readonly schema: JsonSchema
  readonly required: boolean
}

/** Every field of a schema, outer ones first; a field that several alternatives have comes once for each. */
export function schemaFields(schema: JsonSchema, at = ''): SchemaField[] {
  const { properties = {}, required = [], items, additionalProperties, anyOf = [], oneOf = [] } = schema
  const own = Object.entries(properties).flatMap(([name, field]) => {
    const path = at === '' ? name : `${at}.${name}`
    return [{ path, schema: field, required: required.includes(name) }, ...schemaFields(field, path)]
  })
  const alternatives = [...anyOf, ...oneOf].flatMap((alternative) => schemaFields(alternative, at))
  const inItems = items ? schemaFields(items, `${at}[]`) : []
  const inMap = additionalProperties ? schemaFields(additionalProperties, `${at}.*`) : []
  return [...own, ...alternatives, ...inItems, ...inMap]
}
