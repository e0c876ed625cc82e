/** Sizes, counts and times that both ends keep. `session.hello` carries those that a client needs. */
export const LIMITS = {
  /** Bytes of one text frame; the largest legal request is a 4,000-character message, 16 kB in UTF-8 with escapes. */
  controlBytes: 65_536,
  /** Bytes of one binary frame, header included; a 4K key frame at a high rate fits. */
  mediaBytes: 1_048_576,
  /** UTF-16 code units of a message's text. */
  messageText: 4_000,
  /** UTF-16 code units of a channel's topic. */
  topic: 1_000,
  /** Users that a message mentions. */
  mentions: 50,
  /** Code units of an emoji. */
  emoji: 32,
  /** Different emoji under one message. */
  reactions: 20,
  /** Users that a reaction names; the rest are only counted. */
  reactionUsers: 10,
  /** Pinned messages of a channel. */
  pins: 50,
  /** Milliseconds between two messages of one author in a slow channel, at most. */
  slowModeMs: 21_600_000,
  /** Channels of a server that are not direct. */
  channels: 1_000,
  /** Members of a direct channel. */
  directMembers: 10,
  /** Members of a private channel. */
  channelMembers: 10_000,
  /** Code units of a search. */
  searchQuery: 200,
  /** Users that a reply to `presence.watch` names. */
  presentUsers: 500,
  /** How long a user counts as there whose last connection is gone. */
  presenceAbsenceMs: 10_000,
  /** How long somebody types who says nothing more of it. */
  typingMs: 6_000,
  /** Users that a `typing.changed` names. */
  typingUsers: 10,
  /** Invites of a server that still work. */
  invites: 1_000,
  /** Accounts that one invite makes, at most. */
  inviteUses: 1_000,
  /** How long an invite works, at most. */
  inviteMs: 90 * 86_400_000,
  /** How long a code works that resets a password. */
  resetMs: 86_400_000,
  /** Recovery codes of a user. */
  recoveryCodes: 10,
  /** Roles of a server, those that it always has among them. */
  roles: 100,
  /** Permits of a channel. */
  permits: 200,
  /** Bans that `ban.list` names: the newest. */
  bansListed: 1_000,
  /** Users that one user blocks. */
  blocks: 1_000,
  /** Bots of a server. */
  bots: 100,
  /** Webhooks of a server. */
  webhooks: 100,
  /** Code units of a webhook's URL. */
  webhookUrl: 2_000,
  /** Bytes of what an `in` webhook takes. */
  webhookBytes: 65_536,
  /** How long a webhook's receiver may take. */
  webhookMs: 10_000,
  /** A hook of the server's application has so long for one request. */
  hookMs: 5_000,
  /** Files of a message. */
  attachments: 10,
  /** UTF-16 code units of a file's name. */
  fileName: 255,
  /** Bytes of an upload. */
  uploadBytes: 256 * 1_048_576,
  /** Bytes of a user's files and uploads. */
  uploadQuotaBytes: 4_096 * 1_048_576,
  /** Unfinished uploads of a user. */
  uploads: 20,
  /** How long an upload may take that is not finished. */
  unfinishedMs: 86_400_000,
  /** How long a file is kept that no message and no avatar is. */
  unusedMs: 86_400_000,
  /** Pixels of a picture that is looked into. */
  picturePixels: 100_000_000,
  /** How long looking into a picture may take. */
  pictureMs: 20_000,
  /** Pixels of an avatar's side. */
  avatarSide: 512,
  /** Pixels of a thumbnail's longer side. */
  thumbnailSide: 640,
  /** Messages in a history page, entries in a log page. */
  page: 100,
  /** Messages in a history page that names no limit. */
  pageDefault: 50,
  /** Channels that one session listens to. */
  joinedChannels: 500,
  /** Tracks that one connection publishes at a time. */
  tracks: 16,
  /** Requests of one connection that wait for their reply at a time. */
  pendingRequests: 256,
  /** Text or binary frames that are not what they should be, in a connection's life, before it closes. */
  malformedFrames: 10,
  /** Fields that the answer to a request that does not fit names. */
  issues: 20,
  /** From the upgrade to a successful authentication. */
  authenticationMs: 10_000,
  /** A client gives up waiting for a reply. */
  requestMs: 10_000,
  /** Between two probes where media flows, at least. */
  probeMediaMs: 50,
  /** Between two probes of a session in a voice channel. */
  probeVoiceMs: 5_000,
  /** Between two probes of any other session. */
  probeIdleMs: 10_000,
  /** Queue delay over the minimum round trip past which no media leaves. */
  gateSlackMs: 100,
  /** Media kept for a listener whose gate is shut. */
  gateKeepMs: 100,
  /** Between two acks of a track of a recording. */
  ackMs: 100,
  /** How long a recording waits for its recorder to come back. */
  recordingAbsenceMs: 30_000,
  /** What a client keeps of a recording past `stored`: time, and bytes over all tracks. */
  keptFramesMs: 30_000,
  keptFramesBytes: 16 * 1_048_576,
  /** A client waits this long for a recording to become playable. */
  stopMs: 60_000,
  /** How long a link works. */
  linkMs: 600_000,
  /** Recordings of one user at a time. */
  recordings: 2,
  /** Recordings in a list: the newest. */
  recordingsListed: 500,
  /** How long a dropped connection's voice place is kept. */
  voiceAbsenceMs: 15_000,
  /** A drain waits this long for the requests under way. */
  drainMs: 5_000,
  /** A session that is not used this long is over. */
  sessionMs: 30 * 86_400_000,
  /** A guest's session that is not used this long is over, and the guest with it. */
  guestSessionMs: 86_400_000,
  /** Sessions of one user: past it the one that was used least recently ends. */
  sessions: 100,
  /** Before a track number is given out again. */
  trackQuarantineMs: 60_000,
  /** Connections of one user. */
  connectionsPerUser: 20,
  /** Connections of one address; of an IPv6 address, of its /64. */
  connectionsPerAddress: 256,
  /** Of those, the ones that have not authenticated. */
  strangersPerAddress: 64,
  /** Connections of a server. */
  connections: 10_000,
  /** Rates that a server counts at a time, each of one user or address and one type; past it the one least used is forgotten. */
  rateBuckets: 50_000,
} as const

/** The part of {@link LIMITS} that `session.hello` announces. */
export type AnnouncedLimits = Pick<
  typeof LIMITS,
  'controlBytes' | 'mediaBytes' | 'messageText' | 'page' | 'joinedChannels' | 'tracks' | 'pendingRequests'
>
