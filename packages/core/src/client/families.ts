import type { StandardSchemaV1 as Schema } from '@standard-schema/spec'
import type { Family } from '../protocol/family.ts'

/** The application's own messages, by their names on the wire: what comes is checked before the application sees it. */
export class Families {
  readonly #replies = new Map<string, Schema>()
  readonly #events = new Map<string, Schema>()

  constructor(families: readonly Family[]) {
    for (const { name, requests, events } of families) {
      for (const [type, { reply }] of Object.entries(requests)) this.#replies.set(`${name}.${type}`, reply)
      for (const [type, data] of Object.entries(events)) this.#events.set(`${name}.${type}`, data)
    }
  }

  /** A reply's data as its schema says. Rejects with TypeError; what is not a family's passes. */
  async reply(type: string, data: unknown): Promise<unknown> {
    const schema = this.#replies.get(type)
    return schema ? checked(`the reply to ${type}`, await schema['~standard'].validate(data)) : data
  }

  /** Gives an event's data to `emit`, or to `fault` what is wrong with it. */
  async event(type: string, data: unknown, give: { emit(data: unknown): void; fault(error: unknown): void }) {
    const schema = this.#events.get(type)
    if (!schema) return
    const result = schema['~standard'].validate(data)
    try {
      // A schema that answers at once keeps the order in which events came.
      give.emit(checked(`the event ${type}`, result instanceof Promise ? await result : result))
    } catch (error) {
      give.fault(error)
    }
  }
}

function checked(what: string, result: Schema.Result<unknown>): unknown {
  if (!result.issues) return result.value
  throw new TypeError(`${what} does not fit its schema: ${result.issues.map(({ message }) => message).join('; ')}`)
}
