export type { Authenticated, SessionSummary } from './auth.ts'
export { CAPABILITIES, type Capability } from './capabilities.ts'
export type { ChannelSummary, Cursor, ListedChannel } from './channel.ts'
export { CLOSE, mayReconnect } from './close-codes.ts'
export {
  type EventEnvelope,
  parseRequest,
  parseServerEnvelope,
  type ReplyEnvelope,
  type RequestEnvelope,
  type ServerEnvelope,
} from './envelope.ts'
export { type EventData, type EventType, events } from './events.ts'
export {
  type Asked,
  defineFamily,
  type Family,
  type FamilyCall,
  type FamilyEvents,
  type FamilyHandlers,
  type FamilyRequest,
  type FamilyRequestOf,
  type FamilyRequestType,
  type HandledFamily,
  type Recipients,
} from './family.ts'
export type { Attachment } from './file.ts'
export type { Invite } from './invite.ts'
export { type AnnouncedLimits, LIMITS } from './limits.ts'
export { ENTRY_TYPES, type LogEntry } from './log.ts'
export type { HistoryPage, Message, Reaction } from './message.ts'
export type { AuditEntry, Ban } from './moderation.ts'
export {
  CHANNEL_PERMISSIONS,
  type ChannelPermission,
  PERMISSIONS,
  type Permission,
} from './permission.ts'
export type { Permit } from './permit.ts'
export type { PresenceStatus, UserPresence } from './presence.ts'
export { RATES, type Rate, type RateName } from './rates.ts'
export type { ReadMarker } from './read.ts'
export type { RecordingSummary, TrackAck } from './recording.ts'
export { type ReplyData, type RequestData, type RequestType, requests } from './requests.ts'
export { BUILT_IN_ROLES, type Role } from './role.ts'
export type { SessionGoaway, SessionHello } from './session.ts'
export { SUBPROTOCOL } from './subprotocol.ts'
export type { AudioFormat, MediaFormat, TrackDeclaration, TrackSummary, VideoFormat } from './track.ts'
export { type Account, type UserSummary, userName } from './user.ts'
export { validate } from './validate.ts'
export type { VoiceMember } from './voice.ts'
export type { WebhookSummary } from './webhook.ts'
