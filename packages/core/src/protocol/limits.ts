/** Sizes, counts and times that both ends keep. `session.hello` carries those that a client needs. */
export const LIMITS = {
  /** Bytes of one text frame; the largest legal request is a 4,000-character message, 16 kB in UTF-8 with escapes. */
  controlBytes: 65_536,
  /** Bytes of one binary frame, header included; a 4K key frame at a high rate fits. */
  mediaBytes: 1_048_576,
  /** UTF-16 code units of a message's text. */
  messageText: 4_000,
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
