import type * as z from 'zod/mini'
import { events } from '../../src/protocol/events.ts'
import { requests } from '../../src/protocol/requests.ts'
import { eventSamples, requestSamples } from './samples.ts'

/** A schema of the protocol, its name in a failure message, and data that fits it. */
export interface NamedSchema {
  readonly name: string
  readonly schema: z.ZodMiniType
  readonly sample: Readonly<Record<string, unknown>> | undefined
}

/** All that may stand in the `data` of an envelope. */
export const everySchema: readonly NamedSchema[] = [
  ...Object.entries(requests).flatMap(([type, { request, reply }]) => {
    const samples = lookUp(requestSamples, type)
    return [
      { name: `request ${type}`, schema: request, sample: samples?.request },
      { name: `reply ${type}`, schema: reply, sample: samples?.reply },
    ]
  }),
  ...Object.entries(events).map(([type, schema]) => ({
    name: `event ${type}`,
    schema,
    sample: lookUp(eventSamples, type),
  })),
]

function lookUp<Value>(samples: Readonly<Record<string, Value>>, type: string): Value | undefined {
  return samples[type]
}
