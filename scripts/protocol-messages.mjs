/** PROTOCOL.md's "Messages, one by one", from the JSON Schemas and the vectors. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { typeInWords } from './schema-words.mjs'

const read = (file) => JSON.parse(readFileSync(file, 'utf8'))

/** The markdown of all types, a section for each family, and of the shapes that they share. */
export function describeMessages({ schemas, vectors }) {
  const schema = (name) => read(join(schemas, `${name}.json`))
  const files = readdirSync(join(vectors, 'messages')).sort()
  const families = files.map((file) =>
    describeFamily(file.slice(0, -'.json'.length), read(join(vectors, 'messages', file)), schema),
  )
  const { shapes } = read(join(vectors, 'shapes.json'))
  return [
    ...families,
    describeShapes(
      shapes,
      readdirSync(schemas).map((file) => read(join(schemas, file))),
    ),
  ].join('\n\n')
}

function describeFamily(family, { requests, events }, schema) {
  return [
    `### ${family}`,
    ...Object.entries(requests).map(([type, vector]) => describeRequest(type, vector, schema)),
    ...Object.entries(events).map(([type, vector]) => describeEvent(type, vector, schema)),
  ].join('\n\n')
}

function describeRequest(type, { summary, authentication, capability, rules, errors, good }, schema) {
  const who = authentication === 'required' ? 'needs authentication' : 'authenticates'
  const [{ request, reply }] = good
  const example = frames([
    ['→', { id: 1, type, data: request }],
    ['←', { re: 1, data: reply }],
  ])
  return [
    `#### ${type}`,
    `${summary} *Request, client to server; ${who}; capability \`${capability}\`.* Rules: ${rules.join(', ')}.`,
    fieldTable('Request', schema(`${type}.request`)),
    fieldTable('Reply', schema(`${type}.reply`)),
    errorList(errors),
    example,
  ]
    .filter(Boolean)
    .join('\n\n')
}

function describeEvent(type, { summary, entry, rules, good }, schema) {
  const what = entry ? 'Entry of a channel’s log, server to client' : 'Event, server to client'
  const [{ data, channel, seq }] = good
  const position = entry ? { channel, seq } : {}
  return [
    `#### ${type}`,
    `${summary} *${what}.* Rules: ${rules.join(', ')}.`,
    fieldTable('Data', schema(`${type}.event`)),
    frames([['←', { type, ...position, data }]]),
  ].join('\n\n')
}

function describeShapes(shapes, schemas) {
  const definitions = Object.assign({}, ...schemas.map(({ $defs }) => $defs))
  const sections = Object.entries(shapes).map(([name, { summary }]) =>
    [`#### Shape ${name}`, summary, fieldTable('Fields', definitions[name])].filter(Boolean).join('\n\n'),
  )
  return ['### Shapes', 'Objects that several messages hold.', ...sections].join('\n\n')
}

function fieldTable(title, schema) {
  if (schema.$ref) return `${title}: ${typeInWords({ $ref: schema.$ref })}.`
  const rows = fieldRows(schema)
  if (rows.length === 0) return schema.properties ? `${title}: no fields, \`{}\`.` : ''
  const lines = rows.map(({ path, type, required, meaning }) => {
    return `| \`${path}\` | ${required ? '' : 'optional; '}${type} | ${meaning} |`
  })
  return [`| ${title} | type | meaning |`, '| --- | --- | --- |', ...lines].join('\n')
}

/** A row for each field, those inside it behind it; a field of several alternatives has one row. */
function fieldRows(schema, at = '', rows = new Map()) {
  const { properties = {}, required = [], items, additionalProperties, anyOf = [], oneOf = [] } = schema
  for (const [name, field] of Object.entries(properties)) {
    const path = at === '' ? name : `${at}.${name}`
    const known = rows.get(path)
    const row = { path, type: typeInWords(field), required: required.includes(name), meaning: field.description ?? '' }
    if (!known) rows.set(path, row)
    else if (!known.type.includes(row.type)) known.type += ` or ${row.type}`
    fieldRows(field, path, rows)
  }
  for (const alternative of [...anyOf, ...oneOf]) fieldRows(alternative, at, rows)
  if (items) fieldRows(items, `${at}[]`, rows)
  if (additionalProperties) fieldRows(additionalProperties, `${at}.*`, rows)
  return [...rows.values()]
}

function errorList(errors) {
  const lines = Object.entries(errors).map(([code, when]) => `- \`${code}\`: ${when}`)
  return lines.length > 0 ? ['Errors of its own:', '', ...lines].join('\n') : ''
}

function frames(list) {
  return ['```json', ...list.map(([arrow, frame]) => `${arrow} ${JSON.stringify(frame)}`), '```'].join('\n')
}
