import type { ServerCase } from '../server-case.ts'
import { ackCases } from './acks.ts'
import { authCases } from './auth.ts'
import { blockCases } from './blocks.ts'
import { botCases } from './bots.ts'
import { channelChangeCases } from './channel-changes.ts'
import { channelCases } from './channels.ts'
import { connectionCases } from './connection.ts'
import { controlCases } from './control.ts'
import { deletionCases } from './deletion.ts'
import { deliveryCases } from './delivery.ts'
import { directCases } from './directs.ts'
import { drainCases } from './drain.ts'
import { editCases } from './edits.ts'
import { exportCases } from './export.ts'
import { fileCases } from './files.ts'
import { guestCases } from './guests.ts'
import { historyCases } from './history.ts'
import { httpCases } from './http.ts'
import { inviteCases } from './invites.ts'
import { limitCases } from './limits.ts'
import { logCases } from './log.ts'
import { malformedCases } from './malformed.ts'
import { mediaCases } from './media.ts'
import { memberCases } from './members.ts'
import { messageCases } from './messages.ts'
import { moderationCases } from './moderation.ts'
import { ownChannelCases } from './own-channels.ts'
import { permitCases } from './permits.ts'
import { presenceCases } from './presence.ts'
import { probeCases } from './probes.ts'
import { readCases } from './reads.ts'
import { recordingCases } from './recording.ts'
import { resumingCases } from './resuming.ts'
import { roleChangeCases } from './role-changes.ts'
import { roleCases } from './roles.ts'
import { secondFactorCases } from './second-factors.ts'
import { sessionCases } from './sessions.ts'
import { trackCases } from './tracks.ts'
import { uploadCases } from './uploads.ts'
import { userCases } from './users.ts'
import { voiceCases } from './voice.ts'
import { voiceModerationCases } from './voice-moderation.ts'
import { webhookCases } from './webhooks.ts'

/** Every case for a server, in the order of PROTOCOL.md as far as can be. */
export const serverCases: readonly ServerCase[] = [
  ...connectionCases,
  ...controlCases,
  ...malformedCases,
  ...authCases,
  ...sessionCases,
  ...guestCases,
  ...resumingCases,
  ...channelCases,
  ...ownChannelCases,
  ...channelChangeCases,
  ...memberCases,
  ...directCases,
  ...userCases,
  ...logCases,
  ...messageCases,
  ...historyCases,
  ...editCases,
  ...readCases,
  ...presenceCases,
  ...botCases,
  ...webhookCases,
  ...roleCases,
  ...roleChangeCases,
  ...permitCases,
  ...inviteCases,
  ...secondFactorCases,
  ...deletionCases,
  ...exportCases,
  ...moderationCases,
  ...voiceCases,
  ...voiceModerationCases,
  ...blockCases,
  ...trackCases,
  ...recordingCases,
  ...ackCases,
  ...mediaCases,
  ...probeCases,
  ...deliveryCases,
  ...httpCases,
  ...uploadCases,
  ...fileCases,
  ...limitCases,
  ...drainCases,
]
