import { type RequestType, requests } from '@arclight/core/protocol'
import * as z from 'zod/mini'

/** The part of a JSON Schema that the protocol's requests use. */
interface Schema {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly minimum?: number
  readonly maximum?: number
}

/** What makes a value likely to mean something: by the name of its field. */
export type Known = Readonly<Record<string, readonly unknown[]>>

/** A request as it is sent, without its id. */
export interface RandomRequest {
  readonly type: string
  readonly data: unknown
}

const TYPES = Object.keys(requests) as RequestType[]
const SCHEMAS = new Map<string, Schema>(
  TYPES.map((type) => [
    type,
    z.toJSONSchema(requests[type].request, { io: 'input', unrepresentable: 'any' }) as Schema,
  ]),
)
/** Texts that something somewhere may trip over. */
const TEXTS = [
  '',
  ' ',
  'a',
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  "'; DROP TABLE message; --",
  '\u0000',
  '\ud800',
  '\u202e\u2028',
  '弧光 🎙️',
  '%00%2e%2e',
  '-1',
  'x'.repeat(64),
  'x'.repeat(65),
  'x'.repeat(4_001),
  'é'.repeat(4_000),
]
const NUMBERS = [0, -0, 1, -1, 0.5, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, -(2 ** 53), 1e21, 1e308, 65_535, 65_536]
const ODD: readonly unknown[] = [null, true, false, [], {}, [[]], [null], { length: 1e9 }, ...NUMBERS, ...TEXTS]

/** Makes requests of the protocol's types, some of them as they should be and most of them nearly so. */
export class RandomRequests {
  readonly #random: () => number
  readonly #known: () => Known
  readonly #without: readonly string[]

  /** `without` are types that are never made. */
  constructor(options: { random: () => number; known: () => Known; without?: readonly string[] }) {
    this.#random = options.random
    this.#known = options.known
    this.#without = options.without ?? []
  }

  next(): RandomRequest {
    if (this.#chance(0.03))
      return { type: this.#one([...TEXTS, 'message.create', 'hasOwnProperty']) as string, data: this.#one(ODD) }
    const type = this.#one(TYPES.filter((one) => !this.#without.includes(one)))
    const valid = this.#value(SCHEMAS.get(type) ?? {}, type)
    return { type, data: this.#chance(0.4) ? valid : this.#mutated(valid) }
  }

  #value(schema: Schema, name: string): unknown {
    const known = this.#known()[name]
    if (known && known.length > 0 && this.#chance(0.85)) return this.#one(known)
    const choices = schema.anyOf ?? schema.oneOf
    if (choices) return this.#value(this.#one(choices), name)
    if (schema.const !== undefined) return schema.const
    if (schema.enum) return this.#one(schema.enum)
    switch (schema.type) {
      case 'object':
        return this.#object(schema)
      case 'array':
        return Array.from({ length: Math.floor(this.#random() * 4) }, () => this.#value(schema.items ?? {}, name))
      case 'integer':
      case 'number':
        return this.#number(schema)
      case 'boolean':
        return this.#chance(0.5)
      case 'string':
        return this.#chance(0.7) ? `${name} ${Math.floor(this.#random() * 1_000)}` : this.#one(TEXTS)
      default:
        return this.#one(ODD)
    }
  }

  #object({ properties = {}, required = [], additionalProperties }: Schema): unknown {
    const entries = Object.entries(properties)
      .filter(([key]) => required.includes(key) || this.#chance(0.5))
      .map(([key, schema]) => [key, this.#value(schema, key)])
    if (typeof additionalProperties === 'object') {
      const keys = [...((this.#known()['channel'] ?? []) as string[]), 'nowhere'].filter(() => this.#chance(0.5))
      for (const key of keys) entries.push([key, this.#value(additionalProperties, 'entry')])
    }
    return Object.fromEntries(entries)
  }

  #number({ minimum = 0, maximum = 1_000 }: Schema): number {
    if (this.#chance(0.1)) return this.#one(NUMBERS)
    return minimum + Math.floor(this.#random() * (Math.min(maximum, minimum + 1_000) - minimum + 1))
  }

  /** One thing somewhere in it is another. */
  #mutated(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || this.#chance(0.15)) return this.#one(ODD)
    if (Array.isArray(value)) {
      if (value.length === 0 || this.#chance(0.3))
        return [...value, ...Array(this.#one([1, 17, 600])).fill(this.#one(ODD))]
      const at = Math.floor(this.#random() * value.length)
      return value.with(at, this.#mutated(value[at]))
    }
    const keys = Object.keys(value)
    const copy: Record<string, unknown> = { ...value }
    const key = keys.length > 0 ? this.#one(keys) : 'more'
    if (this.#chance(0.25)) delete copy[key]
    else if (this.#chance(0.3)) copy[this.#one(['more', '__proto__x', 'constructor', 'id', 're'])] = this.#one(ODD)
    else copy[key] = this.#mutated(copy[key])
    return copy
  }

  #chance(probability: number): boolean {
    return this.#random() < probability
  }

  #one<Value>(from: readonly Value[]): Value {
    return from[Math.floor(this.#random() * from.length)] as Value
  }
}
