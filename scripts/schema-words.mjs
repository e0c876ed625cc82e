/** What the protocol's patterns mean; another one is shown as it is. */
const PATTERNS = {
  '^[^\\0\\p{Cs}]*$': 'no U+0000, no unpaired surrogate',
  '^(?!\\s)[^\\p{C}]+(?<!\\s)$': 'no control character, no space at either end',
  '\\S': 'not only white space',
  '^\\S+$': 'no white space',
}

/** A JSON Schema in a few words, for a table's cell. */
export function typeInWords(schema) {
  if (schema.$ref) {
    const shape = schema.$ref.slice('#/$defs/'.length)
    return `[${shape}](#shape-${shape.toLowerCase()})`
  }
  const alternatives = schema.anyOf ?? schema.oneOf
  if (alternatives) return alternatives.map(typeInWords).join(' or ')
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``
  if (schema.enum) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(' or ')
  if (schema.type === 'array') return `${most(schema.maxItems)}list of ${typeInWords(schema.items)}`
  if (schema.additionalProperties) return `map of string to ${typeInWords(schema.additionalProperties)}`
  if (schema.type === 'object') return 'object'
  if (schema.type === 'string') return [`string${lengths(schema)}`, ...patterns(schema)].join(', ')
  if (schema.type === undefined) return 'anything'
  return `${schema.type}${range(schema)}`
}

function most(count) {
  return count === undefined ? '' : `at most ${count}, `
}

function lengths({ minLength = 0, maxLength }) {
  if (maxLength === undefined) return minLength > 0 ? ` of at least ${minLength}` : ''
  return minLength > 0 ? ` of ${minLength}–${maxLength}` : ` of at most ${maxLength}`
}

function patterns({ pattern, allOf = [] }) {
  return [pattern, ...allOf.map((one) => one.pattern)].filter(Boolean).map((one) => PATTERNS[one] ?? `\`${one}\``)
}

function range({ minimum, maximum, exclusiveMaximum }) {
  const last = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum
  if (exclusiveMaximum !== undefined) return ` ≥ ${minimum}, < ${power(exclusiveMaximum)}`
  if (last !== undefined) return ` ${minimum}–${last}`
  return minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? '' : ` ≥ ${minimum}`
}

function power(value) {
  const exponent = Math.log2(value)
  return Number.isInteger(exponent) ? `2^${exponent}` : String(value)
}
