import type { ServerCase } from '../server-case.ts'
import { ackCases } from './acks.ts'
import { authCases } from './auth.ts'
import { channelCases } from './channels.ts'
import { connectionCases } from './connection.ts'
import { controlCases } from './control.ts'
import { deliveryCases } from './delivery.ts'
import { drainCases } from './drain.ts'
import { historyCases } from './history.ts'
import { httpCases } from './http.ts'
import { limitCases } from './limits.ts'
import { logCases } from './log.ts'
import { malformedCases } from './malformed.ts'
import { mediaCases } from './media.ts'
import { messageCases } from './messages.ts'
import { probeCases } from './probes.ts'
import { recordingCases } from './recording.ts'
import { resumingCases } from './resuming.ts'
import { sessionCases } from './sessions.ts'
import { trackCases } from './tracks.ts'
import { voiceCases } from './voice.ts'

/** Every case for a server, in the order of PROTOCOL.md as far as can be. */
export const serverCases: readonly ServerCase[] = [
  ...connectionCases,
  ...controlCases,
  ...malformedCases,
  ...authCases,
  ...sessionCases,
  ...resumingCases,
  ...channelCases,
  ...logCases,
  ...messageCases,
  ...historyCases,
  ...voiceCases,
  ...trackCases,
  ...recordingCases,
  ...ackCases,
  ...mediaCases,
  ...probeCases,
  ...deliveryCases,
  ...httpCases,
  ...limitCases,
  ...drainCases,
]
