import type { ClientCase } from '../case.ts'
import { changeCases } from './changes.ts'
import { closingCases } from './closing.ts'
import { connectionCases } from './connection.ts'
import { controlCases } from './control.ts'
import { historyCases } from './history.ts'
import { messageCases } from './messages.ts'
import { presenceCases } from './presence.ts'
import { probeCases } from './probes.ts'
import { readingCases } from './reading.ts'
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
  ...changeCases,
  ...readingCases,
  ...presenceCases,
  ...historyCases,
  ...voiceCases,
  ...probeCases,
]
