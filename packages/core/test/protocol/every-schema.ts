import type * as z from 'zod/mini'
import { events } from '../../src/protocol/events.ts'
import { requests } from '../../src/protocol/requests.ts'
import {
  type BadVector,
  type EventVector,
  eventVectors,
  type RequestVector,
  requestVectors,
} from './message-vectors.ts'

/** A schema of the protocol with its vectors: data that fits it, and data that does not. */
export interface NamedSchema {
  /** In a failure message: `request message.send`. */
  readonly name: string
  /** Of its JSON Schema: `message.send.request`. */
  readonly file: string
  readonly schema: z.ZodMiniType
  readonly fields: Readonly<Record<string, string | undefined>>
  readonly good: readonly unknown[]
  readonly bad: readonly (BadVector & { readonly data: unknown })[]
}

const NO_VECTORS = { good: [], bad: [] }

/** All that may stand in the `data` of an envelope. A type without vectors has none here. */
export const everySchema: readonly NamedSchema[] = [
  ...Object.entries(requests).flatMap(([type, { request, reply }]) => {
    const vector = (requestVectors as Readonly<Record<string, RequestVector | undefined>>)[type]
    const { good, bad } = vector ?? NO_VECTORS
    return [
      {
        name: `request ${type}`,
        file: `${type}.request`,
        schema: request,
        fields: vector?.fields.request ?? {},
        good: good.map((example) => example.request),
        bad: bad.map((example) => ({ ...example, data: example.request })),
      },
      {
        name: `reply ${type}`,
        file: `${type}.reply`,
        schema: reply,
        fields: vector?.fields.reply ?? {},
        good: good.map((example) => example.reply),
        bad: [],
      },
    ]
  }),
  ...Object.entries(events).map(([type, schema]) => {
    const vector = (eventVectors as Readonly<Record<string, EventVector | undefined>>)[type]
    const { good, bad } = vector ?? NO_VECTORS
    const name = { name: `event ${type}`, file: `${type}.event` }
    return { ...name, schema, fields: vector?.fields ?? {}, good: good.map(({ data }) => data), bad }
  }),
]
