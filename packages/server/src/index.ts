export type { Claim } from './accounts/claim.ts'
export { fsBlobs } from './adapters/blobs/fs.ts'
export { memoryStorage, sqliteStorage } from './adapters/storage/sqlite/index.ts'
export type {
  FamilyHookRequest,
  Hook,
  HookedType,
  HookRequest,
  HookRequestOf,
  HooksByType,
} from './application/hook.ts'
export type { ServerChannel, ServerChannelChange, ServerMessage } from './application/server-channel.ts'
export type { ServerChannels } from './application/server-channels.ts'
export type { ConnectionCounts, ConnectionLimitsOption } from './limits/connection-limits.ts'
export type { RateLimits } from './limits/rate-limiter.ts'
export type { Logger } from './log.ts'
export { Refusal, refuse } from './refusal.ts'
export { createServer, Server } from './server.ts'
export type { ServerEvents, ServerOptions, ServerStats } from './server-options.ts'
export type { Socket, SocketHandler } from './socket.ts'
