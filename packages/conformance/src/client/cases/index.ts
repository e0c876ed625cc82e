import type { ClientCase } from '../case.ts'
import { closingCases } from './closing.ts'
import { connectionCases } from './connection.ts'
import { controlCases } from './control.ts'
import { messageCases } from './messages.ts'
import { probeCases } from './probes.ts'
import { resumingCases } from './resuming.ts'
import { sessionCases } from './session.ts'
import { voiceCases } from './voice.ts'

/** Every case, in the order of PROTOCOL.md. */
export const clientCases: readonly ClientCase[] = [
  ...connectionCases,
  ...controlCases,
  ...closingCases,
  ...sessionCases,
  ...resumingCases,
  ...messageCases,
  ...voiceCases,
  ...probeCases,
]
